using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>How a one-cycle schedule goes from one rate to the next.</summary>
public enum AnnealStrategy
{
    /// <summary>Along half a cosine.</summary>
    Cosine,

    /// <summary>In a straight line.</summary>
    Linear,
}

/// <summary>
/// One cycle: up from maxRate / divisor to maxRate, and down to maxRate / divisor / finalDivisor, while the momentum goes from
/// its maximum to its minimum and back (L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using
/// large learning rates", 2018). The base rate is not used. After the last step the rate stays.
/// </summary>
public sealed class OneCycleSchedule : Schedule
{
    private readonly (double End, double RateFrom, double RateTo, double MomentumFrom, double MomentumTo)[] _phases;
    private readonly AnnealStrategy _strategy;
    private readonly bool _cyclesMomentum;

    /// <summary>Makes the schedule.</summary>
    /// <param name="maxRate">The highest rate.</param>
    /// <param name="totalSteps">The number of steps of the cycle.</param>
    /// <param name="startFraction">The part of the steps in which the rate rises, in (0, 1).</param>
    /// <param name="strategy">How it goes up and down.</param>
    /// <param name="cyclesMomentum">Whether the momentum goes the other way.</param>
    /// <param name="minMomentum">The momentum at the highest rate.</param>
    /// <param name="maxMomentum">The momentum at the start and the end.</param>
    /// <param name="divisor">The highest rate over the first.</param>
    /// <param name="finalDivisor">The first rate over the last.</param>
    /// <param name="threePhases">
    /// Whether the rate goes down in two phases: as long as it rose back to the first rate, then to the last.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range, or the cycle too short for its phases.</exception>
    public OneCycleSchedule(double maxRate, int totalSteps, double startFraction = 0.3, AnnealStrategy strategy = AnnealStrategy.Cosine,
        bool cyclesMomentum = true, double minMomentum = 0.85, double maxMomentum = 0.95,
        double divisor = 25, double finalDivisor = 1e4, bool threePhases = false)
    {
        Require.NotNegative(maxRate);
        Require.Positive(totalSteps);
        Require.Fraction(minMomentum);
        Require.Fraction(maxMomentum);
        Require.Above(0, divisor);
        Require.Above(0, finalDivisor);
        double peak = startFraction * totalSteps - 1, last = totalSteps - 1, back = 2 * peak;
        if (!(peak > 0) || !((threePhases ? back : peak) < last))
        {
            throw new ArgumentOutOfRangeException(nameof(startFraction), startFraction,
                $"the phases of {totalSteps} steps would end at steps {peak}{(threePhases ? $", {back}" : "")} and {last}: "
                + "each needs some");
        }

        (_strategy, _cyclesMomentum) = (Require.Defined(strategy), cyclesMomentum);
        double first = maxRate / divisor, lowest = first / finalDivisor;
        _phases = threePhases
            ?
            [
                (peak, first, maxRate, maxMomentum, minMomentum),
                (back, maxRate, first, minMomentum, maxMomentum),
                (last, first, lowest, maxMomentum, maxMomentum),
            ]
            :
            [
                (peak, first, maxRate, maxMomentum, minMomentum),
                (last, maxRate, lowest, minMomentum, maxMomentum),
            ];
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(OneCycleSchedule), ("steps", _phases[^1].End + 1), ("from", _phases[0].RateFrom), ("over", _phases[0].RateTo),
        ("to", _phases[^1].RateTo), ("", _strategy), ("cycles momentum", _cyclesMomentum));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate)
    {
        var (phase, progress) = At(step);
        return Between(_phases[phase].RateFrom, _phases[phase].RateTo, progress);
    }

    /// <inheritdoc/>
    public override double? Momentum(int step)
    {
        var (phase, progress) = At(step);
        return _cyclesMomentum ? Between(_phases[phase].MomentumFrom, _phases[phase].MomentumTo, progress) : null;
    }

    private (int Phase, double Progress) At(int step)
    {
        int phase = 0;
        while (phase < _phases.Length - 1 && step > _phases[phase].End)
        {
            phase++;
        }

        double start = phase == 0 ? 0 : _phases[phase - 1].End;
        return (phase, Math.Min(1, (step - start) / (_phases[phase].End - start)));
    }

    private double Between(double start, double end, double progress) =>
        _strategy == AnnealStrategy.Cosine ? Cosine(start, end, progress) : Line(start, end, progress);
}

/// <summary>How the height of the cycles of a <see cref="CyclicSchedule"/> goes on.</summary>
public enum CycleMode
{
    /// <summary>It stays.</summary>
    Triangular,

    /// <summary>Each cycle is half as high as the one before.</summary>
    Triangular2,

    /// <summary>It is multiplied by gamma in every step.</summary>
    ExponentialRange,
}

/// <summary>
/// In straight lines from baseRate to maxRate and back, over and over, while the momentum goes from its maximum to its minimum
/// and back (L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017).
/// </summary>
public sealed class CyclicSchedule : Schedule
{
    private readonly double _maxRate, _gamma, _minMomentum, _maxMomentum;
    private readonly int _stepsUp, _stepsDown;
    private readonly CycleMode _mode;
    private readonly bool _cyclesMomentum;

    /// <summary>Makes the schedule.</summary>
    /// <param name="maxRate">The highest rate.</param>
    /// <param name="stepsUp">The steps of the rising half of a cycle.</param>
    /// <param name="stepsDown">The steps of the falling half; null for as many.</param>
    /// <param name="mode">How the height of the cycles goes on.</param>
    /// <param name="gamma">The factor of <see cref="CycleMode.ExponentialRange"/>.</param>
    /// <param name="cyclesMomentum">Whether the momentum goes the other way.</param>
    /// <param name="minMomentum">The momentum at the highest rate.</param>
    /// <param name="maxMomentum">The momentum at the base rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public CyclicSchedule(double maxRate, int stepsUp = 2000, int? stepsDown = null, CycleMode mode = CycleMode.Triangular,
        double gamma = 1, bool cyclesMomentum = true, double minMomentum = 0.8, double maxMomentum = 0.9)
    {
        (_maxRate, _gamma) = (Require.NotNegative(maxRate), Require.NotNegative(gamma));
        (_stepsUp, _stepsDown) = (Require.Positive(stepsUp), Require.Positive(stepsDown ?? stepsUp, nameof(stepsDown)));
        (_minMomentum, _maxMomentum) = (Require.Fraction(minMomentum), Require.Fraction(maxMomentum));
        (_mode, _cyclesMomentum) = (Require.Defined(mode), cyclesMomentum);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(CyclicSchedule), ("to", _maxRate), ("steps up", _stepsUp), ("steps down", _stepsDown), ("", _mode),
        ("gamma", _mode == CycleMode.ExponentialRange ? _gamma : null), ("cycles momentum", _cyclesMomentum));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => Line(baseRate, _maxRate, Height(step));

    /// <inheritdoc/>
    public override double? Momentum(int step) => _cyclesMomentum ? Line(_maxMomentum, _minMomentum, Height(step)) : null;

    /// <summary>0 at the foot of a cycle, at most 1 at its peak.</summary>
    private double Height(int step)
    {
        long length = (long)_stepsUp + _stepsDown, cycle = step / length, at = step % length;
        double height = at <= _stepsUp ? (double)at / _stepsUp : (double)(length - at) / _stepsDown;
        return _mode switch
        {
            CycleMode.Triangular => height,
            CycleMode.Triangular2 => height * Math.Pow(0.5, cycle),
            _ => height * Math.Pow(_gamma, step),
        };
    }
}
