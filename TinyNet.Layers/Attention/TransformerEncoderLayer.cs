using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// What a transformer encoder works on: sequences [B, T, features]. A tensor alone stands for one without masks. In every mask 1
/// means: is seen.
/// </summary>
/// <param name="Source">The sequences.</param>
public readonly record struct EncoderInput(Tensor Source) : ITensorRecord
{
    /// <summary>[T, T] or [B or 1, heads or 1, T, T]: 1 where a place sees another, 0 where it does not.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>[T, T] or [B or 1, heads or 1, T, T]: added to the scores.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>[B, T]: 1, or 0 where there is padding, which nobody sees; with a cache T counts the steps in it too.</summary>
    public Tensor? KeyMask { get; init; }

    /// <summary>Whether a place sees only itself and those before.</summary>
    public bool IsCausal { get; init; }

    /// <summary>Keys and values of earlier steps, to which those of this one are added.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <summary>Sequences without masks.</summary>
    public static implicit operator EncoderInput(Tensor source) => new(source);

    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with
        {
            Source = visitor.Visit(nameof(Source), Source),
            Mask = visitor.Visit(nameof(Mask), Mask),
            Bias = visitor.Visit(nameof(Bias), Bias),
            KeyMask = visitor.Visit(nameof(KeyMask), KeyMask),
        };
    }

    internal AttentionInput Attention(Tensor x) =>
        new(x) { Mask = Mask, Bias = Bias, KeyMask = KeyMask, IsCausal = IsCausal, Cache = Cache };
}

/// <summary>
/// A layer of a transformer (A. Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762):
/// x ← norm(x + attention(x)), then x ← norm(x + feedForward(x)); or, with the norm first, x ← x + attention(norm(x)), then
/// x ← x + feedForward(norm(x)) (R. Xiong et al., "On layer normalization in the transformer architecture", ICML 2020,
/// arXiv:2002.04745). Parameters are named as in PyTorch.
/// </summary>
public sealed class TransformerEncoderLayer : TransformerLayer<EncoderInput>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="heads">The number of heads of the attention, a divisor of the features.</param>
    /// <param name="hidden">The size between the dense layers.</param>
    /// <param name="dropout">The probability to drop weights and elements in training.</param>
    /// <param name="activation">Between the dense layers; null for ReLU.</param>
    /// <param name="normFirst">Whether the norm comes before attention and dense layers instead of after the sums.</param>
    /// <param name="epsilon">ε of the norms.</param>
    /// <param name="batchFirst">Whether tensors are [B, T, features], else [T, B, features].</param>
    /// <param name="bias">Whether projections, dense layers and norms have biases.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, the heads do not divide the features, or the probability is not in [0, 1].
    /// </exception>
    public TransformerEncoderLayer(
        int features, int heads, int hidden = 2048, float dropout = 0.1f, Module<Tensor, Tensor>? activation = null,
        bool normFirst = false, float epsilon = 1e-5f, bool batchFirst = true, bool bias = true, RandomStream? random = null)
        : base(features, heads, hidden, dropout, activation, normFirst, epsilon, batchFirst, bias, random, "self_attn")
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(EncoderInput input) =>
        KeyValueCache.Step(input.Cache, this, input, static (layer, input) => layer.Compute(input));

    private Tensor Compute(EncoderInput input)
    {
        TensorRecords.EnsureThere("TransformerEncoderLayer", (nameof(input.Source), input.Source));
        var x = input.Source;
        return RunDense(After(0, x, SelfAttention.Forward(input.Attention(Before(0, x))).Output));
    }
}

/// <summary>Encoder layers. <inheritdoc cref="TransformerStack{TIn, TLayer}" path="/summary/node()"/></summary>
/// <param name="layers">The layers.</param>
/// <param name="norm">What comes after the last layer; null for nothing.</param>
public sealed class TransformerEncoder(IEnumerable<TransformerEncoderLayer> layers, Module<Tensor, Tensor>? norm = null)
    : TransformerStack<EncoderInput, TransformerEncoderLayer>(layers, norm)
{
    private protected override Tensor SequencesOf(in EncoderInput input)
    {
        TensorRecords.EnsureThere("TransformerEncoder", (nameof(input.Source), input.Source));
        return input.Source;
    }

    private protected override KeyValueCache? CacheOf(in EncoderInput input) => input.Cache;

    private protected override EncoderInput InputOfLayer(in EncoderInput input, Tensor sequences, KeyValueCache? cache) =>
        input with { Source = sequences, Cache = cache };
}
