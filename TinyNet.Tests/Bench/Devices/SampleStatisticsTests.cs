using TinyNet.Bench;

namespace TinyNet.Tests.Bench.Devices;

public class SampleStatisticsTests
{
    [Theory]
    [InlineData(2, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 3.0, 2.0)]
    [InlineData(5, 5.0)]
    public void The_median_is_the_middle_or_the_mean_of_the_two_in_the_middle(double median, params double[] samples) =>
        Assert.Equal(median, SampleStatistics.MedianOf(samples));

    [Fact]
    public void Quantiles_are_interpolated_between_neighbors()
    {
        // 1 … 21: 95 % of the way from the first to the last is 20; of 1 … 20 it is 1 + 0.95 · 19.
        Assert.Equal(20, SampleStatistics.Quantile([.. Enumerable.Range(1, 21).Select(i => (double)i)], 0.95), 12);
        Assert.Equal(19.05, SampleStatistics.Quantile([.. Enumerable.Range(1, 20).Select(i => (double)i)], 0.95), 12);
        Assert.Equal(7, SampleStatistics.Quantile([7], 0.95));
    }

    [Fact]
    public void All_samples_count_but_the_spread_is_that_of_the_medians_of_rounds()
    {
        // Medians 10, 11 and 12; of all nine samples 11.
        double[][] rounds = [[9, 10, 30], [11, 11, 11], [12, 12, 2]];
        var statistics = SampleStatistics.Of(rounds);

        Assert.Equal(9, statistics.Samples);
        Assert.Equal(11, statistics.Median);
        Assert.Equal(2, statistics.Minimum);
        Assert.Equal(SampleStatistics.Quantile([2, 9, 10, 11, 11, 11, 12, 12, 30], 0.95), statistics.P95);
        Assert.Equal(2 / 11.0, statistics.Spread, 12);
    }

    [Fact]
    public void A_disturbed_round_counts_for_no_spread()
    {
        double[][] rounds = [[10], [10.5], [10.1], [90], [10.2]];

        Assert.Equal(0.5 / 10.2, SampleStatistics.Of(rounds, disturbed: 1).Spread, 12);
        Assert.Equal(80 / 10.2, SampleStatistics.Of(rounds).Spread, 12);
    }

    [Fact]
    public void Zeros_that_are_all_alike_have_no_spread() => Assert.Equal(0, SampleStatistics.Of([[0.0], [0.0]]).Spread);
}
