using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>The gradients of the layers of a deep network as it begins, by activation and initializer, with what is wrong.</summary>
internal sealed class VanishingStudy : Study
{
    private const int MostLayers = 200, UsualLayers = 20;

    private readonly Option<string[]> _names = OwnOption.Choices(
        "--names", "activation", "What follows each layer", TrainingOptions.ActivationNames,
        "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "swish");

    private readonly Option<int> _depth = OwnOption.Count(
        "--depth", "How many layers there are between the first and the last.", MostLayers, UsualLayers);

    public override string Name => "vanishing";

    public override string Description =>
        $"""
        Show the gradients of the weights of a deep network as it begins, layer by layer: 100 inputs, a layer to 64 units, {UsualLayers}
        layers of 64 and one to a sigmoid, each layer with an activation, for 32 samples of N(0, 1) and the mean of the output as loss.
        Each activation is begun by the initializers of Xavier, Kaiming and LeCun (normal numbers). Layers whose gradient vanishes are
        named by the same rules that watch a training.
        """;

    public override IReadOnlyList<Option> Options => [_names, _depth];

    public override HtmlPage Make(ParseResult asked)
    {
        int depth = asked.GetValue(_depth);
        string[] names = asked.GetRequiredValue(_names);
        var page = new HtmlPage("Vanishing gradients") { Subtitle = $"{depth} layers of 64 units between the first and the last" };
        List<PageFinding> findings = [];
        List<NetworkGradientFlow> networks = [];
        List<Panel> panels = [];
        foreach (var (initializer, numbers) in GradientFlow.NormalInitializers)
        {
            List<NetworkGradientFlow> begun = [];
            List<string> healthy = [];
            foreach (string name in names)
            {
                var (model, input) = GradientFlow.DeepNetwork(name, numbers, depth);
                begun.Add(GradientFlow.Of(model, input, name: $"{name}, {initializer}"));
                if (Diagnose(begun[^1], model, input) is { } finding)
                {
                    findings.Add(finding);
                }
                else
                {
                    healthy.Add(name);
                }
            }

            if (healthy.Count > 0)
            {
                findings.Add(new PageFinding(
                    Severity.Good, initializer, $"gradients reach all layers with {string.Join(", ", healthy)}"));
            }

            networks.AddRange(begun);
            panels.Add(new GradientFlowStudy(begun).ToFigure().Panels[0] with { Title = initializer });
        }

        var study = new GradientFlowStudy(networks);
        page.Add(new PageSection("Findings", new FindingsBlock([.. findings.OrderByDescending(finding => finding.Severity)])));
        page.Add(new PageSection(
            "Gradients", new Figure("Gradients of weights", [.. panels]) { Columns = 1, Note = study.ToFigure().Note },
            ToTable(study)));
        return page;
    }

    /// <summary>The table without what is the same in all rows.</summary>
    private static Table ToTable(GradientFlowStudy study)
    {
        var table = study.ToTable().Without("layers");
        return study.Networks.Any(network => network.ZeroLayers > 0) ? table : table.Without("layers with 0");
    }

    /// <summary>What the rules that watch a training say of a network after its first backward pass; null for nothing.</summary>
    private static PageFinding? Diagnose(NetworkGradientFlow flow, Sequential model, Core.Tensor input)
    {
        using var monitor = GradientMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(input).Mean());
        }

        // One step is all that there is.
        var findings = monitor.Diagnose(new DiagnosisOptions { LeastSteps = 1 });
        if (findings is not [var first, ..])
        {
            return null;
        }

        string others = findings.Count == 1 ? "" : $", and {findings.Count - 1} more";
        return PageFinding.Of(first) with
        {
            Severity = Severity.Critical,
            Subject = flow.Name,
            Message = $"{first.Subject}{others}: {first.Problem}",
        };
    }
}
