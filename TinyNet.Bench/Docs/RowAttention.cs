using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Digits as eight rows of pixels that look at each other by one attention: images [N, 1, 8, 8] to scores [N, 10].</summary>
internal sealed class RowAttention : Module<Tensor, Tensor>
{
    private const int Rows = 8, Features = 32;

    private readonly Dense _rows;
    private readonly LearnedPositions _places;
    private readonly SelfAttention _attention;
    private readonly Dense _scores;

    public RowAttention(RandomStream random)
    {
        _rows = Child("rows", new Dense(Rows, Features, random: random));
        _places = Child("places", new LearnedPositions(Rows, Features, Initializer.Normal(standardDeviation: 0.1f), random: random));
        _attention = Child("attention", new SelfAttention(Features, heads: 2, random: random));
        _scores = Child("scores", new Dense(Features, 10, random: random));
    }

    protected override Tensor ForwardCore(Tensor images)
    {
        var rows = _places.Forward(_rows.Forward(images.Select(1, 0)));
        return _scores.Forward(_attention.Forward(new AttentionInput(rows)).Output.Mean(1));
    }
}
