using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Stochastic gradient descent: g ← g + weightDecay · p; with momentum μ, b ← μ b + (1 − dampening) g (b ← g at first) and
/// g ← b, or by Nesterov g ← g + μ b; then p ← p − learningRate · g (I. Sutskever et al., "On the importance of
/// initialization and momentum in deep learning", ICML 2013; the form is PyTorch's).
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly Tensor?[] _buffers;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="momentum">How much of the last step is kept, in [0, 1).</param>
    /// <param name="nesterov">Look ahead along the momentum.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <param name="dampening">How much of the gradient is left out of the momentum, from its second step on.</param>
    /// <exception cref="ArgumentException">A value is out of range, or Nesterov is asked for without momentum or with dampening.</exception>
    public Sgd(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float momentum = 0, bool nesterov = false, float weightDecay = 0, float dampening = 0)
        : base(parameters, learningRate)
    {
        Momentum = Fraction(momentum, nameof(momentum));
        WeightDecay = NotNegative(weightDecay, nameof(weightDecay));
        Dampening = float.IsFinite(dampening) ? dampening : throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "must be a number");
        IsNesterov = nesterov;
        if (nesterov && (momentum == 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov's form needs a momentum and no dampening", nameof(nesterov));
        }

        _buffers = new Tensor?[Parameters.Count];
    }

    /// <summary>How much of the last step is kept.</summary>
    public float Momentum { get; }

    /// <summary>The factor of the L2 penalty.</summary>
    public float WeightDecay { get; }

    /// <summary>How much of the gradient is left out of the momentum.</summary>
    public float Dampening { get; }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool IsNesterov { get; }

    private protected override void Update(int index, Parameter parameter, Tensor gradient)
    {
        bool isFirst = _buffers[index] is null;
        var buffer = Momentum > 0 ? Follow(_buffers[index] ?? NewState(parameter), parameter) : null;
        _buffers[index] = buffer;

        var update = new SgdUpdate(LearningRate, Momentum, isFirst ? 1 : 1 - Dampening, IsNesterov, WeightDecay);
        parameter.Device.Update(update, parameter, gradient, buffer, null, null);
    }

    private readonly struct SgdUpdate(double learningRate, double momentum, double intake, bool isNesterov, double weightDecay) : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.FusedMultiplyAdd(T.Const(weightDecay), parameter, gradient);
            if (momentum > 0)
            {
                state0 = Denormals.Flush(T.FusedMultiplyAdd(T.Const(momentum), state0, T.Const(intake) * g));
                g = isNesterov ? T.FusedMultiplyAdd(T.Const(momentum), state0, g) : state0;
            }

            parameter = T.FusedMultiplyAdd(T.Const(-learningRate), g, parameter);
        }
    }
}

/// <summary>State that decays for ever ends in denormal floats, which processors compute with twenty times slower.</summary>
internal static class Denormals
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    public static T Flush<T>(T x) where T : struct, ILane<T> =>
        typeof(T) == typeof(DoubleLane) ? x : T.Select(T.Abs(x) < T.Const(SmallestNormal), T.Zero, x);
}
