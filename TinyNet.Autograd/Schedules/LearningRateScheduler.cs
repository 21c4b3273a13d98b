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
    private readonly float[] _baseRates;

    /// <summary>Makes the scheduler; the learning rates that the groups have now are the base rates.</summary>
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
        _baseRates = [.. optimizer.Groups.Select(group => group.LearningRate)];
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
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int StepIndex
    {
        get;
        set
        {
            field = Require.NotNegative(value, nameof(StepIndex));
            for (int i = 0; i < _schedules.Length; i++)
            {
                var group = _optimizer.Groups[i];
                group.LearningRate = (float)_schedules[i].LearningRate(value, _baseRates[i]);
                if (_schedules[i].Momentum(value) is { } momentum)
                {
                    group.Momentum = (float)momentum;
                }
            }
        }
    }

    /// <summary>Goes on to the next step: call it after the optimizer's step, or after the epoch.</summary>
    public void Step() => StepIndex++;
}
