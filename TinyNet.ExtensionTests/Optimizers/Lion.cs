using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.ExtensionTests;

// <extending>
/// <summary>
/// Lion: c = β₁ m + (1 − β₁) g, p ← p − learningRate · (sign(c) + weightDecay · p), m ← β₂ m + (1 − β₂) g (X. Chen et al., "Symbolic
/// discovery of optimization algorithms", NeurIPS 2023).
/// </summary>
internal sealed class Lion(params ParameterGroup<LionOptions>[] groups) : Optimizer<LionOptions>(groups)
{
    private static readonly string[] Names = ["mean"];

    protected override string Kind => nameof(Lion);

    protected override ReadOnlySpan<string> StateNames => Names;

    protected override void Update(ParameterGroup<LionOptions> group, ParameterMemory memory)
    {
        var options = group.Options;
        var update = new LionUpdate(group.LearningRate, group.Momentum!.Value, options.Beta2, options.WeightDecay);
        Run(memory, update, memory.State(0));
    }

    internal readonly struct LionUpdate(float step, float beta1, float beta2, float weightDecay) : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            T mix = T.MultiplyAdd(T.Const(beta1), state0, T.Const(1 - beta1) * gradient);
            T sign = T.Select(mix < T.Zero, -T.One, T.Select(mix > T.Zero, T.One, T.Zero));
            parameter = T.MultiplyAdd(T.Const(-step), T.MultiplyAdd(T.Const(weightDecay), parameter, sign), parameter);
            state0 = Denormals.Flush(T.MultiplyAdd(T.Const(beta2), state0, T.Const(1 - beta2) * gradient));
        }
    }
}

/// <summary>The settings of <see cref="Lion"/>; schedules may cycle β₁.</summary>
internal sealed record LionOptions() : OptimizerOptions(1e-4f)
{
    public float Beta1 { get; init => field = Require.Fraction(value, nameof(Beta1)); } = 0.9f;

    public float Beta2 { get; init => field = Require.Fraction(value, nameof(Beta2)); } = 0.99f;

    protected override float? StartMomentum => Beta1;
}
// </extending>
