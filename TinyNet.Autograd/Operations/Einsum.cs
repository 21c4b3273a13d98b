using TinyNet.Core;

namespace TinyNet.Autograd;

public static partial class MatrixProducts
{
    extension(Tensor)
    {
        /// <summary>
        /// Sums of products in Einstein's notation, as <c>"bhqd,bhkd->bhqk"</c>: each operand's axes are named by letters; what
        /// does not stand behind the arrow is summed over. Without an arrow the result has the letters that occur once, in
        /// alphabetical order. A letter that repeats within an operand takes its diagonal; <c>...</c> stands for any further
        /// axes, which broadcast and come first without an arrow. An axis of size 1 broadcasts.
        /// </summary>
        /// <exception cref="TensorException">The equation is malformed, or names another number of operands.</exception>
        /// <exception cref="ShapeException">The equation does not fit the shapes.</exception>
        public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
        {
            ArgumentNullException.ThrowIfNull(equation);
            foreach (var operand in operands)
            {
                Operation.Check("Einsum", operands[0], operand);
            }

            var (inputs, output) = Parse(equation, operands);
            var sizes = Sizes(equation, inputs, operands);
            if (output.Distinct().Count() != output.Length || output.Any(letter => !sizes.ContainsKey(letter)))
            {
                throw Malformed(equation, "the result must name axes of the operands, each once");
            }

            var (result, letters) = Prepare(operands[0], inputs[0], sizes);
            (result, letters) = SumExcept(result, letters, string.Concat(inputs[1..]) + output);
            for (int i = 1; i < operands.Length; i++)
            {
                var (next, nextLetters) = Prepare(operands[i], inputs[i], sizes);
                string kept = string.Concat(inputs[(i + 1)..]) + output;
                (result, letters) = SumExcept(result, letters, nextLetters + kept);
                (next, nextLetters) = SumExcept(next, nextLetters, letters + kept);
                (result, letters) = Contract(equation, result, letters, next, nextLetters, kept);
            }

            return Arrange(result, letters, output);
        }
    }

    private static TensorException Malformed(string equation, string problem) =>
        new("Einsum", $"\"{equation}\": {problem}",
            "write one letter an axis, operands separated by commas, as in \"ij,jk->ik\" or \"...ij,...jk->...ik\"");

    private static ShapeException Misfit(string equation, string problem) =>
        new("Einsum", $"\"{equation}\": {problem}",
            "write one letter an axis, or \"...\" for any further ones; axes of one letter have one size, or 1");

    /// <summary>
    /// One letter for every axis of every operand and of the result; the axes of an ellipsis are digits, 0 the last of them.
    /// </summary>
    private static (string[] Inputs, string Output) Parse(string equation, ReadOnlySpan<Tensor> operands)
    {
        string text = equation.Replace(" ", "", StringComparison.Ordinal);
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        string[] inputs = (arrow < 0 ? text : text[..arrow]).Split(',');
        if (inputs.Length != operands.Length || operands.Length == 0)
        {
            throw Malformed(equation, $"it names {inputs.Length} operands, {operands.Length} were given");
        }

        string widest = "";
        for (int i = 0; i < inputs.Length; i++)
        {
            string letters = inputs[i].Replace("...", "", StringComparison.Ordinal);
            int further = inputs[i].Contains("...", StringComparison.Ordinal) ? operands[i].Rank - letters.Length : 0;
            if (further < 0 || letters.Length + further != operands[i].Rank)
            {
                throw Misfit(equation, $"\"{inputs[i]}\" names {letters.Length} axes, the operand has shape {operands[i].Shape}");
            }

            string digits = "76543210"[^further..];
            widest = digits.Length > widest.Length ? digits : widest;
            inputs[i] = Expand(equation, inputs[i], digits);
        }

        var byLetter = string.Concat(inputs).Where(char.IsAsciiLetter).GroupBy(letter => letter);
        string once = string.Concat(byLetter.Where(group => group.Count() == 1).Select(group => group.Key).Order());
        return (inputs, arrow < 0 ? widest + once : Expand(equation, text[(arrow + 2)..], widest));
    }

    private static string Expand(string equation, string part, string digits)
    {
        int ellipsis = part.IndexOf("...", StringComparison.Ordinal);
        string letters = ellipsis < 0 ? part : part.Remove(ellipsis, 3);
        foreach (char letter in letters)
        {
            if (!char.IsAsciiLetter(letter))
            {
                throw Malformed(equation, $"'{letter}' is no letter");
            }
        }

        return ellipsis < 0 ? part : letters.Insert(ellipsis, digits);
    }

    /// <summary>The size that every letter stands for; 1 where it is 1 in every operand.</summary>
    private static Dictionary<char, int> Sizes(string equation, string[] inputs, ReadOnlySpan<Tensor> operands)
    {
        var sizes = new Dictionary<char, int>();
        for (int i = 0; i < inputs.Length; i++)
        {
            for (int axis = 0; axis < inputs[i].Length; axis++)
            {
                int size = operands[i].Shape[axis], other = sizes.GetValueOrDefault(inputs[i][axis], 1);
                bool isRepeat = inputs[i].IndexOf(inputs[i][axis], StringComparison.Ordinal) is var first && first < axis
                    && operands[i].Shape[first] != size;
                if (isRepeat || (size != 1 && other != 1 && size != other))
                {
                    throw Misfit(equation, $"'{inputs[i][axis]}' has sizes {(isRepeat ? operands[i].Shape[first] : other)} and {size}");
                }

                sizes[inputs[i][axis]] = size == 1 ? other : size;
            }
        }

        return sizes;
    }

    /// <summary>Takes diagonals, and leaves out axes of size 1 that broadcast.</summary>
    private static (Tensor, string) Prepare(Tensor x, string letters, Dictionary<char, int> sizes)
    {
        (x, letters) = WithoutRepeats(x, letters);
        for (int axis = letters.Length - 1; axis >= 0; axis--)
        {
            if (x.Shape[axis] != sizes[letters[axis]])
            {
                (x, letters) = (x.Squeeze(axis), letters.Remove(axis, 1));
            }
        }

        return (x, letters);
    }

    private static (Tensor, string) WithoutRepeats(Tensor x, string letters)
    {
        for (int axis = 0; axis < letters.Length; axis++)
        {
            int repeat = letters.IndexOf(letters[axis], axis + 1);
            if (repeat >= 0)
            {
                return WithoutRepeats(x.Diagonal(axis, repeat), letters.Remove(repeat, 1));
            }
        }

        return (x, letters);
    }

    private static (Tensor, string) SumExcept(Tensor x, string letters, string kept)
    {
        int[] summed = [.. Enumerable.Range(0, letters.Length).Where(axis => !kept.Contains(letters[axis], StringComparison.Ordinal))];
        return summed.Length == 0
            ? (x, letters)
            : (x.Sum(new Axes(summed)), string.Concat(letters.Where(letter => kept.Contains(letter, StringComparison.Ordinal))));
    }

    /// <summary>One batched matrix product [shared kept | only a] · [shared summed] · [only b].</summary>
    private static (Tensor, string) Contract(string equation, Tensor a, string lettersA, Tensor b, string lettersB, string kept)
    {
        string shared = string.Concat(lettersA.Where(letter => lettersB.Contains(letter, StringComparison.Ordinal)));
        string batch = string.Concat(shared.Where(letter => kept.Contains(letter, StringComparison.Ordinal)));
        string summed = string.Concat(shared.Except(batch));
        string rows = string.Concat(lettersA.Except(shared)), columns = string.Concat(lettersB.Except(shared));
        string letters = batch + rows + columns;
        if (letters.Length > Shape.MaxRank)
        {
            throw new ShapeException("Einsum",
                $"\"{equation}\": operands of shapes {a.Shape} ({lettersA}) and {b.Shape} ({lettersB}) make one with {letters.Length} axes",
                $"a tensor has at most {Shape.MaxRank} axes, and operands are multiplied in their order: put those first that share axes "
                + "which are summed over");
        }

        var left = Arrange(a, lettersA, batch + rows + summed).Reshape(Size(batch), Size(rows), Size(summed));
        var right = Arrange(b, lettersB, batch + summed + columns).Reshape(Size(batch), Size(summed), Size(columns));
        return (left.MatMul(right).Reshape(Sizes(letters)), letters);

        int SizeOf(char letter) => lettersA.Contains(letter, StringComparison.Ordinal)
            ? a.Shape[lettersA.IndexOf(letter, StringComparison.Ordinal)]
            : b.Shape[lettersB.IndexOf(letter, StringComparison.Ordinal)];

        int[] Sizes(string some) => [.. some.Select(SizeOf)];

        int Size(string some) => Sizes(some).Aggregate(1, (product, size) => Shape.Product(product, size, "Einsum"));
    }

    private static Tensor Arrange(Tensor x, string letters, string order) =>
        letters == order ? x : x.Permute([.. order.Select(letter => letters.IndexOf(letter, StringComparison.Ordinal))]);
}
