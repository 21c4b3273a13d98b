using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Rectified Adam: with m̂, v as in <see cref="Adam"/>, ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ), where ρ is above 5,
/// p ← p − learningRate · r · m̂ · √(1 − β₂ᵗ) / (√v + ε) with r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ)), else
/// p ← p − learningRate · m̂; weight decay is added to g (L. Liu et al., "On the variance of the adaptive learning rate and beyond",
/// ICLR 2020).
/// </summary>
/// <remarks>The states are m and √v (<see cref="ILane{T}.RootOfSquares"/>).</remarks>
public sealed class RAdam : Optimizer<RAdamOptions>
{
    private static readonly string[] Names = ["mean", "root mean square"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public RAdam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0)
        : base(parameters, new RAdamOptions
        {
            LearningRate = learningRate,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            WeightDecay = weightDecay,
        })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public RAdam(params ParameterGroup<RAdamOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(RAdam);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<RAdamOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        double beta1 = group.Momentum!.Value, beta2 = options.Beta2, correction2 = BiasCorrection.Of(beta2, memory.Steps);
        double longest = 2 / (1 - beta2) - 1, length = longest - 2.0 * memory.Steps * (1 - correction2) / correction2;
        bool isAdaptive = length > 5;
        double step = group.LearningRate / BiasCorrection.Of(beta1, memory.Steps);
        if (isAdaptive)
        {
            step *= Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) * Math.Sqrt(correction2);
        }

        var update = new RAdamUpdate((float)step, isAdaptive, (float)beta1, options.Beta2, Denormals.Divisor(options.Epsilon),
            options.WeightDecay);
        Run(memory, update, memory.State(0), memory.State(1));
    }

    internal readonly struct RAdamUpdate(float step, Flag isAdaptive, float beta1, float beta2, float epsilon,
        float weightDecay)
        : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = Denormals.Flush(T.MultiplyAdd(T.Const(beta1), state0, T.Const(1 - beta1) * g));
            state1 = T.RootOfSquares(state1, beta2, g, 1 - beta2);
            T change = isAdaptive ? state0 / (state1 + T.Const(epsilon)) : state0;
            parameter = T.MultiplyAdd(T.Const(-step), change, parameter);
        }
    }
}

/// <summary>The settings of <see cref="RAdam"/>.</summary>
public sealed record RAdamOptions() : MomentOptions(1e-3f);
