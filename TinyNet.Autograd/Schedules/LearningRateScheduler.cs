using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Sets the learning rates, and where the schedule says so the momenta, of an optimizer by a schedule: for step 0 at once, for the
/// others by <see cref="Step"/>.
/// </summary>
public sealed class LearningRateScheduler
{
    private readonly Optimizer _optimizer;
    private readonly Schedule[] _schedules;
    private readonly (float LearningRate, float? Momentum)[] _next;

    /// <summary>
    /// Makes the scheduler. Its base rates are the <see cref="ParameterGroup.InitialLearningRate"/> of the groups: for the first scheduler
    /// of an optimizer the learning rates that they have now, and for those after it the same.
    /// </summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="schedules">The schedule of all groups, or one for each.</param>
    /// <exception cref="ArgumentException">
    /// There are neither one schedule nor as many as groups, or one sets the momentum of an optimizer that has none.
    /// </exception>
    public LearningRateScheduler(Optimizer optimizer, params ReadOnlySpan<Schedule> schedules)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (schedules.Length != 1 && schedules.Length != optimizer.Groups.Count)
        {
            throw new ArgumentException(
                $"{schedules.Length} schedules for {optimizer.Groups.Count} parameter groups: give one, or one for each",
                nameof(schedules));
        }

        (_optimizer, _schedules) = (optimizer, new Schedule[optimizer.Groups.Count]);
        _next = new (float, float?)[_schedules.Length];
        for (int i = 0; i < _schedules.Length; i++)
        {
            var schedule = schedules[schedules.Length == 1 ? 0 : i];
            ArgumentNullException.ThrowIfNull(schedule, nameof(schedules));
            if (schedule.Momentum(0) is not null && optimizer.Groups[i].Momentum is null)
            {
                throw new ArgumentException("the schedule cycles the momentum, but the optimizer has none: switch that off",
                    nameof(schedules));
            }

            _schedules[i] = schedule;
        }

        StepIndex = 0;
    }

    /// <summary>The index of the step in force. Setting it goes there, to resume a run.</summary>
    /// <remarks>Where a schedule gives what a group does not take, no group is changed, and the index stays.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// A schedule gives a learning rate that is negative or no finite float, or a momentum that is not in [0, 1) or that the optimizer does
    /// not have.
    /// </exception>
    public int StepIndex
    {
        get;
        set
        {
            Require.NotNegative(value, nameof(StepIndex));
            for (int i = 0; i < _schedules.Length; i++)
            {
                _next[i] = Settings(i, value);
            }

            field = value;
            for (int i = 0; i < _schedules.Length; i++)
            {
                var group = _optimizer.Groups[i];
                group.InitialLearningRate ??= group.LearningRate;
                (group.LearningRate, group.Momentum) = _next[i];
            }
        }
    }

    /// <summary>The schedules, and which step they are at.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(LearningRateScheduler), ("", string.Join("; ", _schedules.Distinct())), ("at step", StepIndex));

    /// <summary>Goes on to the next step: call it after the optimizer's step, or after the epoch.</summary>
    /// <exception cref="InvalidOperationException">
    /// As for <see cref="StepIndex"/>; or there is no next step, as the index is <see cref="int.MaxValue"/>.
    /// </exception>
    public void Step() => StepIndex = StepIndex < int.MaxValue
        ? StepIndex + 1
        : throw new InvalidOperationException($"there is no step after step {StepIndex}");

    /// <summary>What a group is to have in a step, checked before any group is changed.</summary>
    private (float LearningRate, float? Momentum) Settings(int index, int step)
    {
        var group = _optimizer.Groups[index];
        double rate = _schedules[index].LearningRate(step, group.InitialLearningRate ?? group.LearningRate);
        double? momentum = _schedules[index].Momentum(step);
        float? own = group.Momentum;
        if ((float)rate is not (>= 0 and < float.PositiveInfinity))
        {
            throw new InvalidOperationException(
                $"the schedule of group {index} gives a learning rate of {rate} in step {step}: a rate is a number of 0 or more");
        }

        if (momentum is { } given && (own is null || (float)given is not (>= 0 and < 1)))
        {
            throw new InvalidOperationException($"the schedule of group {index} gives a momentum of {given} in step {step}: "
                + (own is null ? "the optimizer has none" : "a momentum is in [0, 1)"));
        }

        return ((float)rate, momentum is null ? own : (float)momentum);
    }
}
