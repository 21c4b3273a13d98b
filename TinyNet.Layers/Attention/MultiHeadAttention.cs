using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Attention of several heads (A. Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762):
/// concat(head₁, .., head_h) · W_out + b_out with headᵢ = softmax(QᵢKᵢᵀ/√d) Vᵢ, where Qᵢ, Kᵢ and Vᵢ are the i-th parts, of size d =
/// features / h, of the projections query · W_q + b_q, key · W_k + b_k and value · W_v + b_v.
/// </summary>
/// <remarks>
/// W_q, W_k and W_v stand beside each other in <c>in_proj_weight</c> [features, 3·features], or, where keys or values have sizes of
/// their own, are <c>q_proj_weight</c>, <c>k_proj_weight</c> and <c>v_proj_weight</c>: the transposes of PyTorch's. They start as
/// there, by Xavier, with biases 0. A query that sees no key gives b_out,
/// as a sum of no values does.
/// </remarks>
public sealed class MultiHeadAttention : Module<AttentionInput, AttentionOutput>
{
    private readonly int _features, _heads;
    private readonly bool _isBatchFirst;
    private readonly float _dropout;
    private readonly RandomStream? _random;
    private readonly Parameter? _inputWeight, _queryWeight, _keyWeight, _valueWeight, _inputBias;
    private readonly Dense _output;

    /// <summary>Makes the layer.</summary>
    /// <param name="features">The size of the last axis of queries and result.</param>
    /// <param name="heads">The number of heads, a divisor of the features.</param>
    /// <param name="dropout">The probability to drop a weight in training.</param>
    /// <param name="bias">Whether the projections have biases.</param>
    /// <param name="keyFeatures">The size of the last axis of keys; null for that of queries.</param>
    /// <param name="valueFeatures">The size of the last axis of values; null for that of queries.</param>
    /// <param name="batchFirst">Whether tensors are [B, T, ..], else [T, B, ..]. Masks have the batch first in any case.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, the heads do not divide the features, or the probability is not in [0, 1].
    /// </exception>
    public MultiHeadAttention(
        int features, int heads, float dropout = 0, bool bias = true, int? keyFeatures = null, int? valueFeatures = null,
        bool batchFirst = true, RandomStream? random = null)
    {
        AttentionHeads.Size(features, heads);
        Require.Positive(keyFeatures ?? features, nameof(keyFeatures));
        Require.Positive(valueFeatures ?? features, nameof(valueFeatures));
        (_features, _heads, _isBatchFirst, _random) = (features, heads, batchFirst, random);
        _dropout = Require.Probability(dropout);
        if ((keyFeatures ?? features) == features && (valueFeatures ?? features) == features)
        {
            _inputWeight = Projection("in_proj_weight", features, Shape.Product(3, features, "MultiHeadAttention"));
        }
        else
        {
            _queryWeight = Projection("q_proj_weight", features, features);
            _keyWeight = Projection("k_proj_weight", keyFeatures ?? features, features);
            _valueWeight = Projection("v_proj_weight", valueFeatures ?? features, features);
        }

        _inputBias = bias ? AddParameter("in_proj_bias", Tensor.Zeros([Shape.Product(3, features, "MultiHeadAttention")])) : null;
        _output = Child("out_proj", new Dense(features, features, bias, biasInitializer: Initializer.Zeros, random: random));
    }

    /// <summary>The weights that are always given as second result, for hooks and captures to see; an input may ask for others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such choice.</exception>
    public AttentionWeights Weights { get; set => field = Require.Defined(value, nameof(Weights)); }

    /// <inheritdoc/>
    protected internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <inheritdoc/>
    public override string Describe() =>
        FormattableString.Invariant($"MultiHeadAttention({_features}, {_heads} heads{(_dropout > 0 ? $", dropout {_dropout}" : "")})");

    /// <summary>Attention of x to itself, without masks.</summary>
    public Tensor Forward(Tensor x) => Forward(new AttentionInput(x)).Output;

    /// <inheritdoc/>
    protected override AttentionOutput ForwardCore(AttentionInput input) =>
        KeyValueCache.Step(input.Cache, this, input, static (layer, input) => layer.Compute(input));

    private AttentionOutput Compute(AttentionInput input)
    {
        AttentionHeads.EnsureFit("MultiHeadAttention", input);
        input = input.Weights == AttentionWeights.None ? input with { Weights = Weights } : input;
        bool isOfItself = input.Query == input.Key && input.Key == input.Value && _inputWeight is not null;
        var query = Arrange(input.Query);
        float dropout = _dropout > 0 && IsTraining ? _dropout : 0;
        var (output, weights) = isOfItself
            ? AttentionHeads.Attend(query.Linear(_inputWeight!, _inputBias), _heads, input, dropout, Random)
            : AttentionHeads.Attend(
                Project(query, _queryWeight, 0),
                Project(Arrange(input.Key), _keyWeight, 1),
                Project(Arrange(input.Value), _valueWeight, 2),
                _heads, input, dropout, Random);
        return new AttentionOutput(Arrange(_output.Forward(output)), weights);
    }

    private Parameter Projection(string name, int from, int to) =>
        AddParameter(name, Initializer.XavierUniform().Make([from, to], new Fans(from, to), Random), fileAxes: [1, 0]);

    private Tensor Project(Tensor x, Parameter? weight, int part) =>
        x.Linear(weight ?? Part(_inputWeight!, part), _inputBias is null ? null : Part(_inputBias, part));

    private Tensor Part(Tensor all, int part) => all.Slice(-1, part * _features, (part + 1) * _features);

    /// <summary>Exchanges batch and steps where they come the other way round.</summary>
    private Tensor Arrange(Tensor x) => _isBatchFirst || x.Rank < 3 ? x : x.Transpose(0, 1);
}
