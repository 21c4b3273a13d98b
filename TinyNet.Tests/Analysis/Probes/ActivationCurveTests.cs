using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>Curves of activations, against formulas in double precision.</summary>
public class ActivationCurveTests
{
    /// <summary>The checked values of a report over 1,000 points from −5 to 5, but what finite differences spoil beside a kink.</summary>
    [Theory]
    [InlineData("relu", 0.5000, 1.0000, 0.5000, 0.0000, 5.0000)]
    [InlineData("leaky_relu", 0.5050, 1.0000, 0.0000, -0.0500, 5.0000)]
    [InlineData("sigmoid", 0.0986, 0.2500, 0.0840, 0.0067, 0.9933)]
    [InlineData("tanh", 0.1998, 1.0000, 0.4020, -0.9999, 0.9999)]
    public void A_report_has_the_checked_values(string name, double mean, double max, double vanishing, double least, double largest)
    {
        var row = ActivationReport.Of([name]).ToTable().Rows[0];
        Assert.Equal(name, row[0]);
        Assert.Equal(mean, (double)row[1]!, 5e-5);
        Assert.Equal(max, (double)row[3]!, 5e-5);
        Assert.Equal(vanishing, (double)row[4]!, 1e-9);
        Assert.Equal(least, (double)row[5]!, 5e-5);
        Assert.Equal(largest, (double)row[6]!, 5e-5);
    }

    public static TheoryData<string> Smooth => ["sigmoid", "tanh", "silu", "softplus", "gelu_tanh", "mish"];

    [Theory, MemberData(nameof(Smooth))]
    public void Values_and_slopes_are_those_of_the_formula(string name)
    {
        Func<double, double> f = name switch
        {
            "sigmoid" => Sigmoid,
            "tanh" => Math.Tanh,
            "silu" => x => x * Sigmoid(x),
            "softplus" => Softplus,
            "gelu_tanh" => x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
            _ => x => x * Math.Tanh(Softplus(x)),
        };
        var curve = ActivationCurve.Of(Activation.FromName(name), from: -4, to: 6, points: 101);
        Assert.Equal(101, curve.X.Count);
        Assert.Equal((-4, 0, 6), (curve.X[0], curve.X[40], curve.X[^1]));
        double[] slopes = [.. curve.X.Select(x => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5)];
        for (int i = 0; i < 101; i++)
        {
            Assert.Equal(f(curve.X[i]), curve.Values[i], 2e-6);
            Assert.Equal(slopes[i], curve.Slopes[i], 2e-6);
        }

        double mean = slopes.Average();
        Assert.Equal(slopes.Average(Math.Abs), curve.MeanSlope, 1e-6);
        Assert.Equal(slopes.Max(Math.Abs), curve.MaxSlope, 2e-6);
        Assert.Equal(Math.Sqrt(slopes.Average(slope => (slope - mean) * (slope - mean))), curve.SlopeDeviation, 1e-6);
    }

    /// <summary>With finite differences and no tolerance this share is whatever rounding makes of it.</summary>
    [Fact]
    public void A_slope_at_the_threshold_does_not_vanish_and_one_below_does()
    {
        var curve = ActivationCurve.Of(new LeakyReLU(), points: 1000);
        Assert.Equal(0, curve.VanishingShare());
        Assert.Equal(0.5, curve.VanishingShare(0.0101));
        Assert.Equal(0, curve.VanishingShare(0.0099));
    }

    /// <summary>Steps of 10/999, taken for 0.001, would make each slope ten times too large.</summary>
    [Fact]
    public void Slopes_do_not_depend_on_the_distance_of_points()
    {
        var wide = ActivationCurve.Of(new Snake(), points: 11);
        var narrow = ActivationCurve.Of(new Snake(), points: 1001);
        for (int i = 0; i < 11; i++)
        {
            Assert.Equal(1 + Math.Sin(2 * wide.X[i]), wide.Slopes[i], 2e-6);
            Assert.Equal(wide.Slopes[i], narrow.Slopes[100 * i], 1e-6);
        }
    }

    [Fact]
    public void A_function_of_tensors_has_a_curve_too()
    {
        var curve = ActivationCurve.Of(x => x * x * x, "cube", from: -2, to: 2, points: 5);
        Assert.Equal([-8, -1, 0, 1, 8], curve.Values);
        Assert.Equal([12, 3, 0, 3, 12], curve.Slopes);
        Assert.All(ActivationCurve.Of(x => x * 0 + 1, "one", points: 3).Slopes, slope => Assert.Equal(0, slope));
        Assert.All(ActivationCurve.Of(x => x, "same", points: 3).Slopes, slope => Assert.Equal(1, slope));
    }

    [Fact]
    public void Parameters_modes_and_an_open_step_are_as_before()
    {
        var prelu = new PReLU();
        var random = new RandomStream(3);
        var noisy = new Sequential(prelu, new RReLU(random: random), new Dropout(0.5f, random));
        prelu.Weight.SetGradient(Tensor.Full([1], 7));
        using var tape = Tape.Record();
        var inStep = prelu.Weight * 2;
        var curve = ActivationCurve.Of(noisy, points: 11);
        Assert.Equal(0.25 * 11 / 48, curve.Slopes[0], 1e-6);
        Assert.Equal(7, prelu.Weight.Gradient!.Item());
        Assert.Equal(0UL, random.Position);
        Assert.All(noisy.NamedModules(), named => Assert.True(named.Module.IsTraining));
        tape.Backward(inStep);
        Assert.Equal(9, prelu.Weight.Gradient!.Item());
    }

    [Fact]
    public void What_is_no_curve_is_refused()
    {
        Refusal.Of<TensorException>(() => ActivationCurve.Of(new Softmax()), "Softmax", "depend on other elements");
        Refusal.Of<ShapeException>(() => ActivationCurve.Of(new GLU()), "[500]", "[1000]");
        Refusal.Of<TensorException>(
            () => ActivationCurve.Of(x => (x * x).Detach(), "detached"), "detached", "no history");
        Refusal.Of<TensorException>(() => ActivationCurve.Of(_ => null!, "nothing"), "nothing", "null");
        Refusal.Of<ArgumentOutOfRangeException>(() => ActivationCurve.Of(new ReLU(), points: 1), "points");
        Refusal.Of<ArgumentOutOfRangeException>(() => ActivationCurve.Of(new ReLU(), from: 1, to: 1), "to");
        Refusal.Of<ArgumentException>(() => ActivationReport.Of([]), "at least one");
        Refusal.Of<ArgumentException>(() => ActivationReport.Of(["rellu"]), "relu");
    }

    [Fact]
    public void Figures_have_the_curves_ranges_and_points_of_their_texts()
    {
        AssertFigure(ActivationFigures.Classic(), 5, 100, ["relu", "sigmoid", "tanh"]);
        AssertFigure(ActivationFigures.SigmoidAndTanh(), 10, 100, ["sigmoid", "tanh"]);
        AssertFigure(ActivationFigures.SigmoidAndTanhSlopes(), 10, 100, ["sigmoid", "tanh"]);
        AssertFigure(ActivationFigures.RectifierFamily(), 5, 100, ["relu", "leaky_relu", "prelu 0.05", "elu"]);
        AssertFigure(ActivationFigures.SwishAndGelu(), 5, 200, ["swish", "swish β = 2", "gelu"]);
        AssertFigure(ActivationFigures.SmoothFamily(), 5, 100, ["gelu", "swish", "mish"]);
        AssertFigure(ActivationFigures.SmoothFamilyWithSlopes(), 5, 1000, ["swish", "mish", "snake", "gelu"], panels: 2);
        AssertFigure(ActivationFigures.SquareSoftplus(), 5, 100, ["square softplus"], panels: 2);
        Assert.Equal("f'(x)", ActivationFigures.SigmoidAndTanhSlopes().Panels[0].Y.Label);
        Assert.Equal(0.25, ((Line)ActivationFigures.SigmoidAndTanhSlopes().Panels[0].Series[0]).Y.Max(), 1e-3);
        Assert.Equal(-0.25, ((Line)ActivationFigures.RectifierFamily().Panels[0].Series[2]).Y[0], 1e-6);

        var each = ActivationCurve.Of(new ELU()).ToFigure();
        Assert.Equal(["f(x)", "f'(x)"], each.Panels.Select(panel => panel.Y.Label));
        Assert.Equal(2, each.Columns);
    }

    private static void AssertFigure(Figure figure, double limit, int points, string[] names, int panels = 1)
    {
        Assert.Equal(panels, figure.Panels.Count);
        foreach (var panel in figure.Panels)
        {
            Assert.Equal("x", panel.X.Label);
            Assert.False(panel.X.IsLog || panel.Y.IsLog);
            Assert.Equal(names, panel.Series.Select(series => series.Name));
            Assert.All(panel.Series.Cast<Line>(), line => Assert.Equal((points, -limit, limit), (line.X.Count, line.X[0], line.X[^1])));
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
}
