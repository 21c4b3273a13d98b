using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

public partial class DifferentiableOperationTests
{
    private static IEnumerable<Case> Normalizing()
    {
        foreach (var (shape, normalized) in new (Shape, Shape)[]
        {
            ([5, 7], [7]),
            ([2, 3, 37], [37]),
            ([2, 3, 5], [3, 5]),
            ([19], [19]),
            ([70, 3], [3]),
            ([3, 1], [1]),
            ([0, 4], [4]),
        })
        {
            yield return new("layer norm", x => x[0].LayerNorm(normalized, x[1], x[2], 1e-2f), [shape, normalized, normalized]);
            yield return new("layer norm without bias", x => x[0].LayerNorm(normalized, x[1], null, 1e-2f), [shape, normalized]);
            yield return new("layer norm without weight", x => x[0].LayerNorm(normalized, null, x[1], 1e-2f), [shape, normalized]);
            yield return new("plain layer norm", x => x[0].LayerNorm(normalized, epsilon: 1e-2f), [shape]);
            yield return new("rms norm", x => x[0].RmsNorm(normalized, x[1], 1e-2f), [shape, normalized]);
            yield return new("plain rms norm", x => x[0].RmsNorm(normalized, epsilon: 1e-2f), [shape]);
        }

        yield return new("layer norm of a long row", x => x[0].LayerNorm([9001], x[1], x[2], 1e-2f), [[2, 9001], [9001], [9001]]);
        yield return new("layer norm, all operands the same", x => x[0].LayerNorm([4], x[0], x[0], 1e-2f), [[4]]);
    }

    private static IEnumerable<Case> Embedding()
    {
        yield return new("embedding", x => x[0].Embed(Grid), [[3, 5]]);
        yield return new("embedding of one index", x => x[0].Embed(IndexTensor.From([2], [])), [[3, 5]]);
        yield return new("embedding with unused padding", x => x[0].Embed(IndexTensor.From(2, 0, 2), -2), [[3, 5]]);
        yield return new("embedding of nothing", x => x[0].Embed(IndexTensor.From([], [2, 0])), [[3, 5]]);
        yield return new("masked mean", x => x[0].MaskedMean(IndexTensor.From(2, 0, 4)), [[3, 4, 5]]);
        yield return new("masked mean of numbers", x => x[0].MaskedMean(IndexTensor.From(1, 3)), [[2, 3]]);
    }

    private static IEnumerable<Case> Attending()
    {
        Shape[][] operands =
        [
            [[5, 3], [4, 3], [4, 2]], [[2, 3, 5, 4], [2, 3, 7, 4], [2, 3, 7, 6]], [[1, 1], [1, 1], [1, 1]],
            [[2, 70, 3], [2, 5, 3], [2, 5, 3]], [[3, 5, 2], [5, 2], [1, 5, 2]],
            [[0, 3, 2], [0, 3, 2], [0, 3, 2]], [[3, 2], [0, 2], [0, 4]], [[0, 2], [3, 2], [3, 4]], [[2, 9, 40], [2, 33, 40], [2, 33, 35]],
        ];
        yield return new(
            "attention of transposed operands",
            x => x[0].Transpose(1, 2).Attention(x[1].Transpose(1, 2), x[2].Transpose(1, 2)),
            [[2, 3, 70], [2, 3, 5], [2, 4, 5]]);
        foreach (var shapes in operands)
        {
            int queries = shapes[0][-2], keys = shapes[1][-2];
            yield return new("attention", x => x[0].Attention(x[1], x[2]), shapes);
            yield return new("causal attention", x => x[0].Attention(x[1], x[2], isCausal: true, scale: 0.7f), shapes);
            yield return new(
                "attention with masks",
                x => x[0].Attention(x[1], x[2], Holes(queries, keys, x[0].Device), Slope(queries, keys, x[0].Device)),
                shapes);
            yield return new(
                "attention with masks for keys",
                x => x[0].Attention(x[1], x[2], Holes(1, keys, x[0].Device), Slope(1, keys, x[0].Device), scale: -1),
                shapes);
            yield return new(
                "attention and its weights",
                x => Both(x[0].AttentionWithWeights(x[1], x[2], Holes(queries, keys, x[0].Device), isCausal: true)),
                shapes);
        }

        yield return new(
            "attention with a learned bias", x => x[0].Attention(x[1], x[2], bias: x[3]), [[2, 5, 3], [2, 4, 3], [2, 4, 2], [5, 4]]);
        yield return new("attention to itself", x => x[0].Attention(x[0], x[0], isCausal: true), [[2, 5, 3]]);
        yield return new("attention of many blocks", x => x[0].Attention(x[1], x[2], isCausal: true), [[150, 3], [150, 3], [150, 2]]);
        yield return new("attention to many keys", x => x[0].Attention(x[1], x[2]), [[65, 2], [1100, 2], [1100, 2]]);
        yield return new(
            "heads",
            x => Attentions.Heads(x[0], x[1], x[2], 3, new AttentionSettings(Holes(4, 5, x[0].Device), null, 1, null)),
            [[2, 4, 6], [2, 5, 6], [2, 5, 9]]);
        yield return new(
            "heads beside each other", x => Attentions.Heads(x[0], 2, new AttentionSettings(null, null, 0, null)), [[3, 7, 12]]);
        yield return new(
            "recurrence, weights and biases the same",
            x => x[0].Recurrence<GRUStep>("GRU", new RecurrentWeights(x[1], x[1], x[2], x[2])),
            [[3, 2, 2], [2, 6], [6]]);
        yield return new(
            "recurrence, state and cell the same too",
            x => x[0].Recurrence<LSTMStep>("LSTM", new RecurrentWeights(x[1], x[1], x[2], x[2]), x[3], x[3]),
            [[3, 2, 2], [2, 8], [8], [2, 2]]);

        static Tensor Both((Tensor Output, Tensor Weights) result) => Tensor.Concat(-1, result.Output, result.Weights);
    }

    /// <summary>A mask with holes, in which every query sees the first key.</summary>
    private static Tensor Holes(int queries, int keys, Device device) =>
        Tensor.From([.. Enumerable.Range(0, queries * keys).Select(i => i % keys == 0 || i * 7 % 5 < 3 ? 1f : 0)], [queries, keys], device);

    private static Tensor Slope(int queries, int keys, Device device) =>
        Tensor.From([.. Enumerable.Range(0, queries * keys).Select(i => (i * 3 % 7 - 3) / 4f)], [queries, keys], device);
}
