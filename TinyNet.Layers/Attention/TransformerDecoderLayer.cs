using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What a transformer decoder works on. In every mask 1 means: is seen.</summary>
/// <param name="Target">The sequences [B, T, features] that attend to themselves, then to the memory.</param>
/// <param name="Memory">The sequences [B, S, features] of the encoder.</param>
public readonly record struct DecoderInput(Tensor Target, Tensor Memory) : ITensorRecord
{
    /// <summary>[T, T] or [B or 1, heads or 1, T, T]: 1 where a place sees another, 0 where it does not.</summary>
    public Tensor? TargetMask { get; init; }

    /// <summary>[T, T] or [B or 1, heads or 1, T, T]: added to the scores of the target with itself.</summary>
    public Tensor? TargetBias { get; init; }

    /// <summary>[B, T]: 1, or 0 where there is padding, which nobody sees; with a cache T counts the steps in it too.</summary>
    public Tensor? TargetKeyMask { get; init; }

    /// <summary>[T, S] or [B or 1, heads or 1, T, S]: 1 where a place sees one of the memory, else 0.</summary>
    public Tensor? MemoryMask { get; init; }

    /// <summary>[T, S] or [B or 1, heads or 1, T, S]: added to the scores of the target with the memory.</summary>
    public Tensor? MemoryBias { get; init; }

    /// <summary>[B, S]: 0 where the memory is padding.</summary>
    public Tensor? MemoryKeyMask { get; init; }

    /// <summary>Whether a place of the target sees only itself and those before.</summary>
    public bool IsCausal { get; init; }

    /// <summary>Keys and values of earlier steps of the target, to which those of this one are added.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with
        {
            Target = visitor.Visit(nameof(Target), Target),
            Memory = visitor.Visit(nameof(Memory), Memory),
            TargetMask = visitor.Visit(nameof(TargetMask), TargetMask),
            TargetBias = visitor.Visit(nameof(TargetBias), TargetBias),
            TargetKeyMask = visitor.Visit(nameof(TargetKeyMask), TargetKeyMask),
            MemoryMask = visitor.Visit(nameof(MemoryMask), MemoryMask),
            MemoryBias = visitor.Visit(nameof(MemoryBias), MemoryBias),
            MemoryKeyMask = visitor.Visit(nameof(MemoryKeyMask), MemoryKeyMask),
        };
    }
}

/// <summary>
/// A decoder layer of a transformer (A. Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762): as
/// <see cref="TransformerEncoderLayer"/>, with an attention to the memory between the attention to itself and the dense layers.
/// Parameters are named as in PyTorch.
/// </summary>
public sealed class TransformerDecoderLayer : TransformerLayer<DecoderInput>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="heads">The number of heads of each attention, a divisor of the features.</param>
    /// <param name="hidden">The size between the dense layers.</param>
    /// <param name="dropout">The probability to drop weights and elements in training.</param>
    /// <param name="activation">Between the dense layers; null for ReLU.</param>
    /// <param name="normFirst">Whether the norm comes before attentions and dense layers instead of after the sums.</param>
    /// <param name="epsilon">ε of the norms.</param>
    /// <param name="batchFirst">Whether tensors are [B, T, features], else [T, B, features].</param>
    /// <param name="bias">Whether projections, dense layers and norms have biases.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, the heads do not divide the features, or the probability is not in [0, 1].
    /// </exception>
    public TransformerDecoderLayer(
        int features, int heads, int hidden = 2048, float dropout = 0.1f, Module<Tensor, Tensor>? activation = null,
        bool normFirst = false, float epsilon = 1e-5f, bool batchFirst = true, bool bias = true, RandomStream? random = null)
        : base(features, heads, hidden, dropout, activation, normFirst, epsilon, batchFirst, bias, random, "self_attn", "multihead_attn")
    {
    }

    /// <summary>The attention of the target to the memory.</summary>
    public MultiHeadAttention CrossAttention => Attention(1);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(DecoderInput input) =>
        KeyValueCache.Step(input.Cache, this, input, static (layer, input) => layer.Compute(input));

    private Tensor Compute(DecoderInput input)
    {
        TensorRecords.EnsureThere("TransformerDecoderLayer", (nameof(input.Target), input.Target), (nameof(input.Memory), input.Memory));
        var x = input.Target;
        x = After(0, x, AttendToItself(Before(0, x), input));
        x = After(1, x, AttendToMemory(Before(1, x), input));
        return RunDense(x);
    }

    private Tensor AttendToItself(Tensor x, in DecoderInput input) =>
        SelfAttention.Forward(new AttentionInput(x)
        {
            Mask = input.TargetMask,
            Bias = input.TargetBias,
            KeyMask = input.TargetKeyMask,
            IsCausal = input.IsCausal,
            Cache = input.Cache,
        }).Output;

    private Tensor AttendToMemory(Tensor x, in DecoderInput input) =>
        CrossAttention.Forward(new AttentionInput(x, input.Memory, input.Memory)
        {
            Mask = input.MemoryMask,
            Bias = input.MemoryBias,
            KeyMask = input.MemoryKeyMask,
        }).Output;
}

/// <summary>Decoder layers. <inheritdoc cref="TransformerStack{TIn, TLayer}" path="/summary/node()"/></summary>
/// <param name="layers">The layers.</param>
/// <param name="norm">What comes after the last layer; null for nothing.</param>
public sealed class TransformerDecoder(IEnumerable<TransformerDecoderLayer> layers, Module<Tensor, Tensor>? norm = null)
    : TransformerStack<DecoderInput, TransformerDecoderLayer>(layers, norm)
{
    private protected override Tensor SequencesOf(in DecoderInput input)
    {
        TensorRecords.EnsureThere("TransformerDecoder", (nameof(input.Target), input.Target), (nameof(input.Memory), input.Memory));
        return input.Target;
    }

    private protected override KeyValueCache? CacheOf(in DecoderInput input) => input.Cache;

    private protected override DecoderInput InputOfLayer(in DecoderInput input, Tensor sequences, KeyValueCache? cache) =>
        input with { Target = sequences, Cache = cache };
}
