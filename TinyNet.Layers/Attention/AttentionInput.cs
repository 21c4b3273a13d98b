using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Which weights of an attention are wanted, to look at; computing them takes the slow way.</summary>
public enum AttentionWeights
{
    /// <summary>None.</summary>
    None,

    /// <summary>The mean over the heads: [.., L, S].</summary>
    Averaged,

    /// <summary>Those of each head: [.., heads, L, S].</summary>
    PerHead,
}

/// <summary>
/// What an attention works on: queries [B, L, features], keys [B, S, ..] and values [B, S, ..], or without the axis B. A tensor
/// alone stands for attention to itself.
/// </summary>
/// <remarks>In every mask 1 means: is seen. (In PyTorch's MultiheadAttention true means: is not.)</remarks>
/// <param name="Query">The queries.</param>
/// <param name="Key">The keys.</param>
/// <param name="Value">The values.</param>
public readonly record struct AttentionInput(Tensor Query, Tensor Key, Tensor Value) : ITensorRecord
{
    /// <summary>Attention to itself.</summary>
    public AttentionInput(Tensor x) : this(x, x, x)
    {
    }

    /// <summary>[L, S] or [B or 1, heads or 1, L, S]: 1 where a query sees a key, 0 where it does not; other entries are refused.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>[L, S] or [B or 1, heads or 1, L, S]: added to the scores.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>
    /// [B, S]: 1, or 0 where a key is padding, which nobody sees (<see cref="Autograd.Sequences.LengthMask"/>); with a cache S counts the
    /// keys in it too.
    /// </summary>
    public Tensor? KeyMask { get; init; }

    /// <summary>Whether a query sees only the keys up to its own place; with a cache the places count from its start.</summary>
    public bool IsCausal { get; init; }

    /// <summary>The weights that are wanted as second result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such choice.</exception>
    public AttentionWeights Weights { get; init => field = Require.Defined(value, nameof(Weights)); }

    /// <summary>Keys and values of earlier steps, to which those of this one are added.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <summary>Attention to itself.</summary>
    public static implicit operator AttentionInput(Tensor x) => new(x);

    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        // One tensor in several places stays one: attention to itself takes a faster way.
        var query = visitor.Visit(nameof(Query), Query);
        var key = Key == Query ? query : visitor.Visit(nameof(Key), Key);
        return this with
        {
            Query = query,
            Key = key,
            Value = Value == Key ? key : visitor.Visit(nameof(Value), Value),
            Mask = visitor.Visit(nameof(Mask), Mask),
            Bias = visitor.Visit(nameof(Bias), Bias),
            KeyMask = visitor.Visit(nameof(KeyMask), KeyMask),
        };
    }
}

/// <summary>What an attention gives.</summary>
/// <param name="Output">The result, of the shape of the queries.</param>
/// <param name="Weights">The weights that were asked for, else null.</param>
public readonly record struct AttentionOutput(Tensor Output, Tensor? Weights) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with { Output = visitor.Visit(nameof(Output), Output), Weights = visitor.Visit(nameof(Weights), Weights) };
    }
}
