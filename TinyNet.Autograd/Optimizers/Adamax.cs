using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adam by the infinity norm: m as in <see cref="Adam"/>, u ← max(β₂ u, |g| + ε), p ← p − learningRate / (1 − β₁ᵗ) · m / u; weight
/// decay is added to g (D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.1).
/// </summary>
public sealed class Adamax : Optimizer<AdamaxOptions>
{
    private static readonly string[] Names = ["mean", "largest"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public Adamax(IEnumerable<Parameter> parameters, float learningRate = 2e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0)
        : base(parameters, new AdamaxOptions
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
    public Adamax(params ParameterGroup<AdamaxOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(Adamax);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<AdamaxOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        double beta1 = group.Momentum!.Value;
        var update = new AdamaxUpdate((float)(group.LearningRate / BiasCorrection.Of(beta1, memory.Steps)), (float)beta1, options.Beta2,
            Denormals.Divisor(options.Epsilon), options.WeightDecay);
        Run(memory, update, memory.State(0), memory.State(1));
    }

    internal readonly struct AdamaxUpdate(float step, float beta1, float beta2, float epsilon, float weightDecay) : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = Denormals.Flush(T.MultiplyAdd(T.Const(beta1), state0, T.Const(1 - beta1) * g));
            state1 = T.Max(T.Const(beta2) * state1, T.Abs(g) + T.Const(epsilon));
            parameter = T.MultiplyAdd(T.Const(-step), state0 / state1, parameter);
        }
    }
}

/// <summary>The settings of <see cref="Adamax"/>.</summary>
public sealed record AdamaxOptions() : MomentOptions(2e-3f);
