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
}
