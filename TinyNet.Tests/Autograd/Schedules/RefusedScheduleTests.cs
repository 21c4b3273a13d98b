using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>What a scheduler refuses leaves it, and the rates and momenta of its optimizer, as they were.</summary>
public class RefusedScheduleTests
{
    private readonly SGD _optimizer = new(
        ParameterGroup.Of([new Parameter(Tensor.From([1]))], new SGDOptions { LearningRate = 0.5f, Momentum = 0.5f }),
        ParameterGroup.Of([new Parameter(Tensor.From([1]))], new SGDOptions { LearningRate = 0.25f, Momentum = 0.25f }));

    [Fact]
    public void The_schedulers_are_those_that_are_tested_here() => Assert.Equal(
        [nameof(LearningRateScheduler), nameof(PlateauScheduler)],
        typeof(Optimizer).Assembly.GetExportedTypes()
            .Where(type => type.GetConstructors().Any(constructor => constructor.GetParameters() is [var first, ..]
                && first.ParameterType == typeof(Optimizer)))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal));

    public static TheoryData<string, double, double?> Refused => new()
    {
        { "learning rate of NaN", double.NaN, null },
        { "learning rate of -1", -1, null },
        { "learning rate of 1E+300", 1e300, null },
        { "learning rate of", double.PositiveInfinity, 0.5 },
        { "momentum of 1 ", 0.5, 1 },
        { "momentum of NaN", 0.5, double.NaN },
        { "momentum of 0.9999999999", 0.5, 0.9999999999 },
    };

    [Theory, MemberData(nameof(Refused))]
    public void A_step_that_a_schedule_makes_impossible_changes_nothing(string part, double rate, double? momentum)
    {
        var scheduler = new LearningRateScheduler(_optimizer, new Given(0.125, 0.75), new Given(rate, momentum));
        string before = Describe();
        Refusal.Of<InvalidOperationException>(scheduler.Step, "group 1", part, "step 1");
        Assert.Equal((0, before), (scheduler.StepIndex, Describe()));
        Refusal.Of<InvalidOperationException>(() => scheduler.StepIndex = 7, "step 7");
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.StepIndex = -1);
        Assert.Equal((0, before), (scheduler.StepIndex, Describe()));
    }

    [Fact]
    public void A_scheduler_that_is_refused_changes_nothing()
    {
        string before = Describe();
        var wild = Schedule.ByFactor(_ => double.NaN);
        Refusal.Of<InvalidOperationException>(() => new LearningRateScheduler(_optimizer, new ConstantSchedule(1, 0.5), wild), "group 1");
        Assert.Throws<ArgumentNullException>(() => new LearningRateScheduler(_optimizer, new ConstantSchedule(1, 0.5), null!));
        Assert.Equal(before, Describe());
    }

    [Fact]
    public void A_momentum_that_comes_later_needs_one_too()
    {
        var optimizer = new Adagrad([new Parameter(Tensor.From([1]))], 0.5f);
        var scheduler = new LearningRateScheduler(optimizer, new ConstantSchedule(5, 0.5).Then(1, new OneCycleSchedule(1, 10)));
        Refusal.Of<InvalidOperationException>(scheduler.Step, "momentum", "the optimizer has none");
        Assert.Equal((0, 0.25f), (scheduler.StepIndex, optimizer.LearningRate));
    }

    [Fact]
    public void After_the_last_step_there_is_none()
    {
        var scheduler = new LearningRateScheduler(_optimizer, new ConstantSchedule(1, 0.5)) { StepIndex = int.MaxValue };
        Refusal.Of<InvalidOperationException>(scheduler.Step, $"after step {int.MaxValue}");
        Assert.Equal(int.MaxValue, scheduler.StepIndex);
    }

    [Fact]
    public void A_state_that_a_plateau_scheduler_refuses_changes_nothing()
    {
        var scheduler = new PlateauScheduler(_optimizer, patience: 3);
        scheduler.Step(2);
        scheduler.Step(3);
        var state = scheduler.State;
        foreach (var wrong in new[]
        {
            state with { Best = double.NaN },
            state with { BadSteps = -1 },
            state with { CooldownLeft = -1 },
        })
        {
            Refusal.Of<ArgumentException>(() => scheduler.State = wrong, "PlateauState", "nan");
        }

        Assert.Throws<ArgumentNullException>(() => scheduler.State = null!);
        Assert.Equal(new PlateauState(2, 1, 0), scheduler.State);
    }

    private string Describe() => string.Join("; ", _optimizer.Groups.Select(group => $"{group.LearningRate} {group.Momentum}"));

    /// <summary>Leaves the first step alone, then gives what it was made with.</summary>
    private sealed class Given(double rate, double? momentum) : Schedule
    {
        public override double LearningRate(int step, double baseRate) => step == 0 ? baseRate : rate;

        public override double? Momentum(int step) => step == 0 ? null : momentum;
    }
}
