using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The sizes of terms that cancel whatever the operands are: see <see cref="NumberCase.Terms"/>.</summary>
internal static partial class CancelingTerms
{
    // 2⁻¹²⁶.
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>
    /// Of derivatives that read a saturated output y, in which 1 − y cancels, times the operand to a power: off by some roundings at 1.
    /// </summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfSaturation(int power = 0) => (values, cotangent, expected) =>
    {
        double factor = Math.Pow(Math.Max(1, values.Max(Largest)), power), term = 0.25 * Largest(cotangent) * factor;
        var terms = Gradients(expected, gradient => term * Math.Max(1, cotangent.Length / gradient.Length));

        // A sigmoid that is no normal float any more, times a large number.
        terms[0] = Array.ConvertAll(expected[0]!, _ => power == 0 ? 0 : 1e-31 * factor);
        return terms;
    };

    /// <summary>
    /// Of normalizations with weight and bias: the result is a sum with the bias; in the gradient of the operand its projections are taken
    /// out, which of two numbers, or of one that is far from all others, leaves nearly nothing. What is weighted is a float: below the
    /// smallest normal one it has fewer digits. The gradient of a weight is the sum of its products with gradients.
    /// </summary>
    /// <param name="shape">The shape of the operand.</param>
    /// <param name="setOf">The index of the mean and variance of an element.</param>
    /// <param name="channelOf">The index of the weight and bias of an element.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="isCentered">Whether a mean is taken out.</param>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfNormalization(
        Shape shape, Func<int, int> setOf, Func<int, int> channelOf, double epsilon, bool isCentered) => (values, cotangent, expected) =>
    {
        double[] x = values[0];
        var (means, deviations) = Moments(x, setOf, epsilon, isCentered);
        double slope = Largest(cotangent) * (values.Length > 1 ? Largest(values[1]) : 1);
        var terms = new double[]?[expected.Length];
        terms[0] = new double[x.Length];
        terms[1] = new double[x.Length];
        Each(i => terms[0]![i] = Factor(1, i, 1) * SmallestNormal + Factor(2, i, 0));
        Each(i => terms[1]![i] = slope / deviations[i]);
        if (values.Length > 1 && expected[2] is not null)
        {
            terms[2] = new double[values[1].Length];
            Each(i => terms[2]![channelOf(i)] += Math.Abs(cotangent[i]) * Math.Max(1, Normal(i)));
        }

        return terms;

        double Normal(int i) => Math.Abs(x[i] - means[i]) / deviations[i];

        double Factor(int operand, int i, double absent) =>
            values.Length > operand ? Math.Abs(values[operand][channelOf(i)]) : absent;

        void Each(Action<int> action)
        {
            for (int i = 0; i < x.Length; i++)
            {
                action(i);
            }
        }
    };

    /// <summary>For each element what a normalization takes from it, and what it then divides by.</summary>
    public static (double[] Means, double[] Deviations) Moments(double[] x, Func<int, int> setOf, double epsilon, bool isCentered)
    {
        double[] means = new double[x.Length], squares = new double[x.Length], counts = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (means[setOf(i)], counts[setOf(i)]) = (means[setOf(i)] + (isCentered ? x[i] : 0), counts[setOf(i)] + 1);
        }

        means = [.. x.Select((_, i) => means[setOf(i)] / counts[setOf(i)])];
        for (int i = 0; i < x.Length; i++)
        {
            squares[setOf(i)] += Math.Pow(x[i] - means[i], 2) / counts[setOf(i)];
        }

        return (means, [.. x.Select((_, i) => Math.Sqrt(squares[setOf(i)] + epsilon))]);
    }

    /// <summary>Of the sine of a product: rounding it is all there is to an angle of many turns.</summary>
    public static double[]?[] OfAngle(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double all = Largest(values[0]) * values.Skip(1).Max(Largest) > 1e5 ? double.PositiveInfinity : 0;
        return [.. expected.Select(numbers => numbers is null ? null : Array.ConvertAll(numbers, _ => all))];
    }

    /// <summary>Of e^x, which its gradient reads: where that is no float, the gradient says nothing.</summary>
    public static double[]?[] OfExponential(double[][] values, double[] cotangent, double[]?[] expected) =>
        [null, Array.ConvertAll(values[0], x => Math.Exp(x) > float.MaxValue ? double.PositiveInfinity : 0)];

    /// <summary>Of stairs: near the edge of a step the other one may come.</summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfStairs(double step) => (values, cotangent, expected) =>
    {
        var terms = OfSaturation()(values, cotangent, expected);
        terms[0] = Array.ConvertAll(expected[0]!, _ => step / (NumberCheck.Relative * NumberCheck.Unit));
        return terms;
    };

    /// <summary>Of 1 − cos, and of its gradients, from which the part along the operand is taken out.</summary>
    public static double[]?[] OfCosine(double[][] values, double[] cotangent, double[]?[] expected)
    {
        var terms = new double[]?[expected.Length];
        terms[0] = Array.ConvertAll(expected[0]!, _ => 1.0);
        int rows = values[2].Length, columns = values[0].Length / rows;
        for (int operand = 0; operand < 2; operand++)
        {
            double[] x = values[operand];
            terms[1 + operand] = [.. x.Select((_, i) => Largest(cotangent) / Norm(x.AsSpan(i / columns * columns, columns)))];
        }

        return terms;
    }

    /// <summary>
    /// Of attention: the gradients of scores add up to 0, so that where one weight is nearly 1 they cancel. Scores so large that their
    /// rounding shows in a weight say nothing.
    /// </summary>
    public static double[]?[] OfAttention(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double query = Largest(values[0]), key = Largest(values[1]), ofScore = Largest(cotangent) * Largest(values[2]);
        double all = values[0].Length * query * key * NumberCheck.Unit > 1e-3 ? double.PositiveInfinity : 0;
        double[] term = [all, all + ofScore * key, all + ofScore * query, all];
        return [.. expected.Select((numbers, i) => numbers is null ? null : Array.ConvertAll(numbers, _ => term[i]))];
    }

    /// <summary>
    /// Of a x + b sin(c x), of x, a, b, c: where the rounding of c x shows in its sine, a result says nothing. What c x loses where it is
    /// no normal float may be made large by b, and what the gradient of the sine loses, by x and c; it may also overflow.
    /// </summary>
    public static double[]?[] OfAngles(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double angle = Largest(values[0]) * Largest(values[3]), height = Largest(values[2]);
        bool saysNothing = angle * NumberCheck.Unit > 1e-3 || Largest(cotangent) * height > float.MaxValue;
        double all = saysNothing ? double.PositiveInfinity : 0, lost = 1e-38 * (Largest(values[0]) + Largest(values[3]));
        var terms = Gradients(expected, _ => all + lost);
        terms[0] = Array.ConvertAll(expected[0]!, _ => all + 1e-38 * height);
        return terms;
    }

    /// <summary>Of a gate that is no normal float any more, times a large number.</summary>
    public static double[]?[] OfGate(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double term = 1e-32 * Largest(values[0]);
        var terms = Gradients(expected, _ => term * Largest(cotangent));
        terms[0] = Array.ConvertAll(expected[0]!, _ => term);
        return terms;
    }

    /// <summary>
    /// Of e^x − t x + t ln t − t, which cancel where the rate is right. Where e^x is no float, neither it nor its gradient says anything.
    /// </summary>
    public static double[]?[] OfPoisson(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double[] x = values[0], t = values[1], sizes = [.. x.Select((value, i) => t[i] * (Math.Abs(value) + Math.Abs(Math.Log(t[i])) + 1))];
        var terms = new double[]?[expected.Length];
        terms[0] = expected[0]!.Length == x.Length ? sizes : Array.ConvertAll(expected[0]!, _ => sizes.Sum());
        terms[1] = OfExponential(values, cotangent, expected)[1];
        return terms;
    }

    /// <summary>
    /// Of differences of distances, and of directions, in rows. Where two of the three distances differ by a rounding, or by that and the
    /// margin 1, it decides by chance which of them counts, and whether any does.
    /// </summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfDistances(int columns) => (values, cotangent, expected) =>
    {
        var terms = Gradients(expected, _ => Largest(cotangent));
        double distance = values.Sum(x => Norm(x));
        terms[0] = Array.ConvertAll(expected[0]!, _ => distance);
        for (int row = 0; row < values[0].Length; row += columns)
        {
            double ofPositive = Between(0, 1), ofNegative = Between(0, 2), ofBoth = Between(1, 2);
            if (IsNear(ofPositive + 1, ofNegative) || IsNear(ofPositive + 1, ofBoth) || IsNear(ofNegative, ofBoth))
            {
                foreach (double[]? gradient in terms.Skip(1))
                {
                    gradient?.AsSpan(row, columns).Fill(double.PositiveInfinity);
                }
            }

            double Between(int a, int b) => Norm([.. values[a].Skip(row).Take(columns).Zip(values[b].Skip(row), (p, q) => p - q)]);
        }

        return terms;
    };

    private static double[]?[] Gradients(double[]?[] expected, Func<double[], double> term) =>
        [.. expected.Select((numbers, i) => i == 0 || numbers is null ? null : Array.ConvertAll(numbers, _ => term(numbers)))];

    private static bool IsNear(double a, double b) => Math.Abs(a - b) <= NumberCheck.Relative * NumberCheck.Unit * (a + b);

    private static double Largest(double[] values) => values.Select(Math.Abs).Where(double.IsFinite).Append(0).Max();

    private static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
