using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Averages of weights against their definitions in double precision.</summary>
public class WeightAverageTests
{
    [Theory, InlineData(0.5), InlineData(0.99)]
    public void An_exponential_average_forgets_as_it_says(double decay)
    {
        var dense = new Dense(3, 2, random: new RandomStream(1));
        var average = WeightAverage.Exponential(dense, decay);
        double[] expected = [];
        for (int n = 0; n < 40; n++)
        {
            float[] weights = Move(dense, n);
            double d = n == 0 ? 0 : Math.Min(decay, (1.0 + n) / (10 + n));
            expected = [.. weights.Select((weight, i) => d * (n == 0 ? 0 : expected[i]) + (1 - d) * weight)];
            average.Update();
        }

        AssertIs(expected, average, 1e-5);
        Assert.Equal(40, average.Steps);
    }

    [Theory, InlineData(0), InlineData(7)]
    public void An_average_with_equal_shares_is_the_mean_of_what_counts(int firstStep)
    {
        var dense = new Dense(3, 2, random: new RandomStream(1));
        var average = WeightAverage.Equal(dense, firstStep);
        var all = new List<float[]>();
        for (int n = 0; n < 30; n++)
        {
            all.Add(Move(dense, n));
            average.Update();
            if (n < firstStep)
            {
                AssertIs([.. all[n].Select(weight => (double)weight)], average, 0);
            }
        }

        AssertIs([.. all[0].Select((_, i) => all.Skip(firstStep).Average(weights => (double)weights[i]))], average, 1e-5);
    }

    [Fact]
    public void Buffers_are_those_of_the_model_and_another_model_is_refused()
    {
        var model = new Sequential(new Dense(2, 3), new BatchNorm1d(3));
        var average = WeightAverage.Exponential(model);
        for (int i = 0; i < 3; i++)
        {
            model.Forward(Tensor.From([1, 2, 3, 4.5f + i], [2, 2]));
            average.Update();
        }

        var copy = new Sequential(new Dense(2, 3), new BatchNorm1d(3));
        average.CopyTo(copy);
        Assert.Equal(model.NamedBuffers().Select(b => b.Buffer.ToArray()), copy.NamedBuffers().Select(b => b.Buffer.ToArray()));
        Assert.Throws<WeightMismatchException>(() => average.CopyTo(new Dense(2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightAverage.Exponential(model, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightAverage.Equal(model, -1));
    }

    [Fact]
    public void It_goes_with_the_model_to_another_device()
    {
        var dense = new Dense(3, 2, random: new RandomStream(1));
        var average = WeightAverage.Equal(dense);
        float[] first = Move(dense, 0);
        average.Update();
        dense.To(Device.Reference);
        float[] second = Move(dense, 1);
        average.Update();
        AssertIs([.. first.Select((weight, i) => (weight + (double)second[i]) / 2)], average, 1e-6);
    }

    private static float[] Move(Dense dense, int step)
    {
        var random = new RandomStream((ulong)step + 7);
        var other = new Dense(3, 2, random: random);
        other.To(dense.Parameters()[0].Device);
        dense.CopyFrom(other);
        return TinyRun.Weights(dense);
    }

    private static void AssertIs(double[] expected, WeightAverage average, double tolerance)
    {
        var copy = new Dense(3, 2);
        average.CopyTo(copy);
        Assert.All(expected.Zip(TinyRun.Weights(copy)), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
