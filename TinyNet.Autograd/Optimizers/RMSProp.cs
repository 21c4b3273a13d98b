using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// RMSprop: g ← g + weightDecay · p, s ← α s + (1 − α) g², d = g / (√s + ε), p ← p − learningRate · d; centered, the variance
/// s − m² stands for s, with m ← α m + (1 − α) g; with momentum μ, b ← μ b + d stands for d (T. Tieleman, G. Hinton, "Neural
/// networks for machine learning", lecture 6.5, 2012; centered: A. Graves, "Generating sequences with recurrent neural networks", 2013).
/// </summary>
/// <remarks>
/// The first state is √s (<see cref="ILane{T}.RootOfSquares"/>), centered √(s − m²), which has a definition of its own, without a
/// difference that cancels: s − m² ← α (s − m²) + α (1 − α) (g − m)², with the m before the step.
/// </remarks>
public sealed class RMSProp : Optimizer<RMSPropOptions>
{
    private static readonly string[] Names = ["root mean square", "mean", "momentum"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="alpha">The decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <param name="momentum">How much of the last step is kept, in [0, 1).</param>
    /// <param name="centered">Whether gradients are divided by their standard deviation instead of their root mean square.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public RMSProp(IEnumerable<Parameter> parameters, float learningRate = 0.01f, float alpha = 0.99f, float epsilon = 1e-8f,
        float weightDecay = 0, float momentum = 0, bool centered = false)
        : base(parameters, new RMSPropOptions
        {
            LearningRate = learningRate,
            Alpha = alpha,
            Epsilon = epsilon,
            WeightDecay = weightDecay,
            Momentum = momentum,
            IsCentered = centered,
        })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public RMSProp(params ParameterGroup<RMSPropOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(RMSProp);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override StateUse Use(ParameterGroup<RMSPropOptions> group, int slot) => slot switch
    {
        1 => group.Options.IsCentered ? StateUse.Required : StateUse.None,
        2 => group.HasMomentum ? StateUse.Optional : StateUse.None,
        _ => StateUse.Required,
    };

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<RMSPropOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        float momentum = group.Momentum ?? 0;
        var update = new RMSPropUpdate(group.LearningRate, options.Alpha, Denormals.Divisor(options.Epsilon), options.WeightDecay, momentum,
            options.IsCentered);
        Run(memory, update, memory.State(0), options.IsCentered ? memory.State(1) : null, momentum > 0 ? memory.State(2) : null);
    }

    internal readonly struct RMSPropUpdate(float step, float alpha, float epsilon, float weightDecay, float momentum,
        Flag isCentered)
        : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            T deviation = g;
            float intake = 1 - alpha;
            if (isCentered)
            {
                deviation = g - state1;
                intake *= alpha;
                state1 = Denormals.Flush(T.MultiplyAdd(T.Const(alpha), state1, T.Const(1 - alpha) * g));
            }

            state0 = T.RootOfSquares(state0, alpha, deviation, intake);
            T change = g / (state0 + T.Const(epsilon));
            if (momentum > 0)
            {
                change = state2 = Denormals.Flush(T.MultiplyAdd(T.Const(momentum), state2, change));
            }

            parameter = T.MultiplyAdd(T.Const(-step), change, parameter);
        }
    }
}

/// <summary>The settings of <see cref="RMSProp"/>.</summary>
public sealed record RMSPropOptions() : OptimizerOptions(0.01f)
{
    /// <summary>The decay of the mean of squared gradients, in [0, 1).</summary>
    public float Alpha { get; init => field = Require.Fraction(value, nameof(Alpha)); } = 0.99f;

    /// <summary>What keeps the divisor from 0; where it is 0 itself, the smallest normal float stands for it.</summary>
    public float Epsilon { get; init => field = Require.NotNegative(value, nameof(Epsilon)); } = 1e-8f;

    /// <summary>How much of the last step is kept, in [0, 1).</summary>
    public float Momentum { get; init => field = Require.Fraction(value, nameof(Momentum)); }

    /// <summary>Whether gradients are divided by their standard deviation instead of their root mean square.</summary>
    public bool IsCentered { get; init; }

    /// <inheritdoc/>
    protected internal override float? StartMomentum => Momentum;
}
