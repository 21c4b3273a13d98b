using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>What an activation makes of normally distributed numbers.</summary>
/// <param name="Name">The activation.</param>
/// <param name="Statistics">The statistics of what it gives.</param>
/// <param name="Outputs">How it is distributed, in 50 bins.</param>
/// <param name="Curve">The function over a range; null where it does not map each number to a number, as gated ones and softmax.</param>
public sealed record ActivationPortrait(
    string Name, TensorStatistics Statistics, Histogram Outputs, ActivationCurve? Curve);

/// <summary>Activations over a range, their derivatives, and what they make of 10,000 normally distributed numbers.</summary>
/// <param name="Portraits">The activations.</param>
public sealed record ActivationLandscape(IReadOnlyList<ActivationPortrait> Portraits)
{
    // Rows of ten, for those that need several numbers to make one, or look at all of a row.
    private const int Rows = 1000, Columns = 10, Bins = 50;

    /// <summary>Portrays all activations of <see cref="Activation.Names"/>.</summary>
    /// <param name="from">Where the range of curves begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points curves have.</param>
    /// <param name="seed">The seed of the normally distributed numbers.</param>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public static ActivationLandscape OfAll(double from = -5, double to = 5, int points = 1000, ulong seed = 0) =>
        Of(Activation.Names, from, to, points, seed);

    /// <summary>Portrays activations of <see cref="Activation.Names"/>.</summary>
    /// <param name="names">The names.</param>
    /// <param name="from">Where the range of curves begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points curves have.</param>
    /// <param name="seed">The seed of the normally distributed numbers.</param>
    /// <exception cref="ArgumentException">A name is unknown, there is none, or the range is empty.</exception>
    public static ActivationLandscape Of(
        IEnumerable<string> names, double from = -5, double to = 5, int points = 1000, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Of([.. names.Select(name => (name, Activation.FromName(name)))], from, to, points, seed);
    }

    /// <summary>Portrays modules, in evaluation mode; each gets the numbers as 1,000 rows of 10.</summary>
    /// <param name="activations">The modules with their names.</param>
    /// <param name="from">Where the range of curves begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points curves have.</param>
    /// <param name="seed">The seed of the normally distributed numbers.</param>
    /// <exception cref="ArgumentException">There is none, or the range is empty.</exception>
    public static ActivationLandscape Of(
        IReadOnlyList<(string Name, Module<Tensor, Tensor> Module)> activations, double from = -5, double to = 5, int points = 1000,
        ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(activations);
        if (activations.Count == 0)
        {
            throw new ArgumentException("there are no activations: give at least one", nameof(activations));
        }

        float[] normal = Tensor.Normal([Rows, Columns], new RandomStream(seed), device: Device.Cpu).ToArray();
        return new ActivationLandscape(
            [.. activations.Select(one => Portray(one.Name, one.Module, normal, from, to, points))]);
    }

    /// <summary>The statistics, a row for each.</summary>
    public Table ToTable() => new(
        $"what activations make of {Rows * Columns} numbers of N(0, 1)",
        ["activation", "mean", "std", "min", "max", "zeros", "nan or infinite"],
        [.. Portraits.Select(one => (object?[])
        [
            one.Name, one.Statistics.Mean, one.Statistics.StandardDeviation, one.Statistics.Minimum, one.Statistics.Maximum,
            one.Statistics.ZeroShare, one.Statistics.NaNShare + one.Statistics.InfinityShare,
        ])]);

    /// <summary>Functions, derivatives, and distributions of outputs, a panel each.</summary>
    /// <remarks>Those that do not map each number to a number are in the distributions alone; with none else, so is the figure.</remarks>
    public Figure ToFigure()
    {
        ActivationCurve[] curves = [.. Portraits.Select(one => one.Curve).OfType<ActivationCurve>()];
        var report = new ActivationReport("", curves);
        return curves.Length == 0
            ? ToHistogramFigure()
            : new Figure(
                "Landscape of activations", report.FunctionPanel("functions"), report.SlopePanel("derivatives"),
                HistogramPanel("outputs for N(0, 1)"))
            { Columns = 2, Note = Note() };
    }

    /// <summary>The distributions of outputs alone.</summary>
    public Figure ToHistogramFigure() => new("Outputs of activations for N(0, 1)", HistogramPanel("")) { Note = Note() };

    private static ActivationPortrait Portray(
        string name, Module<Tensor, Tensor> module, float[] normal, double from, double to, int points)
    {
        using var untouched = new UntouchedModel(module, isEvaluated: true, hasBackward: false);
        var device = ElementFunction.DeviceOf(module);
        bool isCurve = ElementFunction.IsElementwise(module.Forward, normal, [Rows, Columns], device);
        float[] outputs = module.Predict(Tensor.From(normal, [Rows, Columns], device)).ToArray();
        return new ActivationPortrait(
            name, TensorStatistics.Of(outputs), Histogram.Of(name, outputs, Bins),
            isCurve ? ActivationCurve.Of(module, name, from, to, points) : null);
    }

    private Panel HistogramPanel(string title) => new(
        title, new Axis("f(x)"), new Axis("share of the outputs") { Minimum = 0 }, [.. Portraits.Select(one => one.Outputs)]);

    private string Note()
    {
        string outputs = $"Outputs for {Rows * Columns} numbers, drawn from a seed.";
        string[] others = [.. Portraits.Where(one => one.Curve is null).Select(one => one.Name)];
        return others.Length == 0 ? outputs : $"{outputs} Without a curve, as they look at several numbers: {string.Join(", ", others)}.";
    }
}
