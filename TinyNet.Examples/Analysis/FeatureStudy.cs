using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>What the layers of a saved network make of images.</summary>
internal sealed class FeatureStudy(IReadOnlyList<Example> examples) : Study
{
    private const int MostLayers = 8;

    private readonly SavedModelInput _saved = new();

    private readonly Argument<string[]> _images = new("images")
    {
        Description = "Image files (PNG, JPEG) or folders of them; without any an image of the test data.",
        HelpName = "IMAGE",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _layer = OwnOption.Path(
        "--layer", "PATH", $"The dotted path of a layer, such as 3 or encoder.0; without it the convolutions, of a network without any the "
            + $"dense layers, the first {MostLayers}.");

    private readonly Option<int> _test = OwnOption.Count(
        "--test-image", "Which image of the test data is shown where no file is given, from 0 on.", int.MaxValue, 0, least: 0);

    private readonly Option<bool> _invert = new("--invert") { Description = "Swap light and dark in the files." };

    public override string Name => "features";

    public override string Description =>
        """
        Show what the layers of a saved network make of an image: the channels of a convolution as pictures, the units of a dense layer as
        bars.
        """;

    public override IReadOnlyList<Argument> Arguments => [_saved.Model, _images];

    public override IReadOnlyList<Option> Options => [_layer, _test, _invert, _saved.Data];

    public override HtmlPage Make(ParseResult asked)
    {
        var saved = _saved.Open(asked) with { Inverts = asked.GetValue(_invert) };
        var example = SavedModelInput.ExampleOf(saved, examples);
        var model = example.Load(saved);
        string[] files = [.. (asked.GetValue(_images) ?? []).SelectMany(ImageInput.Files)];
        string[] layers = asked.GetValue(_layer) is { } layer ? [layer] : LayersOf(model);
        var page = new HtmlPage($"{example.Name}: features") { Subtitle = saved.File };
        var images = files.Length > 0 ? files.Select(file => example.Read(saved, file))
            : [example.ReadTest(saved, asked.GetValue(_test))];
        foreach (var image in images)
        {
            FeatureMaps[] maps = [.. layers.Select(path => Maps(model, path, image))];
            page.Add(new PageSection(
                image.Name,
                [
                    new PicturesBlock("Image", [Show(image)]), .. maps.Select(map => (PageBlock)map.ToFigure()),
                    ToTable(model, image, maps),
                ]));
        }

        return page;
    }

    private static string[] LayersOf(Module model)
    {
        string[] Of<TModule>() => [.. model.NamedModules().Where(named => named.Module is TModule).Select(named => named.Name)];
        return [.. (Of<Conv2d>() is { Length: > 0 } convolutions ? convolutions : Of<Dense>()).Take(MostLayers)];
    }

    private static FeatureMaps Maps(Module<Tensor, Tensor> model, string path, SeenImage image)
    {
        try
        {
            return FeatureMaps.Of(model, path, image.Input);
        }
        catch (Exception exception) when (exception is ArgumentException or TensorException)
        {
            throw new CommandException($"--layer: {exception.Message.Split(" (Parameter")[0]}");
        }
    }

    private static Picture Show(SeenImage image) =>
        new("", image.Pixels.Shape[2], image.Pixels.Shape[1], image.Pixels.Shape[0], image.Pixels.ToArray());

    private static Table ToTable(Module model, SeenImage image, FeatureMaps[] maps) => new(
        $"outputs of layers for {image.Name}", ["layer", "what", "features", "shown", "mean", "std", "min", "max", "zeros"],
        [.. maps.Select(map =>
        {
            var values = TensorStatistics.Of([.. map.Values]);
            return (object?[])
            [
                map.Path, model.NamedModules().First(named => named.Name == map.Path).Module.GetType().Name, map.Features, map.Shape[0],
                values.Mean, values.StandardDeviation, values.Minimum, values.Maximum, values.ZeroShare,
            ];
        })]);
}
