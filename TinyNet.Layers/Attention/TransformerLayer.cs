using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// What <see cref="TransformerEncoderLayer"/> and <see cref="TransformerDecoderLayer"/> share: sublayers, which are attentions and at last
/// the dense layers. What a sublayer f makes of x is added to x: x ← norm(x + f(x)), or, with the norm first, x ← x + f(norm(x)).
/// </summary>
/// <typeparam name="TIn">What the layer works on: sequences and what belongs to them.</typeparam>
public abstract class TransformerLayer<TIn> : Module<TIn, Tensor>
{
    private readonly MultiHeadAttention[] _attentions;
    private readonly FeedForward _feedForward;
    private readonly LayerNorm[] _norms;
    private readonly Dropout[] _dropouts;
    private readonly bool _isNormFirst;

    private protected TransformerLayer(
        int features, int heads, int hidden, float dropout, Module<Tensor, Tensor>? activation, bool normFirst, float epsilon,
        bool batchFirst, bool bias, RandomStream? random, params string[] attentions)
    {
        _isNormFirst = normFirst;
        _attentions = Array.ConvertAll(
            attentions,
            name => Child(name, new MultiHeadAttention(features, heads, dropout, bias, batchFirst: batchFirst, random: random)));
        _feedForward = new FeedForward(
            Child("linear1", new Dense(features, hidden, bias, random: random)),
            Child("activation", activation ?? new ReLU()),
            Child("dropout", new Dropout(dropout, random)),
            Child("linear2", new Dense(hidden, features, bias, random: random)));
        int[] places = [.. Enumerable.Range(1, attentions.Length + 1)];
        _norms = Array.ConvertAll(places, place => Child($"norm{place}", new LayerNorm([features], epsilon, bias: bias)));
        _dropouts = Array.ConvertAll(places, place => Child($"dropout{place}", new Dropout(dropout, random)));
    }

    /// <summary>The attention of the sequences to themselves.</summary>
    public MultiHeadAttention SelfAttention => _attentions[0];

    /// <summary>The attention of a sublayer.</summary>
    private protected MultiHeadAttention Attention(int sublayer) => _attentions[sublayer];

    /// <summary>What a sublayer works on: x, or its norm where that comes first.</summary>
    private protected Tensor Before(int sublayer, Tensor x) => _isNormFirst ? _norms[sublayer].Forward(x) : x;

    /// <summary>x and what a sublayer made of it, added up.</summary>
    private protected Tensor After(int sublayer, Tensor x, Tensor made)
    {
        var sum = x + _dropouts[sublayer].Forward(made);
        return _isNormFirst ? sum : _norms[sublayer].Forward(sum);
    }

    /// <summary>The last sublayer: the dense layers.</summary>
    private protected Tensor RunDense(Tensor x)
    {
        int last = _attentions.Length;
        return After(last, x, _feedForward.Run(Before(last, x)));
    }
}
