using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = a tanh(b x); dy/dx = a b (1 − (y/a)²).</summary>
public readonly struct ScaledTanhOp(float scale, float slope) : IUnaryOp
{
    private readonly float _scale = Require.Finite(scale), _slope = Require.Finite(slope);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Const(_scale) * T.Tanh(x * T.Const(_slope));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        if (_scale == 0)
        {
            return T.Zero;
        }

        T tanh = y / T.Const(_scale);
        return T.Const(_scale) * T.Const(_slope) * T.MultiplyAdd(-tanh, tanh, T.One);
    }
}

/// <summary>Scaled hyperbolic tangent: <inheritdoc cref="ScaledTanhOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −a &lt; y &lt; a for positive a. With the defaults y(±1) ≈ ±1. The derivative is computed from the output, within
/// 3e-7 a b.
/// Paper: Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, "Efficient BackProp", 1998.
/// </remarks>
/// <param name="scale">a; 1.7159 by default.</param>
/// <param name="slope">b; 2/3 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
public sealed class ScaledTanh(float scale = 1.7159f, float slope = 2 / 3f) : Elementwise<ScaledTanhOp>(new(scale, slope))
{
    private readonly float _scale = scale, _slope = slope;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ScaledTanh({_scale}, {_slope})");
}

/// <summary>Hyperbolic tangent that fades with time: y = e^(−d t) tanh x; dy/dx = e^(−d t) (1 − tanh² x).</summary>
/// <remarks>
/// Range: −e^(−d t) &lt; y &lt; e^(−d t). With d = 0.1 and t counted in steps from the start, |y| is below 5e-5 after 100 steps. The
/// derivative is computed from the output, within 3e-7 e^(−d t).
/// Paper: none, elementary.
/// </remarks>
/// <param name="decay">d; 0.1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">d is negative.</exception>
public sealed class DecayTanh(float decay = 0.1f) : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _decay = Require.NotNegative(decay);

    /// <summary>t, which the caller advances; 0 at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite, or so far below 0 that e^(−d t) is infinite.</exception>
    public float Time
    {
        get;
        set => field = float.IsFinite(value) && float.IsFinite(MathF.Exp(-_decay * value))
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                $"with decay {_decay} the time must be a number for which e^(−d t) is one, too");
    }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"DecayTanh({_decay})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.DecayTanh(Time, _decay);
}
