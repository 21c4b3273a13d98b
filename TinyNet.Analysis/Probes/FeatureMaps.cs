using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>What a layer makes of an input: the channels of a convolution as pictures, the units of a dense layer as bars.</summary>
public sealed class FeatureMaps
{
    private const int PerRow = 8;

    private readonly float[] _values;

    private FeatureMaps(string path, int features, Shape shape, float[] values) =>
        (Path, Features, Shape, _values) = (path, features, shape, values);

    /// <summary>The path of the layer.</summary>
    public string Path { get; }

    /// <summary>How many features the layer has; the first ones are here.</summary>
    public int Features { get; }

    /// <summary>What is here of one sample: [channels, height, width], or [units].</summary>
    public Shape Shape { get; }

    /// <summary>The numbers, feature after feature.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>Runs a model in evaluation mode, and keeps the first features of a layer's output.</summary>
    /// <param name="model">The model, afterwards as before.</param>
    /// <param name="path">The dotted path of the layer, such as <c>features.0</c>.</param>
    /// <param name="input">The input of the model.</param>
    /// <param name="sample">Which sample of it.</param>
    /// <param name="most">How many channels or units at most; null for 16 channels, and all units of a dense layer.</param>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those that there are.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample, or none is to be kept.</exception>
    /// <exception cref="ShapeException">The output is neither [N, channels, height, width] nor [N, units].</exception>
    public static FeatureMaps Of<TIn, TOut>(Module<TIn, TOut> model, string path, TIn input, int sample = 0, int? most = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        Require.Positive(most ?? 1, nameof(most));
        using var untouched = new UntouchedModel(model, isEvaluated: true, hasBackward: false);
        var output = model.Capture(path, input);
        if (output.Rank is not (2 or 4))
        {
            throw new ShapeException("FeatureMaps", $"module '{path}' gives shape {output.Shape}",
                "choose a layer that gives [N, channels, height, width] or [N, units]");
        }

        Require.Between(0, output.Shape[0] - 1, sample);
        const int mostChannels = 16;
        int features = output.Shape[1], kept = Math.Min(features, most ?? (output.Rank == 4 ? mostChannels : features));
        int size = output.Length / output.Shape[0] / Math.Max(features, 1);
        Shape shape = output.Rank == 4 ? [kept, output.Shape[2], output.Shape[3]] : [kept];
        return new FeatureMaps(path, features, shape, output.ToArray().AsSpan(sample * features * size, kept * size).ToArray());
    }

    /// <summary>A row for each feature: the statistics of a channel, or the value of a unit.</summary>
    public Table ToTable() => Shape.Rank == 1
        ? new Table(Title, ["unit", "value"], [.. _values.Select((value, i) => (object?[])[i, (double)value])])
        : new Table(Title, ["channel", "mean", "std", "min", "max"], [.. Maps().Select((map, i) =>
        {
            var of = TensorStatistics.Of(map);
            return (object?[])[i, of.Mean, of.StandardDeviation, of.Minimum, of.Maximum];
        })]);

    /// <summary>Channels as pictures, eight in a row, or bars for units.</summary>
    public Figure ToFigure() => new(Title, Shape.Rank == 1
        ? new Panel("", new Axis("unit") { Names = [.. Enumerable.Range(0, _values.Length).Select(i => $"{i}")] }, new Axis("activation"),
            new Bars("activation", [.. _values.Select(value => (double)value)]))
        : new Panel("", new Axis(""), new Axis(""),
            new Images("channels", [.. Maps().Select((map, i) => new Picture($"{i}", Shape[2], Shape[1], 1, map))], PerRow)))
    {
        Note = Shape[0] < Features ? $"The first {Shape[0]} of {Features} features." : null,
    };

    private string Title => Path.Length == 0 ? "Output" : $"Output of {Path}";

    private IEnumerable<float[]> Maps() => Shape[1] * Shape[2] == 0 ? [] : _values.Chunk(Shape[1] * Shape[2]);
}
