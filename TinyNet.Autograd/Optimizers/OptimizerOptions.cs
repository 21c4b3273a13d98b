using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// How an optimizer treats a group of parameters. A record: <c>options with { WeightDecay = 0 }</c> is the same for another group. An
/// optimizer of one's own derives its settings from it, and checks each with <see cref="Require"/>; what schedules may change is read
/// from the group instead.
/// </summary>
public abstract record OptimizerOptions
{
    /// <summary>Settings with a learning rate that holds where none is given.</summary>
    protected OptimizerOptions(float learningRate) => LearningRate = learningRate;

    /// <summary>The step size at the start; schedules change that of the group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate { get; init => field = Require.NotNegative(value, nameof(LearningRate)); }

    /// <summary>How much weights are drawn to 0: the factor of the L2 penalty, or of the decay itself where that is decoupled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float WeightDecay { get; init => field = Require.NotNegative(value, nameof(WeightDecay)); }

    /// <summary>The momentum at the start, if the optimizer has one that schedules may cycle; else null.</summary>
    protected internal virtual float? StartMomentum => null;

    /// <summary>Throws where settings do not go together, when a group is made; a setting alone is checked where it is set.</summary>
    /// <param name="argument">The name of the argument, for the exception.</param>
    /// <exception cref="ArgumentException">Settings do not go together.</exception>
    protected internal virtual void Validate(string argument)
    {
    }
}
