using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

// <recipes>
/// <summary>Tokens [samples, steps] to scores [samples, steps, letters] of the token after each.</summary>
public sealed class LetterModel : Module<IndexTensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly LearnedPositions _positions;
    private readonly TransformerEncoder _layers;
    private readonly Dense _head;

    public LetterModel(int letters, int places, int features, RandomStream random)
    {
        _embedding = Child("embedding", new Embedding(letters, features, random: random));
        _positions = Child("positions", new LearnedPositions(places, features, random: random));
        var layer = new TransformerEncoderLayer(features, heads: 2, 4 * features, normFirst: true, random: random);
        _layers = Child("layers", new TransformerEncoder([layer], new LayerNorm(features)));
        _head = Child("head", new Dense(features, letters, random: random));
    }

    /// <summary>The start, and as many tokens after it as are asked for.</summary>
    public int[] Generate(int[] start, int count, RandomStream random)
    {
        Evaluate();                                          // no dropout
        var cache = new KeyValueCache();                     // of this text alone
        List<int> tokens = [.. start];
        for (int[] next = start; count > 0; count--)
        {
            using var scope = Tape.NoRecord();               // no gradient flows through a cache
            var scores = Scores(IndexTensor.From(next, [1, next.Length]), cache);
            next = scores.Select(1, -1).Categorical(random).ToArray();      // computed next is this token alone
            tokens.AddRange(next);
        }

        return [.. tokens];
    }

    protected override Tensor ForwardCore(IndexTensor tokens) => Scores(tokens, cache: null);

    private Tensor Scores(IndexTensor tokens, KeyValueCache? cache)
    {
        var x = _positions.Forward(new PlacedSequence(_embedding.Forward(tokens), Start: cache?.Length ?? 0));
        return _head.Forward(_layers.Forward(new EncoderInput(x) { IsCausal = true, Cache = cache }));
    }
}
// </recipes>
