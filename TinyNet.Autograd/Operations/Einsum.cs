using TinyNet.Core;

namespace TinyNet.Autograd;

public static partial class MatrixProducts
{
    extension(Tensor)
    {
        /// <summary>
        /// Sums of products in Einstein's notation, as <c>"bhqd,bhkd->bhqk"</c>: each operand's axes are named by letters; what
        /// does not stand behind the arrow is summed over. Without an arrow the result has the letters that occur once, in
        /// alphabetical order. A letter that repeats within an operand takes its diagonal.
        /// </summary>
        /// <exception cref="ShapeException">The equation is malformed or does not fit the shapes.</exception>
        public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
        {
            ArgumentNullException.ThrowIfNull(equation);
            string text = equation.Replace(" ", "", StringComparison.Ordinal);
            int arrow = text.IndexOf("->", StringComparison.Ordinal);
            string[] inputs = (arrow < 0 ? text : text[..arrow]).Split(',');
            if (inputs.Length != operands.Length || operands.Length == 0)
            {
                throw Malformed(equation, $"it names {inputs.Length} operands, {operands.Length} were given");
            }

            foreach (char letter in string.Concat(inputs) + (arrow < 0 ? "" : text[(arrow + 2)..]))
            {
                if (!char.IsAsciiLetter(letter))
                {
                    throw Malformed(equation, $"'{letter}' is no letter");
                }
            }

            string output = arrow < 0
                ? string.Concat(string.Concat(inputs).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order())
                : text[(arrow + 2)..];
            EnsureSizes(equation, inputs, output, operands);

            var (result, letters) = WithoutRepeats(operands[0], inputs[0]);
            (result, letters) = SumExcept(result, letters, string.Concat(inputs[1..]) + output);
            for (int i = 1; i < operands.Length; i++)
            {
                var (next, nextLetters) = WithoutRepeats(operands[i], inputs[i]);
                string kept = string.Concat(inputs[(i + 1)..]) + output;
                (next, nextLetters) = SumExcept(next, nextLetters, letters + kept);
                (result, letters) = Contract(result, letters, next, nextLetters, kept);
            }

            return Arrange(result, letters, output);
        }
    }

    private static ShapeException Malformed(string equation, string problem) =>
        new("Einsum", $"\"{equation}\": {problem}", "write one letter an axis, operands separated by commas, as in \"ij,jk->ik\"");

    private static void EnsureSizes(string equation, string[] inputs, string output, ReadOnlySpan<Tensor> operands)
    {
        var sizes = new Dictionary<char, int>();
        for (int i = 0; i < inputs.Length; i++)
        {
            Operation.Check("Einsum", operands[i]);
            if (inputs[i].Length != operands[i].Rank)
            {
                throw Malformed(equation, $"\"{inputs[i]}\" names {inputs[i].Length} axes, the operand has shape {operands[i].Shape}");
            }

            for (int axis = 0; axis < inputs[i].Length; axis++)
            {
                int size = operands[i].Shape[axis];
                if (sizes.TryGetValue(inputs[i][axis], out int other) && other != size)
                {
                    throw Malformed(equation, $"'{inputs[i][axis]}' has sizes {other} and {size}");
                }

                sizes[inputs[i][axis]] = size;
            }
        }

        if (output.Distinct().Count() != output.Length || output.Any(letter => !sizes.ContainsKey(letter)))
        {
            throw Malformed(equation, $"the result \"{output}\" must name axes of the operands, each once");
        }
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
        return summed.Length == 0 ? (x, letters) : (x.Sum(new Axes(summed)), string.Concat(letters.Where(letter => kept.Contains(letter, StringComparison.Ordinal))));
    }

    /// <summary>One batched matrix product [shared kept | only a] · [shared summed] · [only b].</summary>
    private static (Tensor, string) Contract(Tensor a, string lettersA, Tensor b, string lettersB, string kept)
    {
        string shared = string.Concat(lettersA.Where(letter => lettersB.Contains(letter, StringComparison.Ordinal)));
        string batch = string.Concat(shared.Where(letter => kept.Contains(letter, StringComparison.Ordinal)));
        string summed = string.Concat(shared.Except(batch)), rows = string.Concat(lettersA.Except(shared)), columns = string.Concat(lettersB.Except(shared));
        int[] Sizes(string letters) => [.. letters.Select(letter => lettersA.Contains(letter, StringComparison.Ordinal) ? a.Shape[lettersA.IndexOf(letter, StringComparison.Ordinal)] : b.Shape[lettersB.IndexOf(letter, StringComparison.Ordinal)])];
        int Size(string letters) => Sizes(letters).Aggregate(1, (product, size) => product * size);

        var left = Arrange(a, lettersA, batch + rows + summed).Reshape(Size(batch), Size(rows), Size(summed));
        var right = Arrange(b, lettersB, batch + summed + columns).Reshape(Size(batch), Size(summed), Size(columns));
        string letters = batch + rows + columns;
        return (left.MatMul(right).Reshape(Sizes(letters)), letters);
    }

    private static Tensor Arrange(Tensor x, string letters, string order) =>
        letters == order ? x : x.Permute([.. order.Select(letter => letters.IndexOf(letter, StringComparison.Ordinal))]);
}
