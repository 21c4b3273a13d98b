using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Analysis;

/// <summary>Samples of tensors, quantiles, and histories of bounded length.</summary>
public class SamplingTests
{
    [Fact]
    public void A_small_tensor_is_taken_whole() =>
        Assert.Equal([1f, 2, 3], new TensorSampler(4, seed: 0).Take(Tensor.From([1, 2, 3])));

    [Fact]
    public void A_large_one_is_sampled_at_fixed_places_one_in_each_stretch()
    {
        var x = Tensor.From([.. Enumerable.Range(0, 1003).Select(i => (float)i)]);
        float[] sample = new TensorSampler(100, seed: 3).Take(x), again = new TensorSampler(100, seed: 3).Take(x);
        Assert.Equal(sample, again);
        Assert.NotEqual(sample, new TensorSampler(100, seed: 4).Take(x));
        Assert.All(Enumerable.Range(0, 100), i => Assert.InRange(sample[i], i * 1003 / 100, (i + 1) * 1003 / 100 - 1));
    }

    [Fact]
    public void Values_of_views_are_those_that_they_show()
    {
        var x = Tensor.From([.. Enumerable.Range(0, 600).Select(i => (float)i)], [20, 30]);
        foreach (var view in new[] { x.Transpose(), x[2..9, 5..21], x[..1].Expand(9, 30) })
        {
            using var scope = Tape.NoRecord();
            float[] shown = view.ToArray();
            Assert.All(new TensorSampler(17, seed: 0).Take(view), value => Assert.Contains(value, shown));
        }
    }

    [Fact]
    public void Quantiles_lie_between_neighbors_and_leave_out_what_is_no_number()
    {
        // numpy.quantile([1, 2, 3, 4, 10], [.05, .25, .5, .75, .95]).
        Assert.Equal(new Quantiles(1.2f, 2, 3, 4, 8.8f), Quantiles.Of([10, 1, float.NaN, 3, 2, float.PositiveInfinity, 4]));
        Assert.True(float.IsNaN(Quantiles.Of([]).P50));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(700)]
    [InlineData(4096)]
    public void Quantiles_are_those_of_all_values_in_order(int count)
    {
        float[] normal = Normal(count);
        foreach (float[] values in new[]
        {
            normal, [.. normal.Select(x => Math.Max(x, 0))], [.. normal.Select(x => Math.Max(x - 2, 0))],
            [.. normal.Select(x => Math.Min(x, 0))],
            [.. normal.Select(x => 1 + x / 100)], [.. normal.Select(x => x * 1e-40f)],
            [.. normal.Select(x => MathF.Round(x))], new float[count],
        })
        {
            float[] sorted = [.. values.Order()];
            var quantiles = Quantiles.Of(values);
            Assert.Equal(
                [At(sorted, 0.05), At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75), At(sorted, 0.95)],
                [quantiles.P05, quantiles.P25, quantiles.P50, quantiles.P75, quantiles.P95]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_long_history_keeps_entries_at_equal_distances_with_the_first_and_the_newest(int capacity)
    {
        var history = new DecimatedHistory<int>(capacity);
        for (int i = 0; i < 1000; i++)
        {
            history.Add(i);
            int[] kept = [.. history];
            Assert.Equal(history.Count, kept.Length);
            Assert.InRange(kept.Length, 1, capacity + 1);
            Assert.Equal((0, i), (kept[0], kept[^1]));
            // The newest may lie between.
            var distances = kept.SkipLast(1).Zip(kept.SkipLast(1).Skip(1)).Select(pair => pair.Second - pair.First);
            Assert.True(distances.Distinct().Count() <= 1, string.Join(' ', kept));
        }
    }

    private static float[] Normal(int count) => Tensor.Normal([count], new RandomStream(7)).ToArray();

    private static float At(float[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return (float)(sorted[below] * (1 - (place - below)) + sorted[above] * (place - below));
    }
}
