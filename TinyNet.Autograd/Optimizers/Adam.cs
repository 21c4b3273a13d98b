using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ); weight decay is added to g (D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015).
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly (Tensor Mean, Tensor Square, int Steps)?[] _states;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="beta1">The decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, so that nothing is divided by 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Adam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0)
        : base(parameters, learningRate)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        WeightDecay = NotNegative(weightDecay, nameof(weightDecay));
        _states = new (Tensor, Tensor, int)?[Parameters.Count];
    }

    /// <summary>The decay of the mean of gradients.</summary>
    public float Beta1 { get; }

    /// <summary>The decay of the mean of squared gradients.</summary>
    public float Beta2 { get; }

    /// <summary>What is added to the root.</summary>
    public float Epsilon { get; }

    /// <summary>The factor of the L2 penalty.</summary>
    public float WeightDecay { get; }

    private protected override void Update(int index, Parameter parameter, Tensor gradient)
    {
        var (mean, square, steps) = _states[index] ?? (NewState(parameter), NewState(parameter), 0);
        (mean, square, steps) = (Follow(mean, parameter), Follow(square, parameter), steps + 1);
        _states[index] = (mean, square, steps);
        double correction1 = 1 - Math.Pow(Beta1, steps), correction2 = 1 - Math.Pow(Beta2, steps);
        var update = new AdamUpdate(LearningRate / correction1, Beta1, Beta2, 1 / Math.Sqrt(correction2), Epsilon, WeightDecay);
        parameter.Device.Update(update, parameter, gradient, mean, square, null);
    }

    private readonly struct AdamUpdate(double step, double beta1, double beta2, double rootFactor, double epsilon, double weightDecay) : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.FusedMultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = Denormals.Flush(T.FusedMultiplyAdd(T.Const(beta1), state0, T.Const(1 - beta1) * g));
            state1 = Denormals.Flush(T.FusedMultiplyAdd(T.Const(beta2), state1, T.Const(1 - beta2) * g * g));
            T root = T.FusedMultiplyAdd(T.Sqrt(state1), T.Const(rootFactor), T.Const(epsilon));
            parameter = T.FusedMultiplyAdd(T.Const(-step), state0 / root, parameter);
        }
    }
}
