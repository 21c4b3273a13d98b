namespace TinyNet.Autograd;

/// <summary>How an optimizer treats a group of parameters. A record: <c>options with { WeightDecay = 0 }</c> is the same for another group.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(float learningRate) => LearningRate = learningRate;

    /// <summary>The step size at the start; schedules change that of the group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate { get; init => field = NotNegative(value, nameof(LearningRate)); }

    /// <summary>How much weights are drawn to 0: the factor of the L2 penalty, or of the decay itself where that is decoupled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float WeightDecay { get; init => field = NotNegative(value, nameof(WeightDecay)); }

    /// <summary>The momentum at the start, if there is one that schedules may cycle.</summary>
    internal virtual float? StartMomentum => null;

    /// <summary>Throws where settings do not go together.</summary>
    internal virtual void Validate(string argument)
    {
    }

    private protected static float NotNegative(float value, string name) =>
        value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number of 0 or more");

    private protected static float Finite(float value, string name) =>
        float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number");

    private protected static float Fraction(float value, string name) =>
        value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 0 and less than 1");
}
