using TinyNet.Core;
using TinyNet.Examples;

namespace TinyNet.Tests.Examples;

public class TrigramModelTests
{
    [Fact]
    public void A_probability_is_the_mixture_of_shares_counted_by_hand()
    {
        // 0 1 0 2 ten times: after 1 and after 2 comes 0; after 0 comes 1 ten times and 2 ten times; after 1 0 always 2.
        var model = new TrigramModel([.. Enumerable.Repeat<int[]>([0, 1, 0, 2], 10).SelectMany(four => four)], tokens: 4);
        var weights = model.Weights;

        Assert.Equal(1, weights[0] + weights[1] + weights[2] + weights[3], 1e-12);
        Assert.Equal(weights[0] / 4 + weights[1] * 10 / 40 + weights[2] * 10 / 20 + weights[3], model.Probability(1, 0, 2), 1e-12);
        Assert.Equal(weights[0] / 4 + weights[1] * 10 / 40 + weights[2] * 10 / 20, model.Probability(1, 0, 1), 1e-12);
        Assert.Equal(weights[0] / 4, model.Probability(1, 0, 3), 1e-12);

        // 2 1 never came: what followed 1 takes its place. 3 never came: what there is at all does.
        Assert.Equal(weights[0] / 4 + weights[1] * 20 / 40 + weights[2] + weights[3], model.Probability(2, 1, 0), 1e-12);
        Assert.Equal(weights[0] / 4 + (1 - weights[0]) * 20 / 40, model.Probability(1, 3, 0), 1e-12);

        // All that is held out is told by the two tokens before.
        Assert.True(weights[3] > 0.99, $"{weights[3]}");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 2)]
    public void Probabilities_add_up_to_1(int a, int b)
    {
        var random = new RandomStream(1);
        var model = new TrigramModel([.. Enumerable.Range(0, 500).Select(_ => random.Next(random.Next(6) + 1))], tokens: 6);

        Assert.Equal(1, Enumerable.Range(0, 6).Sum(c => model.Probability(a, b, c)), 1e-12);
    }

    [Fact]
    public void The_loss_is_the_mean_of_negative_logarithms()
    {
        var model = new TrigramModel([0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0], tokens: 2);

        double expected = -(Math.Log(model.Probability(0, 1, 0)) + Math.Log(model.Probability(1, 0, 0))) / 2;

        Assert.Equal(expected, model.Loss([0, 1, 0, 0]), 1e-12);
    }
}
