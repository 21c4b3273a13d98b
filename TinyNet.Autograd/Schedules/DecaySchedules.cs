using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>baseRate · gamma^⌊step / stepSize⌋.</summary>
public sealed class StepSchedule : Schedule
{
    private readonly int _stepSize;
    private readonly double _gamma;

    /// <summary>Makes the schedule.</summary>
    /// <param name="stepSize">After how many steps the rate is multiplied.</param>
    /// <param name="gamma">By what.</param>
    /// <exception cref="ArgumentOutOfRangeException">stepSize is not positive, or gamma negative.</exception>
    public StepSchedule(int stepSize, double gamma = 0.1) =>
        (_stepSize, _gamma) = (Require.Positive(stepSize), Require.NotNegative(gamma));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(StepSchedule), ("every", _stepSize), ("gamma", _gamma));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => baseRate * Math.Pow(_gamma, step / _stepSize);
}

/// <summary>baseRate · gamma^(number of milestones that the step has reached).</summary>
public sealed class MultiStepSchedule : Schedule
{
    private readonly int[] _milestones;
    private readonly double _gamma;

    /// <summary>Makes the schedule.</summary>
    /// <param name="milestones">The steps from which on the rate is multiplied once more; one that is given twice counts twice.</param>
    /// <param name="gamma">By what.</param>
    /// <exception cref="ArgumentOutOfRangeException">A milestone or gamma is negative.</exception>
    public MultiStepSchedule(IEnumerable<int> milestones, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Select(milestone => Require.NotNegative(milestone, nameof(milestones)))];
        _gamma = Require.NotNegative(gamma);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(MultiStepSchedule), ("at", SettingsText.First<int>(_milestones)), ("gamma", _gamma));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) =>
        baseRate * Math.Pow(_gamma, _milestones.Count(milestone => milestone <= step));
}

/// <summary>baseRate · gamma^step.</summary>
public sealed class ExponentialSchedule : Schedule
{
    private readonly double _gamma;

    /// <summary>Makes the schedule.</summary>
    /// <param name="gamma">What the rate is multiplied by in every step.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public ExponentialSchedule(double gamma) => _gamma = Require.NotNegative(gamma);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(ExponentialSchedule), ("gamma", _gamma));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => baseRate * Math.Pow(_gamma, step);
}

/// <summary>baseRate times a factor that goes in a straight line from one value to another, and stays there; also a warm-up.</summary>
public sealed class LinearSchedule : Schedule
{
    private readonly double _startFactor, _endFactor;
    private readonly int _steps;

    /// <summary>Makes the schedule.</summary>
    /// <param name="steps">How many steps the line takes.</param>
    /// <param name="startFactor">The factor in step 0.</param>
    /// <param name="endFactor">The factor from the end of the line on.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is not positive, or a factor negative.</exception>
    public LinearSchedule(int steps = 5, double startFactor = 1.0 / 3, double endFactor = 1) =>
        (_steps, _startFactor, _endFactor) =
            (Require.Positive(steps), Require.NotNegative(startFactor), Require.NotNegative(endFactor));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(LinearSchedule), ("steps", _steps), ("from", _startFactor), ("to", _endFactor));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) =>
        baseRate * Line(_startFactor, _endFactor, (double)Math.Min(step, _steps) / _steps);
}

/// <summary>baseRate · factor for a number of steps, then baseRate.</summary>
public sealed class ConstantSchedule : Schedule
{
    private readonly double _factor;
    private readonly int _steps;

    /// <summary>Makes the schedule.</summary>
    /// <param name="steps">How many steps the factor holds.</param>
    /// <param name="factor">The factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public ConstantSchedule(int steps = 5, double factor = 1.0 / 3) =>
        (_steps, _factor) = (Require.NotNegative(steps), Require.NotNegative(factor));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(ConstantSchedule), ("steps", _steps), ("factor", _factor));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => step < _steps ? baseRate * _factor : baseRate;
}

/// <summary>baseRate · (1 − min(step, steps) / steps)^power.</summary>
public sealed class PolynomialSchedule : Schedule
{
    private readonly double _power;
    private readonly int _steps;

    /// <summary>Makes the schedule.</summary>
    /// <param name="steps">After how many steps the rate is 0.</param>
    /// <param name="power">The power.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is not positive, or power negative.</exception>
    public PolynomialSchedule(int steps = 5, double power = 1) =>
        (_steps, _power) = (Require.Positive(steps), Require.NotNegative(power));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(PolynomialSchedule), ("steps", _steps), ("power", _power));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) =>
        baseRate * Math.Pow(1 - (double)Math.Min(step, _steps) / _steps, _power);
}
