using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The attention of several heads between the projections of a layer.</summary>
internal static class AttentionHeads
{
    /// <summary>The number of features of a head.</summary>
    /// <exception cref="ArgumentException">A number is not positive, or the heads do not divide the features.</exception>
    public static int Size(int features, int heads)
    {
        Require.Positive(features);
        Require.Positive(heads);
        return features % heads == 0
            ? features / heads
            : throw new ArgumentException($"{heads} heads do not divide {features} features; choose a divisor", nameof(heads));
    }

    /// <summary>Refuses queries, keys and values unless all have a batch or none has, and each key has a value.</summary>
    public static void EnsureFit(string name, in AttentionInput input)
    {
        TensorRecords.EnsureThere(
            name, (nameof(input.Query), input.Query), (nameof(input.Key), input.Key), (nameof(input.Value), input.Value));
        Tensor query = input.Query, key = input.Key, value = input.Value;
        bool fits = query.Rank is 2 or 3 && key.Rank == query.Rank && value.Rank == query.Rank
            && key.Shape.Sizes[..^1].SequenceEqual(value.Shape.Sizes[..^1]);
        if (!fits)
        {
            throw new ShapeException(
                name,
                $"queries {query.Shape}, keys {key.Shape} and values {value.Shape}",
                "give [B, L, features], [B, S, ..] and [B, S, ..], or all without B");
        }
    }

    /// <summary>Q, K and V beside each other in one tensor [.., T, 3·features].</summary>
    public static (Tensor Output, Tensor? Weights) Attend(
        Tensor packed, int heads, in AttentionInput input, float dropout, RandomStream? random)
    {
        if (input.Weights == AttentionWeights.None && input.Cache is null)
        {
            var settings = Settings(input, packed, keys: packed.Shape[-2], past: 0, dropout, random);
            if (!settings.NeedsWeights)
            {
                return (Attentions.Heads(packed, heads, settings), null);
            }
        }

        int features = packed.Shape[-1] / 3;
        return Attend(
            packed.Slice(-1, 0, features),
            packed.Slice(-1, features, 2 * features),
            packed.Slice(-1, 2 * features),
            heads, input, dropout, random);
    }

    /// <summary>Queries [.., L, features], keys and values [.., S, features].</summary>
    public static (Tensor Output, Tensor? Weights) Attend(
        Tensor query, Tensor key, Tensor value, int heads, in AttentionInput input, float dropout, RandomStream? random)
    {
        if (!query.Shape.Sizes[..^2].SequenceEqual(key.Shape.Sizes[..^2]))
        {
            throw new ShapeException(
                "Attention",
                $"queries {query.Shape} and keys {key.Shape}",
                "give as many sequences of keys as of queries");
        }

        int past = input.Cache?.Length ?? 0, keys = past + key.Shape[-2];
        var settings = Settings(input, query, keys, past, dropout, random);
        if (input.Cache is { } cache)
        {
            // A step that is refused must not have been taken: all is checked before.
            Attentions.EnsureFit(settings, query, query.Shape.Insert(query.Rank - 2, heads).With(-1, keys));
            (key, value) = cache.Append(key, value);
        }

        if (input.Weights == AttentionWeights.None && !settings.NeedsWeights)
        {
            return (Attentions.Heads(query, key, value, heads, settings), null);
        }

        var (output, weights) = Attentions.Explicit(Split(query, heads), Split(key, heads), Split(value, heads), settings);
        return (Merge(output), input.Weights switch
        {
            AttentionWeights.None => null,
            AttentionWeights.Averaged => weights.Mean(-3),
            _ => weights,
        });
    }

    private static AttentionSettings Settings(
        in AttentionInput input, Tensor query, int keys, int past, float dropout, RandomStream? random)
    {
        EnsureUnambiguous("mask", input.Mask, input.Query);
        EnsureUnambiguous("bias", input.Bias, input.Query);
        var mask = input.Mask;
        if (input.KeyMask is { } keyMask)
        {
            var shape = query.Shape.Without(-1).With(-1, keys);
            if (keyMask.Shape != shape)
            {
                string cached = past > 0 ? $", {past} of them in the cache" : "";
                throw new ShapeException(
                    "Attention",
                    $"a key mask of shape {keyMask.Shape} for queries {input.Query.Shape} and {keys} keys{cached}",
                    $"give one number for each key: {shape}");
            }

            AttentionMasks.EnsureZerosAndOnes("key mask", keyMask);
            mask = Both(mask, keyMask.Unsqueeze(-2).Unsqueeze(-2));
        }

        return new AttentionSettings(mask, input.Bias, input.IsCausal ? past : null, Scale: null, dropout, dropout > 0 ? random : null);
    }

    /// <summary>A mask of what both show.</summary>
    private static Tensor Both(Tensor? mask, Tensor ofKeys)
    {
        if (mask is null)
        {
            return ofKeys;
        }

        AttentionMasks.EnsureZerosAndOnes("mask", mask);
        var both = mask * ofKeys;
        AttentionMasks.MarkZerosAndOnes(both);
        return both;
    }

    /// <summary>Refuses a mask [B, L, S], which would broadcast as [heads, L, S] where there are as many heads as sequences.</summary>
    private static void EnsureUnambiguous(string what, Tensor? mask, Tensor query)
    {
        if (mask is { Rank: 3 } && query.Rank == 3)
        {
            throw new ShapeException(
                "Attention",
                $"a {what} of shape {mask.Shape} for queries {query.Shape}",
                $"give [L, S], or [B or 1, heads or 1, L, S]: {what}.Unsqueeze(1) is one for each sequence");
        }
    }

    /// <summary>[.., T, features] as [.., heads, T, size].</summary>
    private static Tensor Split(Tensor x, int heads)
    {
        Span<int> sizes = stackalloc int[x.Rank + 1];
        x.Shape.Sizes.CopyTo(sizes);
        (sizes[^2], sizes[^1]) = (heads, x.Shape[-1] / heads);
        return x.Reshape(sizes).Transpose(-3, -2);
    }

    /// <summary>[.., heads, T, size] as [.., T, features].</summary>
    private static Tensor Merge(Tensor x) => x.Transpose(-3, -2).Flatten(-2);
}
