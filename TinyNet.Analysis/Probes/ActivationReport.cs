using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>Curves of several activations over one range, beside each other.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Curves">The curves.</param>
/// <param name="Threshold">Below which |f'| a gradient counts as vanishing.</param>
public sealed record ActivationReport(
    string Title, IReadOnlyList<ActivationCurve> Curves, double Threshold = ActivationCurve.DefaultThreshold)
{
    /// <summary>Measures activations of <see cref="Activation.Names"/>.</summary>
    /// <param name="names">The names.</param>
    /// <param name="from">Where the range begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points there are.</param>
    /// <param name="threshold">Below which |f'| a gradient counts as vanishing.</param>
    /// <exception cref="ArgumentException">A name is unknown, there is none, or the range is empty.</exception>
    /// <exception cref="TensorException">One does not map each number to a number, as a softmax.</exception>
    public static ActivationReport Of(
        IEnumerable<string> names, double from = -5, double to = 5, int points = 1000,
        double threshold = ActivationCurve.DefaultThreshold)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Of("activations", [.. names.Select(name => (name, Activation.FromName(name)))], from, to, points, threshold);
    }

    /// <summary>Measures modules, in evaluation mode.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="activations">The modules with their names in figures.</param>
    /// <param name="from">Where the range begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="points">How many points there are.</param>
    /// <param name="threshold">Below which |f'| a gradient counts as vanishing.</param>
    /// <exception cref="ArgumentException">There is none, or the range is empty.</exception>
    /// <exception cref="TensorException">One does not map each number to a number.</exception>
    public static ActivationReport Of(
        string title, IReadOnlyList<(string Name, Module<Tensor, Tensor> Module)> activations, double from = -5, double to = 5,
        int points = 1000, double threshold = ActivationCurve.DefaultThreshold)
    {
        ArgumentNullException.ThrowIfNull(activations);
        Require.NotNegative(threshold);
        return activations.Count == 0
            ? throw new ArgumentException("there are no activations: give at least one", nameof(activations))
            : new ActivationReport(
                title, [.. activations.Select(one => ActivationCurve.Of(one.Module, one.Name, from, to, points))], threshold);
    }

    /// <summary>A row for each: what its slopes and values are like, and the share of points where the gradient vanishes.</summary>
    public Table ToTable() => new(
        FormattableString.Invariant($"{Title} over {Curves[0].X[0]:G4} to {Curves[0].X[^1]:G4}, {Curves[0].X.Count} points"),
        ["activation", "mean |f'|", "std f'", "max |f'|", FormattableString.Invariant($"|f'| < {Threshold:G4}"), "min f", "max f"],
        [.. Curves.Select(curve => (object?[])
        [
            curve.Name, curve.MeanSlope, curve.SlopeDeviation, curve.MaxSlope, curve.VanishingShare(Threshold), curve.Minimum,
            curve.Maximum,
        ])]);

    /// <summary>All functions in a panel, and all derivatives in another.</summary>
    public Figure ToFigure() => new(Title, FunctionPanel("functions"), SlopePanel("derivatives")) { Columns = 2 };

    /// <summary>The functions alone.</summary>
    public Figure ToFunctionFigure() => new(Title, FunctionPanel(""));

    /// <summary>The derivatives alone.</summary>
    public Figure ToSlopeFigure() => new(Title, SlopePanel(""));

    internal Panel FunctionPanel(string title) =>
        new(title, new Axis("x"), new Axis("f(x)"), [.. Curves.Select(curve => curve.FunctionLine())]);

    internal Panel SlopePanel(string title) =>
        new(title, new Axis("x"), new Axis("f'(x)"), [.. Curves.Select(curve => curve.SlopeLine())]);
}
