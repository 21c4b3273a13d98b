using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Attention of a sequence to itself with activations on the way: f(softmax(Q Kᵀ/√d) V) with Q = f_q(x · W_q), K = f_k(x · W_k) and
/// V = f_v(x · W_v), each head on a part of size d. There are no biases and no projection of the result.
/// </summary>
public sealed class SelfAttention : Module<AttentionInput, AttentionOutput>
{
    private readonly int _heads;
    private readonly Dense _query, _key, _value;
    private readonly Module<Tensor, Tensor>? _queryActivation, _keyActivation, _valueActivation, _outputActivation;

    /// <summary>Makes the layer.</summary>
    /// <param name="features">The size of the last axis of input and output.</param>
    /// <param name="queryActivation">f_q, which keeps the shape, as f_k and f_v do; null for none.</param>
    /// <param name="keyActivation">f_k; null for none.</param>
    /// <param name="valueActivation">f_v; null for none.</param>
    /// <param name="outputActivation">f; null for none.</param>
    /// <param name="heads">The number of heads, a divisor of the features.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the heads do not divide the features.</exception>
    public SelfAttention(
        int features,
        Module<Tensor, Tensor>? queryActivation = null, Module<Tensor, Tensor>? keyActivation = null,
        Module<Tensor, Tensor>? valueActivation = null, Module<Tensor, Tensor>? outputActivation = null,
        int heads = 1, RandomStream? random = null)
    {
        AttentionHeads.Size(features, heads);
        _heads = heads;
        _query = Child("query", new Dense(features, features, bias: false, random: random));
        _key = Child("key", new Dense(features, features, bias: false, random: random));
        _value = Child("value", new Dense(features, features, bias: false, random: random));
        _queryActivation = queryActivation is null ? null : Child("query_activation", queryActivation);
        _keyActivation = keyActivation is null ? null : Child("key_activation", keyActivation);
        _valueActivation = valueActivation is null ? null : Child("value_activation", valueActivation);
        _outputActivation = outputActivation is null ? null : Child("output_activation", outputActivation);
    }

    /// <summary>The weights that are always given as second result, for hooks and captures to see; an input may ask for others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such choice.</exception>
    public AttentionWeights Weights { get; set => field = Require.Defined(value, nameof(Weights)); }

    /// <inheritdoc/>
    public override string Describe() => $"SelfAttention({_query.InFeatures}, {_heads} heads)";

    /// <summary>The result for x without masks.</summary>
    public Tensor Forward(Tensor x) => Forward(new AttentionInput(x)).Output;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    /// <exception cref="TensorException">Keys or values are another tensor than the queries.</exception>
    protected override AttentionOutput ForwardCore(AttentionInput input) =>
        KeyValueCache.Step(input.Cache, this, input, static (layer, input) => layer.Compute(input));

    /// <summary>A projection and its activation, which keeps the shape: heads are parts of the features.</summary>
    private static Tensor Project(Dense projection, Module<Tensor, Tensor>? activation, Tensor x)
    {
        var y = FeedForward.Run(projection, activation, x);
        return y.Shape == x.Shape
            ? y
            : throw new ShapeException("SelfAttention", $"{activation!.Describe()} makes shape {y.Shape} of {x.Shape}",
                "give activations that keep the shape");
    }

    private AttentionOutput Compute(AttentionInput input)
    {
        AttentionHeads.EnsureFit("SelfAttention", input);
        if (input.Key != input.Query || input.Value != input.Query)
        {
            throw new TensorException(
                "SelfAttention",
                $"keys {input.Key.Shape} or values {input.Value.Shape} that are not the queries",
                "give one tensor; MultiHeadAttention takes three");
        }

        input = input.Weights == AttentionWeights.None ? input with { Weights = Weights } : input;
        var query = Project(_query, _queryActivation, input.Query);
        var key = Project(_key, _keyActivation, input.Query);
        var value = Project(_value, _valueActivation, input.Query);
        var (output, weights) = AttentionHeads.Attend(query, key, value, _heads, input, dropout: 0, random: null);
        return new AttentionOutput(_outputActivation?.Forward(output) ?? output, weights);
    }
}
