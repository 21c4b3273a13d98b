using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Those that another function of the magnitudes is the sum of.</summary>
internal static partial class CancelingTerms
{
    /// <summary>
    /// Of sums of products, one of each factor, and their gradients, which are such sums too: the same sums of the magnitudes. A relative
    /// change of u of every factor changes a sum by that times u for each; directions drawn at random show less where two factors of a
    /// product happen to move against each other.
    /// </summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfProducts(
        NumberOperand[] operands, Func<Tensor[], Tensor> function) => (values, cotangent, _) =>
        new FunctionCase(operands, function).Evaluate(Device.Reference, Array.ConvertAll(values, Magnitudes), _ => Magnitudes(cotangent));

    /// <summary>
    /// Of the gradient of a variance, g · 2 (x − mean) / n, and of its root, over 2 of that: for an element near the mean a difference of
    /// x and the sum of all x / n, each as large as it is from the common offset. They are added up in the gradient of the sum of the mean
    /// of squares and the square of the mean, of magnitudes.
    /// </summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfSpread(
        NumberOperand[] operands, Axes axes, bool isRoot) => (values, cotangent, expected) =>
    {
        double center = operands[0].Center;
        double[] distances = Array.ConvertAll(values[0], value => Math.Abs(value - center));
        double[] gradient = [.. cotangent.Select((g, i) => Math.Abs(isRoot ? expected[0]![i] == 0 ? 0 : g / (2 * expected[0]![i]) : g))];
        var terms = new FunctionCase(operands, x => x[0].Square().Mean(axes) + x[0].Mean(axes).Square())
            .Evaluate(Device.Reference, [distances], _ => gradient);
        return [null, terms[1]];
    };

    /// <summary>
    /// Of a ratio to a power, in a gradient: of the roundings of the quotient, of the norm that divides, and of the root in that, each of
    /// at most u, a power makes as many as its exponent says.
    /// </summary>
    public static Func<double[][], double[], double[]?[], double[]?[]> OfPower(double exponent) => (values, cotangent, expected) =>
        [null, Array.ConvertAll(expected[1]!, gradient => 3 * Math.Abs(exponent * gradient) / NumberCheck.Relative)];

    private static double[] Magnitudes(double[] values) => Array.ConvertAll(values, Math.Abs);
}
