using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adadelta: g ← g + weightDecay · p, s ← ρ s + (1 − ρ) g², d = √(a + ε) / √(s + ε) · g, a ← ρ a + (1 − ρ) d²,
/// p ← p − learningRate · d (M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012).
/// </summary>
/// <remarks>The states are √s and √a (<see cref="ILane{T}.RootOfSquares"/>).</remarks>
public sealed class Adadelta : Optimizer<AdadeltaOptions>
{
    private static readonly string[] Names = ["root mean square", "root mean square of steps"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="rho">The decay of both means of squares, in [0, 1).</param>
    /// <param name="epsilon">What is added inside both roots.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public Adadelta(IEnumerable<Parameter> parameters, float learningRate = 1, float rho = 0.9f, float epsilon = 1e-6f,
        float weightDecay = 0)
        : base(parameters, new AdadeltaOptions { LearningRate = learningRate, Rho = rho, Epsilon = epsilon, WeightDecay = weightDecay })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public Adadelta(params ParameterGroup<AdadeltaOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(Adadelta);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<AdadeltaOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        float least = Denormals.Divisor(Math.Sqrt(options.Epsilon)), unit = MathF.ScaleB(1, MathF.ILogB(least));
        var update = new AdadeltaUpdate(group.LearningRate, options.Rho, unit, least / unit * (least / unit), options.WeightDecay);
        Run(memory, update, memory.State(0), memory.State(1));
    }

    internal readonly struct AdadeltaUpdate(float step, float rho, float unit, float epsilon, float weightDecay) : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = T.RootOfSquares(state0, rho, g, 1 - rho);
            T change = g / WithEpsilon(state0) * WithEpsilon(state1);
            state1 = T.RootOfSquares(state1, rho, change, 1 - rho);
            parameter = T.MultiplyAdd(T.Const(-step), change, parameter);
        }

        /// <summary>√(root² + ε), in units of about √ε; a root that is far above that does not notice ε.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T WithEpsilon<T>(T root) where T : struct, ILane<T>
        {
            T x = root * T.Const(1 / unit);
            return T.Select(x < T.Const(1e9f), T.Sqrt(T.MultiplyAdd(x, x, T.Const(epsilon))) * T.Const(unit), root);
        }
    }
}

/// <summary>The settings of <see cref="Adadelta"/>.</summary>
public sealed record AdadeltaOptions() : OptimizerOptions(1)
{
    /// <summary>The decay of both means of squares, in [0, 1).</summary>
    public float Rho { get; init => field = Require.Fraction(value, nameof(Rho)); } = 0.9f;

    /// <summary>What is added inside both roots, of which neither is below the smallest normal float.</summary>
    public float Epsilon { get; init => field = Require.NotNegative(value, nameof(Epsilon)); } = 1e-6f;
}
