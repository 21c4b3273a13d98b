using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adam with Nesterov's momentum: with m, v̂ as in <see cref="Adam"/>, μₜ = β₁ (1 − 0.96^(t · momentumDecay) / 2) and Πₜ = μ₁ ⋯ μₜ,
/// p ← p − learningRate · ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√v̂ + ε); weight decay is added to g
/// (T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016).
/// </summary>
/// <remarks>The states are m and √v (<see cref="ILane{T}.RootOfSquares"/>).</remarks>
public sealed class NAdam : Optimizer<NAdamOptions>
{
    private static readonly string[] Names = ["mean", "root mean square"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <param name="momentumDecay">How fast the momentum rises to β₁.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public NAdam(IEnumerable<Parameter> parameters, float learningRate = 2e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0, float momentumDecay = 4e-3f)
        : base(parameters, new NAdamOptions
        {
            LearningRate = learningRate,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            WeightDecay = weightDecay,
            MomentumDecay = momentumDecay,
        })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public NAdam(params ParameterGroup<NAdamOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(NAdam);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<NAdamOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        double beta1 = group.Momentum!.Value;
        double now = Momentum(memory.Steps), next = Momentum(memory.Steps + 1.0);
        double product = memory.MomentumProduct *= now;
        double rootFactor = 1 / Math.Sqrt(BiasCorrection.Of(options.Beta2, memory.Steps));
        var update = new NAdamUpdate(group.LearningRate, (float)((1 - now) / (1 - product)), (float)(next / (1 - product * next)),
            (float)beta1, options.Beta2, (float)rootFactor, Denormals.Divisor(options.Epsilon), options.WeightDecay);
        Run(memory, update, memory.State(0), memory.State(1));

        double Momentum(double step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * options.MomentumDecay));
    }

    internal readonly struct NAdamUpdate(float step, float gradientPart, float meanPart, float beta1, float beta2, float rootFactor,
        float epsilon, float weightDecay)
        : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = Denormals.Flush(T.MultiplyAdd(T.Const(beta1), state0, T.Const(1 - beta1) * g));
            state1 = T.RootOfSquares(state1, beta2, g, 1 - beta2);
            T root = T.MultiplyAdd(state1, T.Const(rootFactor), T.Const(epsilon));
            T change = T.MultiplyAdd(T.Const(meanPart), state0, T.Const(gradientPart) * g) / root;
            parameter = T.MultiplyAdd(T.Const(-step), change, parameter);
        }
    }
}

/// <summary>The settings of <see cref="NAdam"/>.</summary>
public sealed record NAdamOptions() : MomentOptions(2e-3f)
{
    /// <summary>How fast the momentum rises to β₁.</summary>
    public float MomentumDecay { get; init => field = Require.NotNegative(value, nameof(MomentumDecay)); } = 4e-3f;
}
