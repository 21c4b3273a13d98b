using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// What a part of a loss adds to it: y = a · b with the share a and the loss b, 0 where the share is 0 even if the loss is infinite
/// or nan; ∂y/∂a = b, 0 where y would have been 0 · ∞; ∂y/∂b = a.
/// </summary>
internal readonly struct ShareOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Zero, a * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, T.Zero) & ~(T.Abs(b) < T.Const(float.PositiveInfinity)), T.Zero, gradient * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * a;
}

/// <summary>y = a² / b, in which a square overflows, or vanishes, only where y does; ∂y/∂a = 2a / b, ∂y/∂b = −(a / b)².</summary>
internal readonly struct SquareOverOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * (a / b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Const(2) * Factors.Over(gradient, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T quotient = a / b;
        return -gradient * quotient * quotient;
    }
}

/// <summary>Stirling's ln x! where x &gt; 1, else 0: y = x ln x − x + ½ ln(2 π x); dy/dx = ln x + 1 / 2x.</summary>
internal readonly struct StirlingOp : IUnaryOp
{
    private const double HalfOfLn2Pi = 0.91893853320467274178;

    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T logarithm = T.Log(x);
        return T.Select(
            x <= T.One, T.Zero, x * (logarithm - T.One) + T.MultiplyAdd(T.Const(0.5f), logarithm, T.Const(HalfOfLn2Pi)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x <= T.One, T.Zero, T.Log(x) + T.Const(0.5f) / x);
}

/// <summary>y = max(x, low); dy/dx = 1 also below, so that x can come back.</summary>
internal readonly struct RaisedOp(float low) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Const(low));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.One;
}
