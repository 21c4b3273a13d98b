using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// How the learning rate goes on from step to step: a pure function of the index of the step. Whether a step is a batch or an
/// epoch is up to whoever calls <see cref="LearningRateScheduler.Step"/>.
/// </summary>
/// <remarks>
/// A schedule of one's own overrides <see cref="LearningRate"/>; <see cref="Then"/>, <see cref="With"/> and the scheduler take it as
/// any other.
/// What remembers something, as <see cref="PlateauScheduler"/> does, is no schedule: it sets <see cref="ParameterGroup.LearningRate"/>
/// itself.
/// </remarks>
/// <example>
/// <code>
/// public sealed class InverseRoot(int warmup) : Schedule
/// {
///     public override double LearningRate(int step, double baseRate) =>
///         baseRate * Math.Min((step + 1.0) / warmup, Math.Sqrt(warmup / (step + 1.0)));
/// }
/// </code>
/// </example>
public abstract class Schedule
{
    /// <summary>The learning rate in force in a step.</summary>
    /// <param name="step">The index of the step, from 0 on.</param>
    /// <param name="baseRate">The learning rate of the group before any schedule, <see cref="ParameterGroup.InitialLearningRate"/>.</param>
    public abstract double LearningRate(int step, double baseRate);

    /// <summary>The momentum in force in a step; null where the schedule leaves it alone.</summary>
    /// <param name="step">The index of the step, from 0 on.</param>
    public virtual double? Momentum(int step) => null;

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>
    /// This schedule for a number of steps, then another one, which starts at its step 0: a warm-up, say, and what follows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public Schedule Then(int steps, Schedule next) => new SequenceSchedule(this, steps, next);

    /// <summary>Another schedule on top of this one: it is given this one's learning rate as its base rate.</summary>
    public Schedule With(Schedule other) => new ChainSchedule(this, other);

    /// <summary>A schedule by a function of the step, whose value multiplies the base rate.</summary>
    public static Schedule ByFactor(Func<int, double> factor) => new FactorSchedule(factor);

    /// <summary>From start (progress 0) to end (progress 1) along half a cosine.</summary>
    private protected static double Cosine(double start, double end, double progress) =>
        end + (start - end) * (1 + Math.Cos(Math.PI * progress)) / 2;

    private protected static double Line(double start, double end, double progress) => start + (end - start) * progress;

    private sealed class FactorSchedule : Schedule
    {
        private readonly Func<int, double> _factor;

        public FactorSchedule(Func<int, double> factor)
        {
            ArgumentNullException.ThrowIfNull(factor);
            _factor = factor;
        }

        public override double LearningRate(int step, double baseRate) => baseRate * _factor(step);

        public override string ToString() => nameof(ByFactor);
    }

    private sealed class SequenceSchedule : Schedule
    {
        private readonly Schedule _first, _next;
        private readonly int _steps;

        public SequenceSchedule(Schedule first, int steps, Schedule next)
        {
            ArgumentNullException.ThrowIfNull(next);
            (_first, _steps, _next) = (first, Require.NotNegative(steps), next);
        }

        public override double LearningRate(int step, double baseRate) =>
            step < _steps ? _first.LearningRate(step, baseRate) : _next.LearningRate(step - _steps, baseRate);

        public override double? Momentum(int step) => step < _steps ? _first.Momentum(step) : _next.Momentum(step - _steps);

        public override string ToString() => $"{_first} for {_steps} steps, then {_next}";
    }

    private sealed class ChainSchedule : Schedule
    {
        private readonly Schedule _first, _second;

        public ChainSchedule(Schedule first, Schedule second)
        {
            ArgumentNullException.ThrowIfNull(second);
            (_first, _second) = (first, second);
        }

        public override double LearningRate(int step, double baseRate) => _second.LearningRate(step, _first.LearningRate(step, baseRate));

        public override double? Momentum(int step) => _second.Momentum(step) ?? _first.Momentum(step);

        public override string ToString() => $"{_first} with {_second}";
    }
}
