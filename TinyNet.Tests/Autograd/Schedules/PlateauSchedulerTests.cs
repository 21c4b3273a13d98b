using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Which metrics a plateau scheduler takes for better: negative ones, the first, and those that are no numbers.</summary>
public class PlateauSchedulerTests
{
    private readonly SGD _optimizer = new([new Parameter(Tensor.From([1]))], 0.5f);

    [Theory]
    [InlineData(MetricMode.Min, -1)]
    [InlineData(MetricMode.Min, 1)]
    [InlineData(MetricMode.Min, 0)]
    [InlineData(MetricMode.Max, -1)]
    [InlineData(MetricMode.Max, 1)]
    [InlineData(MetricMode.Max, 0)]
    public void The_rate_falls_where_the_metric_stays(MetricMode mode, double metric)
    {
        var scheduler = new PlateauScheduler(_optimizer, mode, factor: 0.5, patience: 2);
        for (int i = 0; i < 10; i++)
        {
            scheduler.Step(metric);
        }

        // The first is better than nothing; the fourth, seventh and tenth are one too many.
        Assert.Equal(0.5f / 8, _optimizer.LearningRate);
    }

    [Theory]
    [InlineData(MetricMode.Min, -1, 5e-5, false)]
    [InlineData(MetricMode.Min, -1, -5e-5, false)]
    [InlineData(MetricMode.Min, -1, -2e-4, true)]
    [InlineData(MetricMode.Min, 1, 5e-5, false)]
    [InlineData(MetricMode.Min, 1, -5e-5, false)]
    [InlineData(MetricMode.Min, 1, -2e-4, true)]
    [InlineData(MetricMode.Max, -1, -5e-5, false)]
    [InlineData(MetricMode.Max, -1, 5e-5, false)]
    [InlineData(MetricMode.Max, -1, 2e-4, true)]
    [InlineData(MetricMode.Max, 1, -5e-5, false)]
    [InlineData(MetricMode.Max, 1, 5e-5, false)]
    [InlineData(MetricMode.Max, 1, 2e-4, true)]
    [InlineData(MetricMode.Min, 0, -1e-300, true)]
    [InlineData(MetricMode.Max, 0, 1e-300, true)]
    public void Better_is_by_more_than_a_part_of_the_size_of_the_best(MetricMode mode, double best, double change, bool isBetter)
    {
        var scheduler = new PlateauScheduler(_optimizer, mode, threshold: 1e-4);
        scheduler.Step(best);
        scheduler.Step(best + change);
        Assert.Equal(isBetter ? new PlateauState(best + change, 0, 0) : new PlateauState(best, 1, 0), scheduler.State);
    }

    [Theory]
    [InlineData(MetricMode.Min, ThresholdMode.Relative, 0)]
    [InlineData(MetricMode.Min, ThresholdMode.Relative, 2)]
    [InlineData(MetricMode.Min, ThresholdMode.Absolute, 2)]
    [InlineData(MetricMode.Max, ThresholdMode.Relative, 0)]
    [InlineData(MetricMode.Max, ThresholdMode.Relative, 2)]
    [InlineData(MetricMode.Max, ThresholdMode.Absolute, 2)]
    public void The_first_metric_is_better_and_none_is_after_one_that_is_infinitely_good(
        MetricMode mode, ThresholdMode thresholdMode, double threshold)
    {
        double sign = mode == MetricMode.Min ? 1 : -1, worst = sign * double.PositiveInfinity;
        var scheduler = new PlateauScheduler(_optimizer, mode, patience: 100, threshold: threshold, thresholdMode: thresholdMode);
        scheduler.Step(double.NaN);
        scheduler.Step(worst);
        Assert.Equal(new PlateauState(worst, 2, 0), scheduler.State);
        scheduler.Step(sign * 1e300);
        Assert.Equal(new PlateauState(sign * 1e300, 0, 0), scheduler.State);
        scheduler.Step(double.NaN);
        scheduler.Step(worst);
        Assert.Equal(new PlateauState(sign * 1e300, 2, 0), scheduler.State);
        scheduler.Step(-worst);
        scheduler.Step(-worst);
        scheduler.Step(-sign * 1e300);
        Assert.Equal(new PlateauState(-worst, 2, 0), scheduler.State);
    }

    [Fact]
    public void Patience_without_end_ends_in_no_overflow()
    {
        var scheduler = new PlateauScheduler(_optimizer, patience: int.MaxValue) { State = new PlateauState(1, int.MaxValue, 0) };
        scheduler.Step(2);
        Assert.Equal((new PlateauState(1, int.MaxValue, 0), 0.5f), (scheduler.State, _optimizer.LearningRate));
    }
}
