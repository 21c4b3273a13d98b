using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>What is left of a gradient after it has passed an activation over and over, without weights.</summary>
internal sealed class FlowStudy : Study
{
    private const int MostLayers = 1000;

    private readonly Option<string[]> _names = OwnOption.Choices(
        "--names", "activation", "What is shown", TrainingOptions.ActivationNames,
        "sigmoid", "tanh", "relu", "elu", "selu", "gelu", "swish", "mish");

    private readonly Option<int> _depth = OwnOption.Count("--depth", "How often the activation is applied.", MostLayers, 10);

    public override string Name => "flow";

    public override string Description =>
        """
        Apply an activation f to 1,000 numbers of N(0, 4) over and over, without weights, and show what is left of the gradient on the way
        back: the product of the derivatives f' at the inputs of the layers.
        """;

    public override IReadOnlyList<Option> Options => [_names, _depth];

    public override HtmlPage Make(ParseResult asked)
    {
        int depth = asked.GetValue(_depth);
        PureGradientFlow[] flows = [.. asked.GetRequiredValue(_names).Select(name => Flow(name, depth))];
        Panel[] panels = [.. flows.Select(flow => flow.ToFigure().Panels[0])];
        var page = new HtmlPage("Gradient flow without weights") { Subtitle = $"{depth} layers" };
        page.Add(new PageSection(
            "Flow",
            new Figure("Gradient through activations alone", new Panel(
                "", panels[0].X, panels[0].Y, [.. panels.SelectMany(panel => panel.Series)])),
            ToTable(flows, depth)));
        return page;
    }

    private static PureGradientFlow Flow(string name, int depth)
    {
        try
        {
            return GradientFlow.Pure(Activation.FromName(name), depth) with { Name = name };
        }
        catch (TensorException)
        {
            throw new CommandException($"'{name}' looks at several numbers at once: --names takes activations of one number");
        }
    }

    private static Table ToTable(PureGradientFlow[] flows, int depth) => new(
        "mean |gradient|, and the factor that a layer takes it by",
        ["activation", "after 1 layer", $"after {(depth + 1) / 2}", $"after {depth}", "factor a layer"],
        [.. flows.Select(flow => (object?[])
        [
            flow.Name, flow.Magnitudes[^1], flow.Magnitudes[^((depth + 1) / 2)], flow.Magnitudes[0],
            Math.Pow(flow.Magnitudes[0], 1.0 / depth),
        ])]);
}
