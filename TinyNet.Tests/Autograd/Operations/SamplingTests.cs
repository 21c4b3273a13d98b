using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Random draws of classes: as often as their probabilities say, the same on every device.</summary>
public class SamplingTests
{
    private const float Inf = float.PositiveInfinity;
    private const int Draws = 40_000;

    [Fact]
    public void Logits_draw_classes_as_often_as_softmax_says()
    {
        float[] logits = [1, -Inf, 3, 2.5f, -40, 1];
        double[] expected = Normalized(logits.Select(logit => Math.Exp(logit)));
        var drawn = Tensor.From(logits).Expand(Draws, 6).Categorical(new RandomStream(3));
        Assert.Equal([Draws], drawn.Shape.Sizes.ToArray());
        AssertFrequencies(expected, drawn.ToArray());
    }

    [Fact]
    public void Weights_draw_classes_in_proportion()
    {
        float[] weights = [2, 0, 1, 5, 1e-30f, 0];
        double[] expected = Normalized(weights.Select(weight => (double)weight));
        foreach (float scale in new[] { 1, 1e-30f, 1e30f })
        {
            var x = Tensor.From([.. weights.Select(weight => weight * scale)]);
            AssertFrequencies(expected, x.Multinomial(Draws, new RandomStream(5), replacement: true).ToArray());
            AssertFrequencies(expected, x.Expand(Draws, 6).Multinomial(1, new RandomStream(6)).ToArray());
        }
    }

    /// <summary>The first class by the weights, the second by those that are left.</summary>
    [Fact]
    public void Without_replacement_each_class_is_drawn_of_those_that_are_left()
    {
        double[] weights = [1, 2, 3, 4];
        int[] drawn = Tensor.From([1, 2, 3, 4]).Expand(Draws, 4).Multinomial(3, new RandomStream(7)).ToArray();
        var expected = new double[16];
        for (int first = 0; first < 4; first++)
        {
            for (int second = 0; second < 4; second++)
            {
                expected[4 * first + second] = first == second ? 0 : weights[first] / 10 * weights[second] / (10 - weights[first]);
            }
        }

        AssertFrequencies(expected, [.. drawn.Chunk(3).Select(row => 4 * row[0] + row[1])]);
        Assert.All(drawn.Chunk(3), row => Assert.Equal(3, row.Distinct().Count()));
        Assert.Equal([0, 1, 2, 3], Tensor.From([1, 2, 3, 4]).Multinomial(4, new RandomStream(8)).ToArray().Order());
    }

    [Fact]
    public void Every_device_draws_the_same_and_goes_on_in_the_stream()
    {
        float[] numbers = Tensor.Uniform([3, 4, 9], new RandomStream(1)).ToArray();
        int[]? logitDraws = null, weightDraws = null;
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var x = Tensor.From(numbers, [3, 9, 4], device).Transpose();
            var random = new RandomStream(2);
            int[] first = x.Categorical(random).ToArray(), second = x.Multinomial(3, random).ToArray();
            Assert.Equal((12, 36), (first.Length, second.Length));
            Assert.Equal(12UL + 108, random.Position);
            Assert.Equal(logitDraws ??= first, first);
            Assert.Equal(weightDraws ??= second, second);
        }
    }

    [Fact]
    public void No_rows_draw_nothing_and_a_vector_is_one_row()
    {
        Assert.Equal([0], Tensor.Zeros([0, 3]).Categorical(new RandomStream(1)).Shape.Sizes.ToArray());
        Assert.Equal([0, 2], Tensor.Zeros([0, 3]).Multinomial(2, new RandomStream(1)).Shape.Sizes.ToArray());
        Assert.Equal((0, 2), (Tensor.From([-Inf, -Inf, 5]).Categorical(new RandomStream(1)).Rank,
            Tensor.From([-Inf, -Inf, 5]).Categorical(new RandomStream(1)).Item()));
    }

    [Fact]
    public void What_has_no_probabilities_is_refused()
    {
        var random = new RandomStream(1);
        Refusal.Of<TensorException>(() => Tensor.From([1, float.NaN]).Categorical(random), "Categorical", "NaN");
        Refusal.Of<TensorException>(() => Tensor.From([1, Inf]).Categorical(random), "Categorical");
        Refusal.Of<TensorException>(() => Tensor.From([-Inf, -Inf]).Categorical(random), "nothing but");
        Refusal.Of<TensorException>(() => Tensor.From([1f, -1]).Multinomial(1, random), "-1");
        Refusal.Of<TensorException>(() => Tensor.From([1, float.NaN]).Multinomial(1, random), "NaN");
        Refusal.Of<TensorException>(() => Tensor.From([0f, 0]).Multinomial(5, random, replacement: true), "0 classes");
        Refusal.Of<TensorException>(() => Tensor.From([1f, 0]).Multinomial(2, random), "1 classes", "2 are to be drawn");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.From([1f, 1]).Multinomial(3, random), "count");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.From([1f, 1]).Multinomial(0, random, replacement: true), "count");
        Refusal.Of<ShapeException>(() => Tensor.FromScalar(1).Categorical(random), "no classes");
        Refusal.Of<ShapeException>(() => Tensor.Zeros([2, 0]).Multinomial(1, random), "no classes");
        Assert.Throws<ArgumentNullException>(() => Tensor.Ones([2]).Categorical(null!));
    }

    private static double[] Normalized(IEnumerable<double> weights)
    {
        double[] all = [.. weights];
        return [.. all.Select(weight => weight / all.Sum())];
    }

    /// <summary>Within five standard deviations; what has no probability is never drawn.</summary>
    private static void AssertFrequencies(double[] probabilities, int[] drawn)
    {
        for (int i = 0; i < probabilities.Length; i++)
        {
            double p = probabilities[i], part = drawn.Count(other => other == i) / (double)drawn.Length;
            Assert.True(
                Math.Abs(part - p) <= 5 * Math.Sqrt(p * (1 - p) / drawn.Length) && (p > 1e-12 || part == 0),
                $"class {i} is {part} of the draws, should be {p}");
        }
    }
}
