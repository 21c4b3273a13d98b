using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>A schedule that was written outside goes with those that are there, and so does a scheduler with a memory.</summary>
public class ScheduleTests
{
    private readonly SGD _optimizer = new([new Parameter(Tensor.From([1]))], 0.5f);

    [Theory]
    [InlineData(0, 0.125)]
    [InlineData(3, 0.5)]
    [InlineData(15, 0.25)]
    [InlineData(63, 0.125)]
    public void It_sets_the_rate_of_every_step(int step, float rate)
    {
        var scheduler = new LearningRateScheduler(_optimizer, new InverseRootSchedule(warmup: 4)) { StepIndex = step };
        Assert.Equal(step, scheduler.StepIndex);
        Assert.Equal(rate, _optimizer.LearningRate);
    }

    [Fact]
    public void It_is_put_together_with_others()
    {
        Schedule schedule = new ConstantSchedule(2, 0.5).Then(2, new InverseRootSchedule(4)).With(new StepSchedule(100));
        Assert.Equal([0.5, 0.5, 0.25, 0.5], [.. Enumerable.Range(0, 4).Select(step => schedule.LearningRate(step, 1))]);
    }

    [Fact]
    public void A_scheduler_with_a_memory_sets_the_rates_of_the_groups()
    {
        var driver = new BoldDriver(_optimizer);
        driver.Step(3);
        driver.Step(2);
        Assert.Equal(0.5f * 1.125f * 1.125f, _optimizer.LearningRate);
        driver.Step(2.5);
        Assert.Equal(0.25f * 1.125f * 1.125f, _optimizer.LearningRate);

        // A run goes on from what is remembered.
        var resumed = new BoldDriver(_optimizer) { LastLoss = driver.LastLoss };
        resumed.Step(2.75);
        Assert.Equal(0.125f * 1.125f * 1.125f, _optimizer.LearningRate);
    }
}
