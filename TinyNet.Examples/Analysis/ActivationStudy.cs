using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>Activations and their derivatives over a range, and what they make of normally distributed numbers.</summary>
internal sealed class ActivationStudy : Study
{
    private const int Limit = 5, Points = 1000;

    // A figure for each activation needs fewer points than the one of all.
    private const int PointsOfOne = 201;

    private readonly Option<string[]> _names = OwnOption.Choices(
        "--names", "activation", "What is shown", Activation.Names,
        "relu", "leaky_relu", "elu", "selu", "sigmoid", "tanh", "gelu", "swish");

    public override string Name => "activations";

    public override string Description =>
        $"""
        Show activations: curves and derivatives from {-Limit} to {Limit} by automatic differentiation, all together and each alone, what
        they make of 10,000 numbers of N(0, 1), and how often their derivative is next to nothing. Without names there are the families
        that texts about them show, too.
        """;

    public override IReadOnlyList<Option> Options => [_names];

    public override HtmlPage Make(ParseResult asked)
    {
        var landscape = ActivationLandscape.Of(asked.GetRequiredValue(_names), -Limit, Limit, Points);
        ActivationCurve[] curves = [.. landscape.Portraits.Select(portrait => portrait.Curve).OfType<ActivationCurve>()];
        var page = new HtmlPage("Activations") { Subtitle = $"from {-Limit} to {Limit}, and for N(0, 1)" };
        page.Add(new PageSection("Landscape", landscape.ToFigure(), landscape.ToTable()));
        page.Add(new PageSection("Distributions", landscape.ToHistogramFigure()));
        if (curves.Length > 0)
        {
            page.Add(new PageSection("Slopes", new ActivationReport("Activations", curves).ToTable())
            {
                Introduction = "On its way back a gradient is multiplied by the slope f'. Where that is next to nothing, it ends.",
            });
            page.Add(new PageSection("One by one", [.. curves.Select(curve => (PageBlock)ActivationCurve.Of(
                Activation.FromName(curve.Name), curve.Name, -Limit, Limit, PointsOfOne).ToFigure())]));
        }

        if (asked.GetResult(_names) is null or { Implicit: true })
        {
            page.Add(new PageSection(
                "Families", ActivationFigures.Classic(), ActivationFigures.SigmoidAndTanh(), ActivationFigures.SigmoidAndTanhSlopes(),
                ActivationFigures.RectifierFamily(), ActivationFigures.SwishAndGelu(), ActivationFigures.SmoothFamily(),
                ActivationFigures.SmoothFamilyWithSlopes(), ActivationFigures.SquareSoftplus()));
        }

        return page;
    }
}
