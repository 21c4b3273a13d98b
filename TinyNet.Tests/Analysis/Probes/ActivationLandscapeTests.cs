using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>What activations make of normally distributed numbers.</summary>
public class ActivationLandscapeTests
{
    private static readonly string[] OfRows = ["gaussian_glu", "geglu", "glu", "log_softmax", "reglu", "softmax", "softmin", "swiglu"];

    [Fact]
    public void All_activations_are_portrayed_and_those_of_single_numbers_have_curves()
    {
        var landscape = ActivationLandscape.OfAll(points: 21);
        Assert.Equal(Activation.Names, landscape.Portraits.Select(one => one.Name));
        Assert.Equal(OfRows, landscape.Portraits.Where(one => one.Curve is null).Select(one => one.Name));
        Assert.All(landscape.Portraits, one => Assert.True(one.Statistics.Finite == one.Statistics.Count));
        Assert.All(landscape.Portraits, one => Assert.Equal(1, one.Outputs.Shares.Sum(), 1e-9));
        Assert.Equal(Activation.Names.Count, landscape.ToTable().Rows.Count);
    }

    [Fact]
    public void Statistics_are_those_of_the_numbers_drawn()
    {
        double[] x = [.. Tensor.Normal([10_000], new RandomStream(5), device: Device.Cpu).ToArray().Select(value => (double)value)];
        double[] tanh = [.. x.Select(Math.Tanh)];
        var landscape = ActivationLandscape.Of(["relu", "tanh", "softmax"], seed: 5);
        var (relu, other, softmax) = (landscape.Portraits[0], landscape.Portraits[1], landscape.Portraits[2]);

        Assert.Equal(x.Count(value => value <= 0) / 1e4, relu.Statistics.ZeroShare);
        Assert.Equal(x.Average(value => Math.Max(value, 0)), relu.Statistics.Mean, 1e-6);
        Assert.Equal(x.Max(), relu.Statistics.Maximum, 1e-6);
        Assert.Equal(0, relu.Statistics.Minimum);
        double variance = tanh.Average(value => value * value) - Math.Pow(tanh.Average(), 2);
        Assert.Equal(Math.Sqrt(variance), other.Statistics.StandardDeviation, 1e-6);
        Assert.Equal(tanh.Min(), other.Statistics.Minimum, 1e-6);
        Assert.Equal(0, other.Statistics.ZeroShare);
        Assert.Equal(0.1, softmax.Statistics.Mean, 1e-6); // Ten numbers of a row sum up to 1.
        Assert.Null(softmax.Curve);
        // What half of N(0, 1) above 0 has: 1/√(2π).
        Assert.Equal(1 / Math.Sqrt(2 * Math.PI), relu.Statistics.Mean, 0.02);
    }

    [Fact]
    public void The_figure_has_functions_derivatives_and_distributions()
    {
        var landscape = ActivationLandscape.Of(["relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softmax"]);
        var figure = landscape.ToFigure();
        Assert.Equal(["functions", "derivatives", "outputs for N(0, 1)"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal([6, 6, 7], figure.Panels.Select(panel => panel.Series.Count));
        Assert.All(figure.Panels[0].Series.Cast<Line>(), line => Assert.Equal(1000, line.X.Count));
        Assert.All(figure.Panels[2].Series.Cast<Histogram>(), histogram => Assert.Equal(50, histogram.Shares.Count));
        Assert.Contains("softmax", figure.Note, StringComparison.Ordinal);
        Assert.Equal(7, Assert.Single(landscape.ToHistogramFigure().Panels).Series.Count);
        Assert.Single(ActivationLandscape.Of(["glu"]).ToFigure().Panels);
    }

    [Fact]
    public void What_is_portrayed_is_as_before()
    {
        var random = new RandomStream(1);
        var noisy = new RReLU(random: random);
        var first = ActivationLandscape.Of([("noisy", noisy)]).Portraits[0];
        Assert.NotNull(first.Curve);
        Assert.True(noisy.IsTraining);
        Assert.Equal(0UL, random.Position);
        Assert.Equal(first.Statistics.Mean, ActivationLandscape.Of([("again", noisy)]).Portraits[0].Statistics.Mean);
        Assert.NotEqual(first.Statistics.Mean, ActivationLandscape.Of([("other numbers", noisy)], seed: 1).Portraits[0].Statistics.Mean);
        Refusal.Of<ArgumentException>(() => ActivationLandscape.Of(Array.Empty<string>()), "at least one");
    }
}
