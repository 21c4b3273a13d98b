using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>How much each query of an attention looks at each key: a map for each head, the mean over the samples of a batch.</summary>
public sealed class AttentionMaps
{
    private AttentionMaps(string path, int queries, int keys, IReadOnlyList<IReadOnlyList<double>> heads)
    {
        (Path, Queries, Keys, Heads) = (path, queries, keys, heads);
        Mean = [.. Enumerable.Range(0, queries * keys).Select(i => heads.Average(head => head[i]))];
        RowSums = [.. Enumerable.Range(0, queries).Select(row => Mean.Skip(row * keys).Take(keys).Sum())];
    }

    /// <summary>The path of the attention.</summary>
    public string Path { get; }

    /// <summary>The number of queries, which are the rows of a map.</summary>
    public int Queries { get; }

    /// <summary>The number of keys, which are its columns.</summary>
    public int Keys { get; }

    /// <summary>The map of each head, row after row.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Heads { get; }

    /// <summary>The mean over the heads.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The sum of each row of the mean: 1 for a query that sees a key in every sample, as weights come from a softmax.</summary>
    public IReadOnlyList<double> RowSums { get; }

    /// <summary>Runs a model in evaluation mode, and keeps the weights of an attention, of its last run where there are several.</summary>
    /// <param name="model">The model, afterwards as before.</param>
    /// <param name="path">The dotted path of a <see cref="MultiHeadAttention"/> or <see cref="SelfAttention"/>.</param>
    /// <param name="input">The input of the model.</param>
    /// <param name="sample">Which sample is shown; null for the mean over all.</param>
    /// <exception cref="ArgumentException">
    /// There is no such module, the message lists those that there are; or it is no attention, the message lists those.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="InvalidOperationException">The attention did not run.</exception>
    /// <exception cref="TensorException">There are no samples, queries or keys.</exception>
    public static AttentionMaps Of<TIn, TOut>(Module<TIn, TOut> model, string path, TIn input, int? sample = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        using var capture = model.Capture(path);
        var module = model.NamedModules().First(named => named.Name == path).Module;
        var before = WeightsOf(module) ?? throw new ArgumentException(
            $"module '{path}' is {module.Describe()}, and no attention; attentions are {AttentionsOf(model)}", nameof(path));
        using var untouched = new UntouchedModel(model, isEvaluated: true, hasBackward: false);
        using var scope = Autograd.Tape.NoRecord();
        try
        {
            SetWeights(module, AttentionWeights.PerHead);
            model.Forward(input);
        }
        finally
        {
            SetWeights(module, before);
        }

        return capture.Outputs.TryGetValue(nameof(AttentionOutput.Weights), out var weights)
            ? FromWeights(path, weights, sample)
            : throw new InvalidOperationException($"module '{path}' did not run for this input");
    }

    /// <summary>A row for each pair of query and key, with the weights of all heads.</summary>
    public Table ToTable() => new(
        Title, ["query", "key", .. Enumerable.Range(0, Heads.Count).Select(head => $"head {head}"), "mean"],
        [.. Enumerable.Range(0, Queries * Keys).Select(i => (object?[])
            [i / Keys, i % Keys, .. Heads.Select(head => (object?)head[i]), Mean[i]])]);

    /// <summary>A heat map for each head, and that of their mean where there are several.</summary>
    /// <param name="queries">The names of the queries; null for their numbers, from 0.</param>
    /// <param name="keys">The names of the keys; null for their numbers, from 0.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than queries or keys.</exception>
    public Figure ToFigure(IReadOnlyList<string>? queries = null, IReadOnlyList<string>? keys = null)
    {
        Axis x = Named("Key", keys, Keys, nameof(keys)), y = Named("Query", queries, Queries, nameof(queries));
        Panel[] heads = [.. Heads.Select((head, i) => new Panel(
            Heads.Count == 1 ? "" : $"head {i}", x, y, new HeatMap("weight", Queries, head)))];
        return new Figure(
            Title, Heads.Count == 1 ? heads : [.. heads, new Panel("mean", x, y, new HeatMap("weight", Queries, Mean))]);
    }

    private string Title => Path.Length == 0 ? "Attention" : $"Attention of {Path}";

    /// <summary>Of weights [N, heads, queries, keys], or without samples.</summary>
    private static AttentionMaps FromWeights(string path, Tensor weights, int? sample)
    {
        var shape = weights.Shape;
        int samples = shape.Rank == 4 ? shape[0] : 1, heads = shape[^3], size = shape[^2] * shape[^1];
        if (weights.Length == 0)
        {
            throw new ShapeException("AttentionMaps", $"weights of shape {shape}", "give at least one sample, query and key");
        }

        Require.Between(0, samples - 1, sample ?? 0, nameof(sample));
        int[] shown = sample is { } one ? [one] : [.. Enumerable.Range(0, samples)];
        float[] all = weights.ToArray();
        return new AttentionMaps(path, shape[^2], shape[^1], [.. Enumerable.Range(0, heads).Select(head =>
            (double[])[.. Enumerable.Range(0, size).Select(i => shown.Average(n => (double)all[(n * heads + head) * size + i]))])]);
    }

    private static Axis Named(string label, IReadOnlyList<string>? names, int count, string argument) =>
        names is null || names.Count == count
            ? new Axis(label) { Names = names ?? [.. Enumerable.Range(0, count).Select(i => $"{i}")] }
            : throw new ArgumentException($"there are {names.Count} names of {count}: give one for each", argument);

    private static AttentionWeights? WeightsOf(Module module) => module switch
    {
        MultiHeadAttention attention => attention.Weights,
        SelfAttention attention => attention.Weights,
        _ => null,
    };

    private static void SetWeights(Module module, AttentionWeights weights)
    {
        if (module is MultiHeadAttention several)
        {
            several.Weights = weights;
        }
        else if (module is SelfAttention own)
        {
            own.Weights = weights;
        }
    }

    private static string AttentionsOf(Module model)
    {
        string[] paths = [.. model.NamedModules().Where(named => WeightsOf(named.Module) is not null).Select(named => named.Name)];
        return paths.Length == 0 ? "nowhere in this model" : string.Join(", ", paths);
    }
}
