using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// Schedules one after the other and on top of each other, and what sets them; the single ones are replayed from recorded cases.
/// </summary>
public class ScheduleTests
{
    private readonly SGD _optimizer = new([new Parameter(Tensor.From([1]))], 0.5f, momentum: 0.9f);

    [Fact]
    public void A_warm_up_is_followed_by_another_schedule()
    {
        var schedule = new LinearSchedule(4, 0, 1).Then(4, new StepSchedule(2, 0.5));
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.5, 0.25], Rates(schedule, 9, 1));
        Assert.Equal(
            [1, 2, 4, 8, 8], Rates(new ExponentialSchedule(2).Then(3, new ConstantSchedule(0, 1).With(Schedule.ByFactor(_ => 8))), 5, 1));
    }

    [Fact]
    public void Schedules_multiply_when_chained()
    {
        var schedule = new ConstantSchedule(2, 0.5).With(new ExponentialSchedule(0.5));
        Assert.Equal([0.5, 0.25, 0.25, 0.125], Rates(schedule, 4, 1));
    }

    [Fact]
    public void The_scheduler_sets_every_group_from_its_own_base_rate()
    {
        Parameter p = new(Tensor.From([1])), q = new(Tensor.From([1]));
        var optimizer = new SGD(
            ParameterGroup.Of([p], new SGDOptions { LearningRate = 0.5f }),
            ParameterGroup.Of([q], new SGDOptions { LearningRate = 0.25f }));
        var scheduler = new LearningRateScheduler(optimizer, new ExponentialSchedule(0.5));
        scheduler.Step();
        Assert.Equal([0.25f, 0.125f], optimizer.Groups.Select(group => group.LearningRate));
        scheduler = new LearningRateScheduler(optimizer, new ExponentialSchedule(0.5), new ExponentialSchedule(2)) { StepIndex = 2 };
        Assert.Equal([0.125f, 1f], optimizer.Groups.Select(group => group.LearningRate));
        Assert.Equal(2, scheduler.StepIndex);
        Refusal.Of<ArgumentException>(() => new LearningRateScheduler(optimizer), "0 schedules", "2");
    }

    [Fact]
    public void A_second_scheduler_has_the_base_rate_of_the_first()
    {
        var first = new LearningRateScheduler(_optimizer, new LinearSchedule(4, 0.25, 1));
        first.Step();
        var second = new LearningRateScheduler(_optimizer, new ExponentialSchedule(0.5));
        Assert.Equal(0.5f, _optimizer.LearningRate);
        second.Step();
        Assert.Equal((0.25f, 0.5f), (_optimizer.LearningRate, _optimizer.Groups[0].InitialLearningRate));

        _optimizer.Groups[0].InitialLearningRate = 2;
        second.Step();
        Assert.Equal(0.5f, _optimizer.LearningRate);
        Assert.Throws<ArgumentOutOfRangeException>(() => _optimizer.Groups[0].InitialLearningRate = -1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_base_rate_is_saved_so_that_a_scheduler_may_be_made_before_or_after_loading(bool before)
    {
        var scheduler = new LearningRateScheduler(_optimizer, new ExponentialSchedule(0.5));
        scheduler.Step();
        var state = _optimizer.SaveState();
        Assert.Equal(0.5f, state.Groups[0].InitialLearningRate);

        var resumed = new SGD([new Parameter(Tensor.From([1]))], 0.125f, momentum: 0.9f);
        var again = before ? new LearningRateScheduler(resumed, new ExponentialSchedule(0.5)) : null;
        resumed.LoadState(state);
        Assert.Equal(0.25f, resumed.LearningRate);
        again ??= new LearningRateScheduler(resumed, new ExponentialSchedule(0.5));
        again.StepIndex = 2;
        Assert.Equal(0.125f, resumed.LearningRate);
    }

    [Fact]
    public void A_state_from_before_there_was_a_scheduler_leaves_the_base_rate()
    {
        var state = _optimizer.SaveState();
        Assert.Null(state.Groups[0].InitialLearningRate);
        _ = new LearningRateScheduler(_optimizer, new ExponentialSchedule(0.5));
        _optimizer.LoadState(state);
        Assert.Equal(0.5f, _optimizer.Groups[0].InitialLearningRate);
    }

    [Fact]
    public void A_schedule_that_is_refused_leaves_no_base_rate()
    {
        Assert.Throws<InvalidOperationException>(() => new LearningRateScheduler(_optimizer, Schedule.ByFactor(_ => -1)));
        Assert.Null(_optimizer.Groups[0].InitialLearningRate);
    }

    [Fact]
    public void Going_to_a_step_equals_walking_there()
    {
        var schedule = new OneCycleSchedule(1, 12);
        var walked = new LearningRateScheduler(_optimizer, schedule);
        for (int i = 0; i < 7; i++)
        {
            walked.Step();
        }

        var (rate, momentum) = (_optimizer.LearningRate, _optimizer.Groups[0].Momentum);
        walked.StepIndex = 3;
        walked.StepIndex = 7;
        Assert.Equal((rate, momentum), (_optimizer.LearningRate, _optimizer.Groups[0].Momentum));
    }

    [Fact]
    public void One_cycle_ends_low_and_stays_there()
    {
        var schedule = new OneCycleSchedule(1, 10, finalDivisor: 100);
        Assert.Equal(1 / 25.0 / 100, schedule.LearningRate(9, 0), 1e-12);
        Assert.Equal(schedule.LearningRate(9, 0), schedule.LearningRate(50, 0), 1e-12);
        Assert.Equal(0.95, schedule.Momentum(50)!.Value, 1e-12);
    }

    [Fact]
    public void A_schedule_that_cycles_momentum_needs_one() =>
        Refusal.Of<ArgumentException>(
            () => new LearningRateScheduler(new Adagrad([new Parameter(Tensor.From([1]))]), new OneCycleSchedule(1, 10)), "momentum");

    [Fact]
    public void Warm_restarts_grow_their_periods()
    {
        var schedule = new WarmRestartsSchedule(2, 3);
        foreach (int start in new[] { 0, 2, 8, 26 })
        {
            Assert.Equal(1, schedule.LearningRate(start, 1), 1e-12);
        }

        Assert.Equal(0.5, schedule.LearningRate(5, 1), 1e-12);
    }

    [Fact]
    public void A_cycle_may_be_longer_than_an_int_counts()
    {
        var schedule = new CyclicSchedule(1, int.MaxValue);
        Assert.Equal(1, schedule.LearningRate(int.MaxValue, 0), 1e-12);
        Assert.Equal(0.5, schedule.LearningRate(int.MaxValue / 2, 0), 1e-8);
    }

    [Fact]
    public void A_resumed_plateau_goes_on()
    {
        double[] losses = [3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1];
        PlateauScheduler Make(Optimizer optimizer) => new(optimizer, factor: 0.5, patience: 1, cooldown: 1);
        var whole = Make(_optimizer);
        var other = new SGD([new Parameter(Tensor.From([1]))], 0.5f, momentum: 0.9f);
        var part = Make(other);
        for (int i = 0; i < losses.Length; i++)
        {
            if (i == 5)
            {
                part = Make(other);
                part.State = State(losses[..5]);
            }

            whole.Step(losses[i]);
            part.Step(losses[i]);
            Assert.Equal(_optimizer.LearningRate, other.LearningRate);
        }

        Assert.True(_optimizer.LearningRate < 0.5f);

        PlateauState State(double[] seen)
        {
            var scheduler = Make(new SGD([new Parameter(Tensor.From([1]))], 0.5f));
            foreach (double loss in seen)
            {
                scheduler.Step(loss);
            }

            return scheduler.State;
        }
    }

    [Fact]
    public void A_metric_of_nan_is_no_improvement()
    {
        var scheduler = new PlateauScheduler(_optimizer, factor: 0.5, patience: 0);
        scheduler.Step(1);
        scheduler.Step(double.NaN);
        Assert.Equal(0.25f, _optimizer.LearningRate);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiStepSchedule([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmRestartsSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialSchedule(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 10, 0.6, threePhases: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicSchedule(1, maxMomentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 10, strategy: (AnnealStrategy)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CyclicSchedule(1, mode: (CycleMode)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauScheduler(_optimizer, factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauScheduler(_optimizer, (MetricMode)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauScheduler(_optimizer, thresholdMode: (ThresholdMode)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauScheduler(_optimizer, minRate: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule().Then(-1, new LinearSchedule()));
        Assert.Throws<ArgumentNullException>(() => new LinearSchedule().With(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateScheduler(_optimizer, new LinearSchedule()).StepIndex = -1);
    }

    private static double[] Rates(Schedule schedule, int steps, double baseRate) =>
        [.. Enumerable.Range(0, steps).Select(step => schedule.LearningRate(step, baseRate))];
}
