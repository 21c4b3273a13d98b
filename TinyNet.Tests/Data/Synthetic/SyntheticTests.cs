using TinyNet.Autograd;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Tests.Data;

public class SyntheticTests
{
    [Fact]
    public void A_sum_of_squares_is_that_of_its_features()
    {
        var (x, y) = All(Synthetic.SumOfSquares(200, 5, seed: 1));

        Assert.Equal([200, 1], y.Shape.Sizes.ToArray());
        Assert.All(Rows(x.ToArray(), 5).Zip(y.ToArray()), pair =>
            Assert.Equal(pair.First.Sum(value => (double)value * value), pair.Second, 1e-6 * Math.Max(1, pair.Second)));
    }

    [Fact]
    public void Sin_and_cos_are_of_the_first_two_features()
    {
        var (x, y) = All(Synthetic.SinPlusCos(200, 10, seed: 42));

        Assert.All(Rows(x.ToArray(), 10).Zip(y.ToArray()), pair =>
            Assert.Equal(Math.Sin(pair.First[0]) + Math.Cos(pair.First[1]), pair.Second, 1e-6));
    }

    [Fact]
    public void Clouds_lie_about_their_centers()
    {
        var data = Synthetic.Clouds(3000, features: 2, classes: 3, separation: 5, seed: 2);
        var (x, labels) = All(data);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => i % 3), labels.ToArray());
        Assert.Equal(3, data.Classes);

        // About its mean every cloud has variance 1; the means differ.
        var clouds = Rows(x.ToArray(), 2).Zip(labels.ToArray()).GroupBy(pair => pair.Second, pair => pair.First).ToArray();
        var means = clouds.Select(cloud => (X: cloud.Average(p => p[0]), Y: cloud.Average(p => p[1]))).ToArray();
        Assert.All(clouds.Zip(means), pair =>
            Assert.InRange(pair.First.Average(p => Math.Pow(p[0] - pair.Second.X, 2) + Math.Pow(p[1] - pair.Second.Y, 2)) / 2, 0.9, 1.1));
        Assert.All(means.Skip(1), mean => Assert.True(Math.Abs(mean.X - means[0].X) + Math.Abs(mean.Y - means[0].Y) > 1));
    }

    [Fact]
    public void Sequences_have_their_class_by_the_sum_of_their_first_features()
    {
        var data = Synthetic.Sequences(500, steps: 7, features: 3, seed: 3);
        var (x, labels) = All(data);

        Assert.Equal([500, 7, 3], x.Shape.Sizes.ToArray());
        Assert.Equal(
            Rows(x.ToArray(), 21).Select(row => row.Where((_, i) => i % 3 == 0).Sum(value => (double)value) > 0 ? 1 : 0),
            labels.ToArray());
        Assert.InRange(labels.ToArray().Average(), 0.4, 0.6);
    }

    [Fact]
    public void Texts_have_lengths_and_tokens_of_their_class()
    {
        var data = Synthetic.Texts(400, vocabulary: 20, shortest: 3, longest: 9, classes: 3, seed: 4);
        var texts = Enumerable.Range(0, data.Count).Select(i => data.Sample(i).ToArray()).ToArray();

        Assert.Equal([3, 4, 5, 6, 7, 8, 9], texts.Select(text => text.Length).Distinct().Order());
        Assert.Equal(Enumerable.Range(1, 19), texts.SelectMany(text => text).Distinct().Order());

        // A half, and a third of the other half.
        double own = texts.Zip(data.Labels.ToArray())
            .SelectMany(pair => pair.First.Select(token => (token - 1) % 3 == pair.Second ? 1 : 0))
            .Average();
        Assert.InRange(own, 0.6, 0.74);
    }

    [Fact]
    public void Latent_vectors_are_normally_distributed()
    {
        float[] values = All(Synthetic.LatentVectors(1000, 16, seed: 5)).ToArray();

        Assert.InRange(values.Average(), -0.03, 0.03);
        Assert.InRange(values.Average(value => value * value), 0.97, 1.03);
    }

    [Fact]
    public void Extreme_values_are_finite_and_of_every_magnitude()
    {
        float[] values = All(Synthetic.ExtremeValues(2000, 5, seed: 6)).ToArray();

        Assert.All(values, value => Assert.True(float.IsFinite(value) && value != 0));
        Assert.Contains(values, value => float.IsSubnormal(value) && value < 0);
        Assert.Contains(values, value => value > 1e38f);
        Assert.InRange(values.Average(value => value > 0 ? 1 : 0), 0.45, 0.55);
    }

    [Fact]
    public void The_seed_decides()
    {
        Assert.Equal(All(Synthetic.LatentVectors(9, 4, seed: 1)).ToArray(), All(Synthetic.LatentVectors(9, 4, seed: 1)).ToArray());
        Assert.NotEqual(All(Synthetic.LatentVectors(9, 4, seed: 1)).ToArray(), All(Synthetic.LatentVectors(9, 4, seed: 2)).ToArray());
        Assert.Equal(All(Synthetic.Texts(9, seed: 1)).Tokens.ToArray(), All(Synthetic.Texts(9, seed: 1)).Tokens.ToArray());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Clouds(-1, 2, 2), "count");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Clouds(1, 2, 0), "classes");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Clouds(1, 2, 2, float.NaN), "separation");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.SinPlusCos(1, features: 1), "features must be 2 or more");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.SumOfSquares(1, 0), "features");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Sequences(1, 0, 1), "steps");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Texts(1, vocabulary: 2, classes: 2), "vocabulary");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.Texts(1, shortest: 5, longest: 4), "longest");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.LatentVectors(1, 0), "size");
        Refusal.Of<ArgumentOutOfRangeException>(() => Synthetic.ExtremeValues(1, -1), "features");
    }

    [Fact]
    public void A_network_learns_a_sum_of_squares()
    {
        var (train, test) = Synthetic.SumOfSquares(2000, 3, seed: 7).Split(0.2, seed: 1);
        var random = new TinyNet.Core.RandomStream(1);
        var model = new Sequential(new Dense(3, 32, random: random), new Swish(), new Dense(32, 1, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var loss = new MeanSquaredError();
        using var loader = new DataLoader<RegressionBatch>(train, batchSize: 32, shuffle: true, seed: 1);
        for (int epoch = 0; epoch < 30; epoch++)
        {
            foreach (var (x, y) in loader)
            {
                using var tape = Tape.Record();
                tape.Backward(loss.Forward(model.Forward(x), y));
                optimizer.Step();
            }
        }

        // The variance of the sum is 6.
        var (testX, testY) = All(test);
        Assert.InRange(loss.Forward(model.Forward(testX), testY).Item(), 0, 0.3);
    }

    private static TBatch All<TBatch>(Dataset<TBatch> data) => data.Load([.. Enumerable.Range(0, data.Count)]);

    private static IEnumerable<float[]> Rows(float[] values, int length) => values.Chunk(length);
}
