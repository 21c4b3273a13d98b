using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// minRate + (baseRate − minRate) · (1 + cos(π · step / steps)) / 2: half a cosine down; beyond it the rate rises again
/// (I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without the restarts).
/// </summary>
public sealed class CosineSchedule : Schedule
{
    private readonly int _steps;
    private readonly double _minRate;

    /// <summary>Makes the schedule.</summary>
    /// <param name="steps">After how many steps the rate is lowest.</param>
    /// <param name="minRate">The lowest rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is not positive, or minRate negative.</exception>
    public CosineSchedule(int steps, double minRate = 0) =>
        (_steps, _minRate) = (Require.Positive(steps), Require.NotNegative(minRate));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(CosineSchedule), ("steps", _steps), ("to", _minRate));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => Cosine(baseRate, _minRate, (double)step / _steps);
}

/// <summary>
/// Half a cosine from baseRate down to minRate, over and over; each period is periodFactor times as long as the one before
/// (I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017).
/// </summary>
public sealed class WarmRestartsSchedule : Schedule
{
    private readonly int _firstPeriod, _periodFactor;
    private readonly double _minRate;

    /// <summary>Makes the schedule.</summary>
    /// <param name="firstPeriod">The steps of the first period.</param>
    /// <param name="periodFactor">How much longer each period is than the one before.</param>
    /// <param name="minRate">The lowest rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">firstPeriod or periodFactor is not positive, or minRate negative.</exception>
    public WarmRestartsSchedule(int firstPeriod, int periodFactor = 1, double minRate = 0) =>
        (_firstPeriod, _periodFactor, _minRate) = (
            Require.Positive(firstPeriod),
            Require.Positive(periodFactor),
            Require.NotNegative(minRate));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(WarmRestartsSchedule), ("first period", _firstPeriod), ("period factor", _periodFactor), ("to", _minRate));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate)
    {
        long start = 0, period = _firstPeriod;
        if (_periodFactor == 1)
        {
            start = step / period * period;
        }

        while (step >= start + period)
        {
            start += period;
            period *= _periodFactor;
        }

        return Cosine(baseRate, _minRate, (double)(step - start) / period);
    }
}

/// <summary>
/// A straight line from 0 to baseRate, then half a cosine down to baseRate · minRatio, which stays: with W warm-up steps of T,
/// baseRate · e / W for e &lt; W, else baseRate · (m + (1 − m) (1 + cos(π min(1, (e − W) / max(1, T − W)))) / 2).
/// </summary>
public sealed class WarmupCosineSchedule : Schedule
{
    private readonly int _warmupSteps, _totalSteps;
    private readonly double _minRatio;

    /// <summary>Makes the schedule.</summary>
    /// <param name="warmupSteps">The steps of the warm-up.</param>
    /// <param name="totalSteps">All steps, the warm-up included.</param>
    /// <param name="minRatio">What part of the base rate is left at the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative.</exception>
    public WarmupCosineSchedule(int warmupSteps, int totalSteps, double minRatio = 0) =>
        (_warmupSteps, _totalSteps, _minRatio) = (
            Require.NotNegative(warmupSteps),
            Require.NotNegative(totalSteps),
            Require.NotNegative(minRatio));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(WarmupCosineSchedule), ("warm-up", _warmupSteps), ("steps", _totalSteps), ("to the part", _minRatio));

    /// <inheritdoc/>
    public override double LearningRate(int step, double baseRate) => step < _warmupSteps
        ? baseRate * step / _warmupSteps
        : baseRate * Cosine(1, _minRatio, Math.Min(1, (double)(step - _warmupSteps) / Math.Max(1, _totalSteps - _warmupSteps)));
}
