using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>
/// A decoder-only transformer: tokens [N, T] become scores [N, T, tokens] of those that come next, each from itself and those before.
/// </summary>
/// <remarks>A. Radford et al., "Language models are unsupervised multitask learners", 2019.</remarks>
internal sealed class GptNetwork : Module<IndexTensor, Tensor>
{
    public const int Layers = 4, Heads = 4, Features = 128, Places = 64;

    private const float Spread = 0.02f;

    private readonly Embedding _tokens;
    private readonly LearnedPositions _places;
    private readonly TransformerEncoder _layers;

    public GptNetwork(int tokens)
    {
        var small = Initializer.Normal(standardDeviation: Spread);
        _tokens = Child("tokens", new Embedding(tokens, Features, initializer: small));
        _places = Child("places", new LearnedPositions(Places, Features, small));
        var layers = Enumerable.Range(0, Layers).Select(_ => new TransformerEncoderLayer(
            Features, Heads, hidden: 4 * Features, dropout: 0, new GELU(), normFirst: true, bias: false));
        _layers = Child("layers", new TransformerEncoder(layers, new LayerNorm([Features], bias: false)));
    }

    /// <summary>The same for tokens after those that a cache has seen, which then has seen these too.</summary>
    public Tensor Next(IndexTensor tokens, KeyValueCache? cache)
    {
        var placed = _places.Forward(new PlacedSequence(_tokens.Forward(tokens), cache?.Length ?? 0));
        var seen = _layers.Forward(new EncoderInput(placed) { IsCausal = true, Cache = cache });

        // What stands for a token also scores it.
        return seen.MatMul(_tokens.Weight.Transpose());
    }

    protected override Tensor ForwardCore(IndexTensor input) => Next(input, cache: null);
}
