using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Adagrad: g ← g + weightDecay · p, s ← s + g², p ← p − learningRate / (1 + (t − 1) · learningRateDecay) · g / (√s + ε)
/// (J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 2011).
/// </summary>
/// <remarks>The state is √s, the norm of all gradients so far (<see cref="ILane{T}.RootOfSquares"/>).</remarks>
public sealed class Adagrad : Optimizer<AdagradOptions>
{
    private static readonly string[] Names = ["norm"];

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="learningRateDecay">How fast the step size shrinks with the number of steps.</param>
    /// <param name="initialAccumulator">What the sum of squares starts with.</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the L2 penalty.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    [OverloadResolutionPriority(1)]
    public Adagrad(IEnumerable<Parameter> parameters, float learningRate = 0.01f, float learningRateDecay = 0, float initialAccumulator = 0,
        float epsilon = 1e-10f, float weightDecay = 0)
        : base(parameters, new AdagradOptions
        {
            LearningRate = learningRate,
            LearningRateDecay = learningRateDecay,
            InitialAccumulator = initialAccumulator,
            Epsilon = epsilon,
            WeightDecay = weightDecay,
        })
    {
    }

    /// <inheritdoc cref="Optimizer{TOptions}(ParameterGroup{TOptions}[])"/>
    public Adagrad(params ParameterGroup<AdagradOptions>[] groups) : base(groups)
    {
    }

    /// <inheritdoc/>
    protected override string Kind => nameof(Adagrad);

    /// <inheritdoc/>
    protected override ReadOnlySpan<string> StateNames => Names;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup<AdagradOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        double step = group.LearningRate / (1 + (memory.Steps - 1) * (double)options.LearningRateDecay);
        var update = new AdagradUpdate((float)step, Denormals.Divisor(options.Epsilon), options.WeightDecay);
        Run(memory, update, memory.State(0, MathF.Sqrt(options.InitialAccumulator)));
    }

    internal readonly struct AdagradUpdate(float step, float epsilon, float weightDecay) : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T g = T.MultiplyAdd(T.Const(weightDecay), parameter, gradient);
            state0 = T.RootOfSquares(state0, 1, g, 1);
            parameter = T.MultiplyAdd(T.Const(-step), g / (state0 + T.Const(epsilon)), parameter);
        }
    }
}

/// <summary>The settings of <see cref="Adagrad"/>.</summary>
public sealed record AdagradOptions() : OptimizerOptions(0.01f)
{
    /// <summary>How fast the step size shrinks with the number of steps.</summary>
    public float LearningRateDecay { get; init => field = Require.NotNegative(value, nameof(LearningRateDecay)); }

    /// <summary>What the sum of squares starts with.</summary>
    public float InitialAccumulator { get; init => field = Require.NotNegative(value, nameof(InitialAccumulator)); }

    /// <summary>What keeps the divisor from 0; where it is 0 itself, the smallest normal float stands for it.</summary>
    public float Epsilon { get; init => field = Require.NotNegative(value, nameof(Epsilon)); } = 1e-10f;
}
