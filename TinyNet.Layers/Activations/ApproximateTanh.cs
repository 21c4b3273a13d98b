using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// y = p / q for |x| &lt; 4.97, else ±1, with p = x (135135 + 17325 x² + 378 x⁴ + x⁶) and q = 135135 + 62370 x² + 3150 x⁴ + 28 x⁶;
/// dy/dx = (p′ q − p q′) / q² for |x| &lt; 4.97, else 0.
/// </summary>
public readonly struct ApproximateTanhOp : IUnaryOp
{
    /// <summary>Where the quotient reaches 1.</summary>
    private const double Bound = 4.971786858528029;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T bounded = T.AtMost(T.AtLeast(x, T.Const(-Bound)), T.Const(Bound)), square = bounded * bounded;
        return T.Min(T.Max(bounded * Numerator(square) / Denominator(square), -T.One), T.One);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T bounded = T.AtMost(T.AtLeast(x, T.Const(-Bound)), T.Const(Bound)), square = bounded * bounded;

        // p′ q − p q′ multiplied out: as a difference of what it is made of, a small slope would lose its digits.
        T slope = T.MultiplyAdd(square, T.Const(28), T.Const(-1134));
        slope = T.MultiplyAdd(square, slope, T.Const(47250));
        slope = T.MultiplyAdd(square, slope, T.Const(-1819125));
        slope = T.MultiplyAdd(square, slope, T.Const(58939650));
        slope = T.MultiplyAdd(square, slope, T.Const(-1404728325));
        slope = T.MultiplyAdd(square, slope, T.Const(18261468225.0));
        T reciprocal = T.One / Denominator(square);
        return T.Select(T.Abs(x) >= T.Const(Bound), T.Zero, slope * reciprocal * reciprocal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Numerator<T>(T square) where T : struct, ILane<T> =>
        T.MultiplyAdd(square, T.MultiplyAdd(square, square + T.Const(378), T.Const(17325)), T.Const(135135));

    /// <summary>135135 + 62370 x² + 3150 x⁴ + 28 x⁶, of x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Denominator<T>(T square) where T : struct, ILane<T> =>
        T.MultiplyAdd(
            square,
            T.MultiplyAdd(square, T.MultiplyAdd(square, T.Const(28), T.Const(3150)), T.Const(62370)),
            T.Const(135135));
}

/// <summary>
/// y = x for |x| ≤ 1, else ±(1 + (|x| − 1) / 4), and all of it clipped to [−1, 1], so that the second line never shows;
/// dy/dx = 1 for |x| &lt; 1, else 0.
/// </summary>
public readonly struct PiecewiseLinearTanhOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T outside = T.MultiplyAdd(T.Abs(x) - T.One, T.Const(0.25), T.One);
        return T.Min(T.Max(T.Select(T.Abs(x) <= T.One, x, T.Select(x < T.Zero, -outside, outside)), -T.One), T.One);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(T.Abs(y) >= T.One, T.Zero, T.One);
}

/// <summary>Hyperbolic tangent without an exponential: <inheritdoc cref="ApproximateTanhOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −1 ≤ y ≤ 1. It is Lambert's continued fraction of tanh x, within 9.7e-5 of it; the error is largest at |x| = 4.97.
/// Paper: none, elementary.
/// </remarks>
public sealed class ApproximateTanh : Elementwise<ApproximateTanhOp>;

/// <summary>Hyperbolic tangent of straight lines: <inheritdoc cref="PiecewiseLinearTanhOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −1 ≤ y ≤ 1. It equals <see cref="HardTanh"/>. It is within 0.2385 of tanh x; the error is largest at |x| = 1.
/// <see cref="ApproximateTanh"/> is closer.
/// Paper: none, elementary.
/// </remarks>
public sealed class PiecewiseLinearTanh : Elementwise<PiecewiseLinearTanhOp>;
