using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>The gradients and activations of a saved network in one step on test images.</summary>
internal sealed class GradientStudy(IReadOnlyList<Example> examples) : Study
{
    private readonly SavedModelInput _saved = new();

    public override string Name => "gradients";

    public override string Description =>
        """
        Show the gradients of a saved network's parameters, and what its layers give, in one step on images of the test data: statistics of
        each as bars and as a table. Nothing is learned.
        """;

    public override IReadOnlyList<Argument> Arguments => [_saved.Model];

    public override IReadOnlyList<Option> Options => [_saved.Data];

    public override HtmlPage Make(ParseResult asked)
    {
        var saved = _saved.Open(asked);
        var example = SavedModelInput.ExampleOf(saved, examples);
        var model = example.Load(saved);
        var (images, labels) = example.LoadTest(saved);
        model.Train();
        RandomStream.Reseed(0); // Dropout draws.
        using var gradients = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(new CrossEntropy().Forward(model.Forward(images), labels));
        }

        var page = new HtmlPage($"{example.Name}: a step") { Subtitle = $"{saved.File}, {images.Shape[0]} test images" };
        page.Add(new PageSection("Gradients", gradients.ToBarFigure(), gradients.ToGradientTable().WithoutEmptyColumns()));
        page.Add(new PageSection("Activations", activations.ToHistogramFigure(), activations.ToActivationTable().WithoutEmptyColumns()));
        return page;
    }
}
