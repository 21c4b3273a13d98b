using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ); weight decay is added to g (D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015).
/// AMSGrad takes the largest v so far for v̂ (S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", ICLR 2018).
/// </summary>
/// <remarks>
/// The states are m, √v and, of AMSGrad, the largest √v (<see cref="ILane{T}.RootOfSquares"/>): roots have the range of the gradient, whose
/// square a float may not hold. A change below half of its last place is none: √v may stop within 2⁻²⁵ / (1 − β₂) of itself from where it
/// was going, 3e-5 for 0.999, about as a v would that is kept as a float.
/// </remarks>
public sealed class Adam : AdamOptimizer<AdamOptions>
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, so that nothing is divided by 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <param name="amsgrad">Whether steps never grow with a shrinking v.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public Adam(
        IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0, bool amsgrad = false)
        : base(parameters, new AdamOptions(), learningRate, beta1, beta2, epsilon, weightDecay, amsgrad)
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public Adam(params ParameterGroup<AdamOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(Adam);
}

/// <summary>
/// Adam with weight decay apart from the gradient: p ← (1 − learningRate · weightDecay) p, then Adam's step (I. Loshchilov,
/// F. Hutter, "Decoupled weight decay regularization", ICLR 2019).
/// </summary>
public sealed class AdamW : AdamOptimizer<AdamWOptions>
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, so that nothing is divided by 0.</param>
    /// <param name="weightDecay">The part of a weight that a step of size 1 takes away.</param>
    /// <param name="amsgrad">Whether steps never grow with a shrinking v.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public AdamW(
        IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f, float weightDecay = 0.01f, bool amsgrad = false)
        : base(parameters, new AdamWOptions(), learningRate, beta1, beta2, epsilon, weightDecay, amsgrad)
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public AdamW(params ParameterGroup<AdamWOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(AdamW);

    private protected override bool IsDecayDecoupled => true;
}

/// <summary>The step of <see cref="Adam"/> and <see cref="AdamW"/>, which differ in what weight decay is added to.</summary>
/// <typeparam name="TOptions">The settings of a group.</typeparam>
public abstract class AdamOptimizer<TOptions> : Optimizer<TOptions> where TOptions : AdamOptions
{
    private static readonly string[] Names = ["mean", "root mean square", "largest"];

    private protected AdamOptimizer(IEnumerable<Parameter> parameters, TOptions options, float learningRate, float beta1, float beta2,
        float epsilon, float weightDecay, bool amsgrad)
        : base(parameters, options with
        {
            LearningRate = learningRate,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            WeightDecay = weightDecay,
            IsAmsgrad = amsgrad,
        })
    {
    }

    private protected AdamOptimizer(ParameterGroup<TOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <summary>Whether weights shrink by themselves instead of by their gradient.</summary>
    private protected virtual bool IsDecayDecoupled => false;

    /// <inheritdoc/>
    protected override StateUse Use(ParameterGroup<TOptions> group, int slot) =>
        slot < 2 || group.Options.IsAmsgrad ? StateUse.Required : StateUse.None;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<TOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        double beta1 = group.Momentum!.Value, beta2 = options.Beta2, rate = group.LearningRate, decay = options.WeightDecay;
        double correction1 = BiasCorrection.Of(beta1, memory.Steps), correction2 = BiasCorrection.Of(beta2, memory.Steps);
        var (penalty, shrinkage) = IsDecayDecoupled ? (0.0, rate * decay) : (decay, 0.0);
        var update = new AdamUpdate((float)(rate / correction1), (float)beta1, (float)beta2, (float)(1 - beta1), (float)(1 - beta2),
            (float)(1 / Math.Sqrt(correction2)), Denormals.Divisor(options.Epsilon), (float)penalty, (float)shrinkage,
            options.IsAmsgrad);
        Run(memory, update, memory.State(0), memory.State(1), options.IsAmsgrad ? memory.State(2) : null);
    }
}

/// <summary>The settings that <see cref="Adam"/> and its kin share.</summary>
public abstract record MomentOptions : OptimizerOptions
{
    private protected MomentOptions(float learningRate) : base(learningRate)
    {
    }

    /// <summary>The decay of the mean of gradients, in [0, 1).</summary>
    public float Beta1 { get; init => field = Require.Fraction(value, nameof(Beta1)); } = 0.9f;

    /// <summary>The decay of the second moment, in [0, 1).</summary>
    public float Beta2 { get; init => field = Require.Fraction(value, nameof(Beta2)); } = 0.999f;

    /// <summary>What keeps the divisor from 0; where it is 0 itself, the smallest normal float stands for it.</summary>
    public float Epsilon { get; init => field = Require.NotNegative(value, nameof(Epsilon)); } = 1e-8f;

    /// <inheritdoc/>
    protected internal override float? StartMomentum => Beta1;
}

/// <summary>The settings of <see cref="Adam"/>.</summary>
public record AdamOptions() : MomentOptions(1e-3f)
{
    /// <summary>Whether steps never grow with a shrinking v.</summary>
    public bool IsAmsgrad { get; init; }
}

/// <summary>The settings of <see cref="AdamW"/>; weight decay starts at 0.01.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>Makes the settings.</summary>
    public AdamWOptions() => WeightDecay = 0.01f;
}

/// <summary>
/// The step. Where v̂ is of the largest v so far, the root of that is kept as third state. What decay takes away is added to the step: 1
/// less a small number would lose most of it to rounding.
/// </summary>
internal readonly struct AdamUpdate(
    float step, float beta1, float beta2, float intake1, float intake2, float rootFactor, float epsilon, float penalty, float shrinkage,
    Flag isAmsgrad) : IParameterUpdate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
    {
        T g = T.MultiplyAdd(T.Const(penalty), parameter, gradient);
        state0 = Denormals.Flush(T.MultiplyAdd(T.Const(beta1), state0, T.Const(intake1) * g));
        state1 = T.RootOfSquares(state1, beta2, g, intake2);
        T root = isAmsgrad ? state2 = T.Max(state2, state1) : state1;
        T change = state0 / T.MultiplyAdd(root, T.Const(rootFactor), T.Const(epsilon));
        parameter = parameter - T.MultiplyAdd(T.Const(shrinkage), parameter, T.Const(step) * change);
    }
}
