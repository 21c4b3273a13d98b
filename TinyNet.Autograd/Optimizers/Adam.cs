using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ); weight decay is added to g (D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015).
/// AMSGrad takes the largest v so far for v̂ (S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", ICLR 2018).
/// </summary>
public sealed class Adam : Optimizer<AdamOptions>
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
    public Adam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0, bool amsgrad = false)
        : base(parameters, new AdamOptions { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay, IsAmsgrad = amsgrad })
    {
    }

    /// <summary>Makes the optimizer with groups of parameters.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    public Adam(params ParameterGroup<AdamOptions>[] groups) : base(groups)
    {
    }

    private protected override string Kind => nameof(Adam);

    private protected override ReadOnlySpan<string> StateNames => AdamUpdate.StateNames;

    private protected override StateUse Use(ParameterGroup<AdamOptions> group, int slot) => AdamUpdate.Use(group.Options, slot);

    private protected override void Update(ParameterGroup<AdamOptions> group, ParameterMemory memory, Tensor gradient) =>
        AdamUpdate.Run(group, group.Options, memory, gradient, isDecoupled: false);
}

/// <summary>
/// Adam with weight decay apart from the gradient: p ← (1 − learningRate · weightDecay) p, then Adam's step (I. Loshchilov,
/// F. Hutter, "Decoupled weight decay regularization", ICLR 2019).
/// </summary>
public sealed class AdamW : Optimizer<AdamWOptions>
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, so that nothing is divided by 0.</param>
    /// <param name="weightDecay">The part of a weight that a step of size 1 would take away.</param>
    /// <param name="amsgrad">Whether steps never grow with a shrinking v.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public AdamW(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0.01f, bool amsgrad = false)
        : base(parameters, new AdamWOptions { LearningRate = learningRate, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay, IsAmsgrad = amsgrad })
    {
    }

    /// <summary>Makes the optimizer with groups of parameters.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    public AdamW(params ParameterGroup<AdamWOptions>[] groups) : base(groups)
    {
    }

    private protected override string Kind => nameof(AdamW);

    private protected override ReadOnlySpan<string> StateNames => AdamUpdate.StateNames;

    private protected override StateUse Use(ParameterGroup<AdamWOptions> group, int slot) => AdamUpdate.Use(group.Options, slot);

    private protected override void Update(ParameterGroup<AdamWOptions> group, ParameterMemory memory, Tensor gradient) =>
        AdamUpdate.Run(group, group.Options, memory, gradient, isDecoupled: true);
}

/// <summary>The settings that <see cref="Adam"/> and its kin share.</summary>
public abstract record MomentOptions : OptimizerOptions
{
    private protected MomentOptions(float learningRate) : base(learningRate)
    {
    }

    /// <summary>The decay of the mean of gradients, in [0, 1).</summary>
    public float Beta1 { get; init => field = Fraction(value, nameof(Beta1)); } = 0.9f;

    /// <summary>The decay of the second moment, in [0, 1).</summary>
    public float Beta2 { get; init => field = Fraction(value, nameof(Beta2)); } = 0.999f;

    /// <summary>What keeps the divisor from 0.</summary>
    public float Epsilon { get; init => field = NotNegative(value, nameof(Epsilon)); } = 1e-8f;

    internal override float? StartMomentum => Beta1;
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

/// <summary>The step of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal readonly struct AdamUpdate(float step, float beta1, float beta2, float intake1, float intake2, float rootFactor, float epsilon, float penalty, float kept, bool isAmsgrad) : IParameterUpdate
{
    private static readonly string[] Names = ["mean", "square", "largest"];

    public static ReadOnlySpan<string> StateNames => Names;

    public static StateUse Use(AdamOptions options, int slot) => slot < 2 || options.IsAmsgrad ? StateUse.Required : StateUse.None;

    public static void Run(ParameterGroup group, AdamOptions options, ParameterMemory memory, Tensor gradient, bool isDecoupled)
    {
        double beta1 = group.Momentum!.Value, rate = group.LearningRate, decay = options.WeightDecay;
        double correction1 = 1 - Math.Pow(beta1, memory.Steps), correction2 = 1 - Math.Pow(options.Beta2, memory.Steps);
        var update = new AdamUpdate((float)(rate / correction1), (float)beta1, options.Beta2, (float)(1 - beta1), (float)(1 - (double)options.Beta2),
            (float)(1 / Math.Sqrt(correction2)), options.Epsilon, (float)(isDecoupled ? 0 : decay), (float)(isDecoupled ? 1 - rate * decay : 1), options.IsAmsgrad);
        memory.Parameter.Device.Update(update, memory.Parameter, gradient, memory.Tensor(0), memory.Tensor(1), options.IsAmsgrad ? memory.Tensor(2) : null);
    }

    public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
    {
        T g = T.FusedMultiplyAdd(T.Const(penalty), parameter, gradient);
        state0 = Denormals.Flush(T.FusedMultiplyAdd(T.Const(beta1), state0, T.Const(intake1) * g));
        state1 = Denormals.Flush(T.FusedMultiplyAdd(T.Const(beta2), state1, T.Const(intake2) * g * g));
        T square = state1;
        if (isAmsgrad)
        {
            square = state2 = T.Max(state2, state1);
        }

        T root = T.FusedMultiplyAdd(T.Sqrt(square), T.Const(rootFactor), T.Const(epsilon));
        parameter = T.FusedMultiplyAdd(T.Const(-step), state0 / root, parameter * T.Const(kept));
    }
}
