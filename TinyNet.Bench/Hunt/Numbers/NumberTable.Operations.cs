using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

internal static partial class NumberTable
{
    private static IEnumerable<NumberRow> Elementwise()
    {
        (string Subject, Func<Tensor, Tensor> Function, bool LeavesDomain)[] ofOne =
        [
            ("Abs", x => x.Abs(), false), ("Ceiling", x => x.Ceiling(), false), ("Clamp", x => x.Clamp(-0.8f, 3), false),
            ("Cos", x => x.Cos(), false), ("Erf", x => x.Erf(), false), ("Exp", x => x.Exp(), false),
            ("Expm1", x => x.Expm1(), false), ("Floor", x => x.Floor(), false), ("Log", x => x.Log(), true),
            ("Log1p", x => x.Log1p(), true), ("Reciprocal", x => x.Reciprocal(), false),
            ("ReciprocalSqrt", x => x.ReciprocalSqrt(), true), ("Round", x => x.Round(), false),
            ("Sigmoid", x => x.Sigmoid(), false), ("Sign", x => x.Sign(), false), ("Sin", x => x.Sin(), false),
            ("Sqrt", x => x.Sqrt(), true), ("Square", x => x.Square(), false), ("Tanh", x => x.Tanh(), false),
            ("op_UnaryNegation", x => -x, false),
        ];
        foreach (var (subject, function, leavesDomain) in ofOne)
        {
            yield return new(subject, draw => new FunctionCase([draw.Of(draw.AnyShape())], x => function(x[0]))
            {
                LeavesDomain = leavesDomain,
                SmoothUpTo = subject is "Sin" or "Cos" ? 1000 : double.PositiveInfinity,
                HasOwnGradient = subject is "Round" or "Floor" or "Ceiling" or "Sign",
                Terms = subject is "Sigmoid" or "Tanh" ? CancelingTerms.OfSaturation()
                    : subject is "Exp" or "Expm1" ? CancelingTerms.OfExponential
                    : null,
            });
        }

        (string Subject, Func<Tensor, float, Tensor> Function)[] withNumber =
        [
            ("Pow(Single)", (x, number) => x.Pow(number)), ("op_Addition(Tensor, Single)", (x, number) => x + number),
            ("op_Addition(Single, Tensor)", (x, number) => number + x), ("op_Subtraction(Tensor, Single)", (x, number) => x - number),
            ("op_Subtraction(Single, Tensor)", (x, number) => number - x), ("op_Multiply(Tensor, Single)", (x, number) => x * number),
            ("op_Multiply(Single, Tensor)", (x, number) => number * x), ("op_Division(Tensor, Single)", (x, number) => x / number),
            ("op_Division(Single, Tensor)", (x, number) => number / x), ("Pow(Single, Tensor)", (x, number) => number.Pow(x)),
            ("Maximum(Single)", (x, number) => x.Maximum(number)), ("Minimum(Single)", (x, number) => x.Minimum(number)),
            ("IsEqual(Single)", (x, number) => x.IsEqual(number)), ("IsNotEqual(Single)", (x, number) => x.IsNotEqual(number)),
            ("IsLess(Single)", (x, number) => x.IsLess(number)), ("IsLessOrEqual(Single)", (x, number) => x.IsLessOrEqual(number)),
            ("IsGreater(Single)", (x, number) => x.IsGreater(number)),
            ("IsGreaterOrEqual(Single)", (x, number) => x.IsGreaterOrEqual(number)),
        ];
        foreach (var (subject, function) in withNumber)
        {
            yield return new(subject, draw =>
            {
                float number = draw.OneOf(0.5f, 2, 3, -1, -0.5f, 7.3f, 1e-20f, 1e20f, -1e30f);
                return new FunctionCase([draw.Of(draw.AnyShape())], x => function(x[0], number)) { LeavesDomain = true };
            });
        }

        (string Subject, Func<Tensor, Tensor, Tensor> Function)[] ofTwo =
        [
            ("op_Addition(Tensor, Tensor)", (a, b) => a + b), ("op_Subtraction(Tensor, Tensor)", (a, b) => a - b),
            ("op_Multiply(Tensor, Tensor)", (a, b) => a * b), ("op_Division(Tensor, Tensor)", (a, b) => a / b),
            ("Pow(Tensor)", (a, b) => a.Pow(b)), ("Maximum(Tensor)", (a, b) => a.Maximum(b)), ("Minimum(Tensor)", (a, b) => a.Minimum(b)),
            ("IsEqual(Tensor)", (a, b) => a.IsEqual(b)), ("IsNotEqual(Tensor)", (a, b) => a.IsNotEqual(b)),
            ("IsLess(Tensor)", (a, b) => a.IsLess(b)), ("IsLessOrEqual(Tensor)", (a, b) => a.IsLessOrEqual(b)),
            ("IsGreater(Tensor)", (a, b) => a.IsGreater(b)), ("IsGreaterOrEqual(Tensor)", (a, b) => a.IsGreaterOrEqual(b)),
        ];
        foreach (var (subject, function) in ofTwo)
        {
            yield return new(subject, draw =>
            {
                Shape a = draw.Rows(), b = draw.OneIn(2) ? a : draw.OneIn(2) ? [a[1]] : [];
                return new FunctionCase([draw.Of(a), draw.Of(b)], x => function(x[0], x[1])) { LeavesDomain = true };
            });
        }

        (string Subject, Func<Tensor[], Tensor> Function)[] choices =
        [
            ("Where(Tensor, Tensor)", x => Tensor.Where(x[0], x[1], x[2])), ("Where(Tensor, Single)", x => Tensor.Where(x[0], x[1], 3)),
            ("Where(Single, Tensor)", x => Tensor.Where(x[0], 3, x[1])),
        ];
        foreach (var (subject, function) in choices)
        {
            yield return Row(
                subject,
                draw => draw.Rows() is var shape ? [draw.Of(shape, Domain.Flag, hasGradient: false), draw.Of(shape), draw.Of(shape)] : [],
                function);
        }

        yield return Row(
            "MaskedFill",
            draw => draw.Rows() is var shape ? [draw.Of(shape), draw.Of(shape, Domain.Flag, hasGradient: false)] : [],
            x => x[0].MaskedFill(x[1], 3));
        yield return Row("Dropout", draw => [draw.Of(draw.Rows())], x => x[0].Dropout(0.4f, new RandomStream(3)));
        yield return Row("AlphaDropout", draw => [draw.Of(draw.Rows())], x => x[0].AlphaDropout(0.4f, new RandomStream(3)));
        yield return Row("SpatialDropout", draw => [draw.Of([3, 2, draw.Size()])], x => x[0].SpatialDropout(0.4f, new RandomStream(3)));
        yield return Row("Pad", draw => [draw.Of(draw.Rows())], x => x[0].Pad([1, 2], PaddingMode.Replicate));
        yield return Row("Repeat", draw => [draw.Of(draw.Rows())], x => x[0].Repeat(3, 2));
    }

    private static IEnumerable<NumberRow> Reductions()
    {
        (string Subject, Func<Tensor, Axes, Tensor> Function)[] plain =
        [
            ("Sum", (x, axes) => x.Sum(axes)), ("Mean", (x, axes) => x.Mean(axes)), ("Product", (x, axes) => x.Product(axes)),
            ("Max", (x, axes) => x.Max(axes)), ("Min", (x, axes) => x.Min(axes)), ("LogSumExp", (x, axes) => x.LogSumExp(axes)),
            ("Variance", (x, axes) => x.Variance(axes, unbiased: false)),
            ("StandardDeviation", (x, axes) => x.StandardDeviation(axes, unbiased: false)),
            ("MaxWithIndices", (x, _) => x.MaxWithIndices(-1).Values), ("MinWithIndices", (x, _) => x.MinWithIndices(-1).Values),
            ("Sort", (x, _) => x.Sort().Values), ("TopK", (x, _) => x.TopK(1 + x.Shape[^1] / 2).Values),
            ("CumulativeSum", (x, _) => x.CumulativeSum(-1)), ("Softmax", (x, _) => x.Softmax()), ("LogSoftmax", (x, _) => x.LogSoftmax()),
        ];
        foreach (var (subject, function) in plain)
        {
            yield return new(subject, draw =>
            {
                int axis = draw.Below(3) - 1;
                Axes axes = draw.OneIn(5) ? default : axis;
                Shape shape = draw.OneIn(4) ? [1 + draw.Below(3), 2, draw.Size()] : draw.Rows();
                NumberOperand[] operands = [draw.Of(shape)];
                return new FunctionCase(operands, x => function(x[0], axes))
                {
                    Terms = subject is "Softmax" or "LogSoftmax" ? CancelingTerms.OfSaturation()
                        : subject is "Variance" or "StandardDeviation"
                        ? CancelingTerms.OfSpread(operands, axes, isRoot: subject != "Variance")
                        : null,
                };
            });
        }

        yield return new("Norm", draw =>
        {
            double p = draw.OneOf(0, 1, 2, 2, 2, 3, 0.5, -1, 10, 100, double.PositiveInfinity, double.NegativeInfinity);
            return new FunctionCase([draw.Of(draw.Rows())], x => x[0].Norm(p, -1))
            {
                LeavesDomain = p is < 1,
                Terms = double.IsFinite(p) ? CancelingTerms.OfPower(p - 1) : null,
            };
        });
        yield return new("CrossEntropy", draw =>
        {
            var shape = draw.Rows();
            var labels = draw.Labels([shape[0]], shape[1]);
            return new FunctionCase([draw.Of(shape)], x => x[0].CrossEntropy(labels)) { Terms = CancelingTerms.OfSaturation() };
        });
        yield return new("MaskedMean", draw =>
        {
            int steps = draw.Size();
            var lengths = draw.Labels([3], steps + 1);
            return new FunctionCase([draw.Of([3, steps, 2])], x => x[0].MaskedMean(lengths));
        });
    }

    private static IEnumerable<NumberRow> Products()
    {
        yield return new("MatMul", draw =>
        {
            int depth = draw.OneIn(20) ? 1 + draw.Below(20000) : draw.Size();
            int columns = draw.OneOf(1, 1, 3, 17);
            return Product([draw.Of([1 + draw.Below(9), depth]), draw.Of([depth, columns])], x => x[0].MatMul(x[1]));
        });
        yield return new("Linear", draw =>
        {
            int depth = draw.Size(), columns = draw.Size();
            return Product(
                [draw.Of([1 + draw.Below(9), depth]), draw.Of([depth, columns]), draw.Of([columns])],
                x => x[0].Linear(x[1], x[2]));
        });
        yield return new("Outer", draw => Product([draw.Of([draw.Size()]), draw.Of([draw.Size()])], x => x[0].Outer(x[1])));
        yield return new("Einsum", draw =>
        {
            int depth = draw.Size();
            return Product([draw.Of([2, 3, depth]), draw.Of([2, 4, depth])], x => Tensor.Einsum("bid,bjd->bij", x));
        });
        yield return Attention("Attention", (x, isCausal) => x[0].Attention(x[1], x[2], isCausal: isCausal));
        yield return Attention("AttentionWithWeights", (x, isCausal) => x[0].AttentionWithWeights(x[1], x[2], isCausal: isCausal).Output);
        yield return new("IndexSelect", draw => Picked(draw, (x, index) => x[0].IndexSelect(0, index.Reshape([index.Length]))));
        yield return new("Gather", draw => Picked(draw, (x, index) => x[0].Gather(0, index)));
        yield return new("Embed", draw => Picked(draw, (x, index) => x[0].Embed(index)));
        yield return new("ScatterAdd", draw => Picked(draw, (x, index) => x[0].ScatterAdd(0, index, x[1])));
    }

    /// <summary>Sums of products, one of each factor.</summary>
    private static FunctionCase Product(NumberOperand[] operands, Func<Tensor[], Tensor> function) =>
        new(operands, function) { Terms = CancelingTerms.OfProducts(operands, function) };

    private static NumberRow Attention(string subject, Func<Tensor[], bool, Tensor> function) => new(subject, draw =>
    {
        int depth = draw.OneOf(1, 4, 16), keys = draw.Size();
        bool isCausal = draw.OneIn(2);
        return new FunctionCase(
            [draw.Of([2, draw.Size(), depth]), draw.Of([2, keys, depth]), draw.Of([2, keys, 3])],
            x => function(x, isCausal))
        {
            // The gradients of scores add up to 0, but not exactly: an offset of the keys or the values comes through.
            ForgivesOffset = true,
            Terms = CancelingTerms.OfAttention,
        };
    });

    /// <summary>Elements [rows, columns] picked by indices [picks, columns], and terms of their shape.</summary>
    private static FunctionCase Picked(Draw draw, Func<Tensor[], IndexTensor, Tensor> function)
    {
        int rows = draw.Size(), columns = 1 + draw.Below(5), picks = draw.Size();
        var index = draw.Labels([picks, columns], rows);
        return new FunctionCase([draw.Of([rows, columns]), draw.Of([picks, columns])], x => function(x, index));
    }

    private static IEnumerable<NumberRow> Images()
    {
        WindowAxis three = new(3, 1, 1, 1, 1), two = new(2, 2);
        Window dense = new(three, three), halves = new(two, two);
        yield return new("Convolve", draw =>
        {
            int channels = draw.OneOf(1, 2, 16, 17), outputs = draw.OneOf(1, 3, 16, 33);
            return Product(
                [draw.Of([1, channels, 1 + draw.Below(9), 6]), draw.Of([3, 3, channels, outputs]), draw.Of([outputs])],
                x => x[0].Convolve(x[1], x[2], dense));
        });
        yield return new("ConvolveTransposed", draw => Product(
            [draw.Of([1, 3, 4, 5]), draw.Of([2, 2, 2, 3]), draw.Of([2])],
            x => x[0].ConvolveTransposed(x[1], x[2], halves)));
        (string Subject, Func<Tensor, Tensor> Function)[] pools =
        [
            ("MaxPool", x => x.MaxPool(dense)), ("AveragePool", x => x.AveragePool(dense)),
            ("AdaptiveMaxPool", x => x.AdaptiveMaxPool(3, 2)), ("AdaptiveAveragePool", x => x.AdaptiveAveragePool(3, 2)),
            ("Resize(Int32, Int32, Interpolation, Boolean)", x => x.Resize(7, 3, Interpolation.Linear)),
            ("Resize(Double, Interpolation, Boolean)", x => x.Resize(1.7, Interpolation.Linear)),
        ];
        foreach (var (subject, function) in pools)
        {
            yield return Row(subject, draw => [draw.Of([1, draw.OneOf(1, 3, 17), 1 + draw.Below(7), 5])], x => function(x[0]));
        }
    }
}
