using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Stochastic gradient descent: g ← g + weightDecay · p; with momentum μ, b ← μ b + (1 − dampening) g (b ← g at first) and
/// g ← b, or by Nesterov g ← g + μ b; then p ← p − learningRate · g (I. Sutskever et al., "On the importance of
/// initialization and momentum in deep learning", ICML 2013; the form is PyTorch's).
/// </summary>
public sealed class SGD : Optimizer<SGDOptions>
{
    private static readonly string[] Names = ["momentum"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="momentum">How much of the last step is kept, in [0, 1).</param>
    /// <param name="nesterov">Look ahead along the momentum.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <param name="dampening">How much of the gradient is left out of the momentum, from its second step on.</param>
    /// <exception cref="ArgumentException">
    /// A value is out of range, or Nesterov is asked for without momentum or with dampening.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public SGD(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float momentum = 0, bool nesterov = false,
        float weightDecay = 0, float dampening = 0)
        : base(parameters, new SGDOptions
        {
            LearningRate = learningRate,
            Momentum = momentum,
            IsNesterov = nesterov,
            WeightDecay = weightDecay,
            Dampening = dampening,
        })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public SGD(params ParameterGroup<SGDOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(SGD);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override StateUse Use(ParameterGroup<SGDOptions> group, int slot) => group.HasMomentum ? StateUse.Optional : StateUse.None;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<SGDOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        float momentum = group.Momentum ?? 0;
        bool isFirst = !memory.HasState(0);
        var buffer = momentum > 0 ? memory.State(0) : null;
        var update = new SGDUpdate(group.LearningRate, momentum, isFirst ? 1 : 1 - options.Dampening, options.IsNesterov,
            options.WeightDecay);
        Run(memory, update, buffer);
    }

    internal readonly struct SGDUpdate(float learningRate, float momentum, float intake, Flag isNesterov,
        float weightDecay)
        : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            if (momentum > 0)
            {
                state0 = Denormals.Flush(T.MultiplyAdd(T.Const(momentum), state0, T.Const(intake) * g));
                g = isNesterov ? T.MultiplyAdd(T.Const(momentum), state0, g) : state0;
            }

            parameter = T.MultiplyAdd(T.Const(-learningRate), g, parameter);
        }
    }
}

/// <summary>The settings of <see cref="SGD"/>.</summary>
public sealed record SGDOptions() : OptimizerOptions(1e-3f)
{
    /// <summary>How much of the last step is kept, in [0, 1).</summary>
    public float Momentum { get; init => field = Require.Fraction(value, nameof(Momentum)); }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool IsNesterov { get; init; }

    /// <summary>How much of the gradient is left out of the momentum, from its second step on.</summary>
    public float Dampening { get; init => field = Require.Finite(value, nameof(Dampening)); }

    /// <inheritdoc/>
    protected internal override float? StartMomentum => Momentum;

    /// <inheritdoc/>
    protected internal override void Validate(string argument)
    {
        if (IsNesterov && (Momentum == 0 || Dampening != 0))
        {
            throw new ArgumentException("Nesterov's form needs a momentum and no dampening", argument);
        }
    }
}
