namespace TinyNet.Autograd;

/// <summary>
/// How an optimizer treats a group of parameters. A record: <c>options with { WeightDecay = 0 }</c> is the same for another group. An
/// optimizer of one's own derives its settings from it; what schedules may change is read from the group instead.
/// </summary>
public abstract record OptimizerOptions
{
    /// <summary>Settings with a learning rate that holds where none is given.</summary>
    protected OptimizerOptions(float learningRate) => LearningRate = learningRate;

    /// <summary>The step size at the start; schedules change that of the group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate { get; init => field = NotNegative(value, nameof(LearningRate)); }

    /// <summary>How much weights are drawn to 0: the factor of the L2 penalty, or of the decay itself where that is decoupled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float WeightDecay { get; init => field = NotNegative(value, nameof(WeightDecay)); }

    /// <summary>The momentum at the start, if the optimizer has one that schedules may cycle; else null.</summary>
    protected internal virtual float? StartMomentum => null;

    /// <summary>Throws where settings do not go together, when a group is made; a setting alone is checked where it is set.</summary>
    /// <param name="argument">The name of the argument, for the exception.</param>
    /// <exception cref="ArgumentException">Settings do not go together.</exception>
    protected internal virtual void Validate(string argument)
    {
    }

    /// <summary>The value, if it is a number of 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    protected static float NotNegative(float value, string name) =>
        value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number of 0 or more");

    /// <summary>The value, if it is neither nan nor infinite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    protected static float Finite(float value, string name) =>
        float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number");

    /// <summary>The value, if it is in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    protected static float Fraction(float value, string name) =>
        value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 0 and less than 1");
}
