using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x for |x| &gt; λ, else 0; dy/dx = 1 for |x| &gt; λ, else 0. Nan stays nan. λ is not negative.</summary>
public readonly struct HardShrinkOp(float lambda) : IUnaryOp
{
    private readonly float _lambda = Require.NotNegative(lambda);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Abs(x) <= T.Const(_lambda), T.Zero, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(T.Equal(y, T.Zero), T.Zero, T.One);
}

/// <summary>
/// y = x − λ for x &gt; λ, x + λ for x &lt; −λ, else 0; dy/dx = 1 for |x| &gt; λ, else 0. Nan stays nan. λ is not negative.
/// </summary>
public readonly struct SoftShrinkOp(float lambda) : IUnaryOp
{
    private readonly float _lambda = Require.NotNegative(lambda);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T lambda = T.Const(_lambda);
        return T.Select(T.Abs(x) <= lambda, T.Zero, x - T.Select(x > T.Zero, lambda, -lambda));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(T.Equal(y, T.Zero), T.Zero, T.One);
}

/// <summary>y = x − tanh x; dy/dx = tanh² x.</summary>
public readonly struct TanhShrinkOp : IUnaryOp
{
    // Below, the difference has lost digits, and its fraction has them all, in double precision too.
    private const float Small = 0.75f;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Abs(x) < T.Const(Small), Fraction(x), x - T.Tanh(x));

    /// <summary>x − p/q with Lambert's continued fraction p/q of tanh x: x³ (45045 + 2772 x² + 27 x⁴) / q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Fraction<T>(T x) where T : struct, ILane<T>
    {
        T square = x * x;
        T numerator = T.MultiplyAdd(square, T.MultiplyAdd(square, T.Const(27), T.Const(2772)), T.Const(45045));
        return x * (square * numerator / ApproximateTanhOp.Denominator(square));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T tanh = T.Tanh(x);
        return tanh * tanh;
    }
}

/// <summary>y = x for x &gt; θ, else a value; dy/dx = 1 for x &gt; θ, else 0. Nan stays nan.</summary>
public readonly struct ThresholdOp(float threshold, float value) : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x <= T.Const(threshold), T.Const(value), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x <= T.Const(threshold), T.Zero, T.One);
}

/// <summary>Hard shrinkage: <inheritdoc cref="HardShrinkOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: 0 and |y| &gt; λ.
/// Paper: D. L. Donoho, I. M. Johnstone, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 1994.
/// </remarks>
/// <param name="lambda">λ; 0.5 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">λ is negative.</exception>
public sealed class HardShrink(float lambda = 0.5f) : Elementwise<HardShrinkOp>(new(lambda))
{
    private readonly float _lambda = lambda;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"HardShrink({_lambda})");
}

/// <summary>Soft shrinkage: <inheritdoc cref="SoftShrinkOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: all numbers.
/// Paper: D. L. Donoho, I. M. Johnstone, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 1994.
/// </remarks>
/// <param name="lambda">λ; 0.5 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">λ is negative.</exception>
public sealed class SoftShrink(float lambda = 0.5f) : Elementwise<SoftShrinkOp>(new(lambda))
{
    private readonly float _lambda = lambda;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"SoftShrink({_lambda})");
}

/// <summary>Shrinkage by the hyperbolic tangent: <inheritdoc cref="TanhShrinkOp" path="/summary/node()"/></summary>
/// <remarks>Range: all numbers. Paper: none, elementary.</remarks>
public sealed class TanhShrink : Elementwise<TanhShrinkOp>;

/// <summary>Threshold: <inheritdoc cref="ThresholdOp" path="/summary/node()"/></summary>
/// <remarks>Range: the value, and y &gt; θ. Paper: none, elementary.</remarks>
/// <param name="threshold">θ; 0 by default.</param>
/// <param name="value">What stands for x ≤ θ; 0 by default.</param>
public sealed class Threshold(float threshold = 0, float value = 0) : Elementwise<ThresholdOp>(new(threshold, value))
{
    private readonly float _threshold = threshold, _value = value;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Threshold({_threshold}, {_value})");
}
