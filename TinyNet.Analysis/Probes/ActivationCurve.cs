using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>
/// A function f of one number over a range, with its derivative f' by automatic differentiation. Parameters, modes and random streams of a
/// module are as before.
/// </summary>
public sealed class ActivationCurve
{
    /// <summary>Below which |f'| a gradient counts as vanishing where nothing else is said.</summary>
    public const double DefaultThreshold = 0.01;

    // A slope of 0.01 in single precision is a little less than 0.01, and is not below it.
    private const double ThresholdTolerance = 1e-5;

    private ActivationCurve(string name, float[] x, float[] values, float[] slopes)
    {
        Name = name;
        (X, Values, Slopes) = (Doubles(x), Doubles(values), Doubles(slopes));
        (_, _, Minimum, Maximum) = Moments.Of(Values);
        (_, SlopeDeviation, _, _) = Moments.Of(Slopes);
        (MeanSlope, _, _, MaxSlope) = Moments.Of(Slopes.Select(Math.Abs));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Where the function was asked: points at equal distances, both ends included.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>f(x).</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>f'(x).</summary>
    public IReadOnlyList<double> Slopes { get; }

    /// <summary>The least f(x).</summary>
    public double Minimum { get; }

    /// <summary>The largest f(x).</summary>
    public double Maximum { get; }

    /// <summary>The mean of |f'(x)|.</summary>
    public double MeanSlope { get; }

    /// <summary>The standard deviation of f'(x), which has a sign.</summary>
    public double SlopeDeviation { get; }

    /// <summary>The largest |f'(x)|.</summary>
    public double MaxSlope { get; }

    /// <summary>Measures a module, in evaluation mode.</summary>
    /// <param name="activation">The module.</param>
    /// <param name="name">Its name in figures; null for what it says of itself.</param>
    /// <param name="from">Where the range begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points there are, at least two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite, or there are fewer than two points.</exception>
    /// <exception cref="TensorException">It does not map each number to a number.</exception>
    public static ActivationCurve Of(
        Module<Tensor, Tensor> activation, string? name = null, double from = -5, double to = 5, int points = 1000)
    {
        ArgumentNullException.ThrowIfNull(activation);
        using var untouched = new UntouchedModel(activation, isEvaluated: true, hasBackward: true);
        return Measure(name ?? activation.Describe(), activation.Forward, from, to, points, ElementFunction.DeviceOf(activation));
    }

    /// <summary>Measures a function of tensors, on the default device.</summary>
    /// <param name="function">The function, by operations that have a derivative.</param>
    /// <param name="name">Its name in figures.</param>
    /// <param name="from">Where the range begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points there are, at least two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite, or there are fewer than two points.</exception>
    /// <exception cref="TensorException">It does not map each number to a number, or its result has no history.</exception>
    public static ActivationCurve Of(
        Func<Tensor, Tensor> function, string name, double from = -5, double to = 5, int points = 1000)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(name);
        return Measure(name, function, from, to, points, Device.Default);
    }

    /// <summary>The share of points where the gradient vanishes: |f'(x)| below a threshold, and not just by rounding.</summary>
    /// <param name="threshold">The threshold.</param>
    public double VanishingShare(double threshold = DefaultThreshold) =>
        Slopes.Count(slope => Math.Abs(slope) < threshold * (1 - ThresholdTolerance)) / (double)Slopes.Count;

    /// <summary>Function and derivative, a panel each.</summary>
    public Figure ToFigure() => new(Name,
        new Panel("function", new Axis("x"), new Axis("f(x)"), FunctionLine()),
        new Panel("derivative", new Axis("x"), new Axis("f'(x)"), SlopeLine()))
    { Columns = 2 };

    internal Line FunctionLine() => new(Name, X, Values);

    internal Line SlopeLine() => new(Name, X, Slopes);

    private static ActivationCurve Measure(
        string name, Func<Tensor, Tensor> function, double from, double to, int points, Device device)
    {
        Require.Finite(Require.Above(Require.Finite(from), to), nameof(to));
        Require.AtLeast(2, points);
        float[] x = [.. Enumerable.Range(0, points).Select(i => (float)(from + (to - from) * i / (points - 1)))];
        var (values, slopes) = ElementFunction.Differentiate(name, function, x, device);
        return new ActivationCurve(name, x, values, slopes);
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
