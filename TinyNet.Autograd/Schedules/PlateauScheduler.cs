using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Which metrics are better.</summary>
public enum MetricMode
{
    /// <summary>Lower ones: a loss.</summary>
    Min,

    /// <summary>Higher ones: an accuracy.</summary>
    Max,
}

/// <summary>What a threshold is compared with.</summary>
public enum ThresholdMode
{
    /// <summary>A part of the best metric: better is below best − threshold · |best|, or above best + threshold · |best|.</summary>
    Relative,

    /// <summary>The difference itself: better is below best − threshold, or above best + threshold.</summary>
    Absolute,
}

/// <summary>
/// Multiplies the learning rates by a factor where a metric has stopped to become better: after more than
/// <c>patience</c> metrics in a row without improvement.
/// </summary>
/// <remarks>
/// <para>
/// Better is, with a relative threshold, a metric below best − threshold · |best|, or above best + threshold · |best| where higher ones
/// are; with an absolute one, below best − threshold, or above best + threshold. PyTorch takes best · (1 ∓ threshold), which is the same
/// for metrics above 0; below 0 it lies on the wrong side of the best, so that a metric which stays, or becomes worse by less than the
/// threshold, counts as better.
/// </para>
/// <para>
/// The first metric is better, unless it is the worst that there is (infinity, or −infinity where higher ones are better). A metric of nan
/// never is, and never becomes the best. After one that is infinitely good none is better.
/// </para>
/// <para>
/// A scheduler needs no base class: what sets <see cref="ParameterGroup.LearningRate"/> of an optimizer's <see cref="Optimizer.Groups"/>
/// between steps is one. Keep what it remembers in a record, as <see cref="State"/> is, so that a run can be resumed.
/// </para>
/// </remarks>
public sealed class PlateauScheduler
{
    private readonly Optimizer _optimizer;
    private readonly ThresholdMode _thresholdMode;
    private readonly double _factor, _threshold, _minRate, _minChange;
    private readonly int _patience, _cooldown;

    /// <summary>Makes the scheduler.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="mode">Which metrics are better.</param>
    /// <param name="factor">What the rates are multiplied by, below 1.</param>
    /// <param name="patience">How many metrics without improvement are let pass.</param>
    /// <param name="threshold">How much better a metric must be to count.</param>
    /// <param name="thresholdMode">Whether that is a part of the best metric or a difference.</param>
    /// <param name="cooldown">For how many metrics after a change none counts as bad.</param>
    /// <param name="minRate">What no rate goes below.</param>
    /// <param name="minChange">A change that is not larger is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public PlateauScheduler(Optimizer optimizer, MetricMode mode = MetricMode.Min, double factor = 0.1, int patience = 10,
        double threshold = 1e-4, ThresholdMode thresholdMode = ThresholdMode.Relative, int cooldown = 0,
        double minRate = 0, double minChange = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        (_optimizer, Mode, _thresholdMode) = (optimizer, Require.Defined(mode), Require.Defined(thresholdMode));
        (_factor, _threshold) = (Require.Fraction(factor), Require.NotNegative(threshold));
        (_patience, _cooldown) = (Require.NotNegative(patience), Require.NotNegative(cooldown));
        (_minRate, _minChange) = (Require.NotNegative(minRate), Require.NotNegative(minChange));
        State = new PlateauState(mode == MetricMode.Min ? double.PositiveInfinity : double.NegativeInfinity, 0, 0);
    }

    /// <summary>What is remembered; with it, and the optimizer's own state, a run goes on as it would have.</summary>
    /// <exception cref="ArgumentException">The best metric is nan, or a number of metrics negative.</exception>
    public PlateauState State
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (double.IsNaN(value.Best) || value.BadSteps < 0 || value.CooldownLeft < 0)
            {
                throw new ArgumentException(
                    $"{value}: the best metric is nan, or a number of metrics is negative; give what State was", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Which metrics are better.</summary>
    internal MetricMode Mode { get; }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(PlateauScheduler), ("", Mode), ("factor", _factor), ("patience", _patience),
        ("best", State.Best), ("bad steps", State.BadSteps));

    /// <summary>Takes a metric and changes the learning rates if it is time; call it after the epoch.</summary>
    public void Step(double metric)
    {
        var (best, bad, cooldown) = State;
        (best, bad) = IsBetter(metric, best) ? (metric, 0) : (best, bad < int.MaxValue ? bad + 1 : bad);
        if (cooldown > 0)
        {
            (cooldown, bad) = (cooldown - 1, 0);
        }

        if (bad > _patience)
        {
            Reduce();
            (cooldown, bad) = (_cooldown, 0);
        }

        State = new PlateauState(best, bad, cooldown);
    }

    /// <summary>Whether it sets the rates of this optimizer.</summary>
    internal bool IsOf(Optimizer optimizer) => optimizer == _optimizer;

    private bool IsBetter(double metric, double best)
    {
        // No margin about infinity, which is there before the first metric: it would be infinite too, and their difference nan.
        double margin = !double.IsFinite(best) ? 0 : _thresholdMode == ThresholdMode.Relative ? _threshold * Math.Abs(best) : _threshold;
        return Mode == MetricMode.Min ? metric < best - margin : metric > best + margin;
    }

    private void Reduce()
    {
        foreach (var group in _optimizer.Groups)
        {
            double rate = group.LearningRate, next = Math.Max(rate * _factor, _minRate);
            if (rate - next > _minChange)
            {
                group.LearningRate = (float)next;
            }
        }
    }
}

/// <summary>What a <see cref="PlateauScheduler"/> remembers.</summary>
/// <param name="Best">The best metric so far.</param>
/// <param name="BadSteps">How many metrics since were not better.</param>
/// <param name="CooldownLeft">For how many metrics none counts as bad.</param>
public sealed record PlateauState(double Best, int BadSteps, int CooldownLeft);
