using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>
/// Scores of the symbols that belong to each place: symbols [N, length] become scores [N · length, symbols], by one attention with tanh on
/// queries and keys, ReLU on values and GELU on the result.
/// </summary>
internal sealed class AttentionNetwork : Module<IndexTensor, Tensor>
{
    private readonly Embedding _symbols;
    private readonly LearnedPositions _places;
    private readonly SelfAttention _attention;
    private readonly Dense _scores;

    public AttentionNetwork(int length, int symbols, int features)
    {
        _symbols = Child("symbols", new Embedding(symbols, features));
        _places = Child("places", new LearnedPositions(length, features));
        _attention = Child("attention", new SelfAttention(features, new Tanh(), new Tanh(), new ReLU(), new GELU()));
        _scores = Child("scores", new Dense(features, symbols));
    }

    /// <summary>How much each place looks at each other: [N, length, length].</summary>
    public Tensor Map(IndexTensor symbols) =>
        _attention.Forward(new AttentionInput(Placed(symbols)) { Weights = AttentionWeights.Averaged }).Weights!;

    protected override Tensor ForwardCore(IndexTensor input) => _scores.Forward(_attention.Forward(Placed(input))).Flatten(0, 1);

    private Tensor Placed(IndexTensor symbols) => _places.Forward(_symbols.Forward(symbols));
}
