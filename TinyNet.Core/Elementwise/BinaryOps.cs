using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>y = a · b.</summary>
internal readonly struct MultiplyOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * a;
}

/// <summary>y = a / b.</summary>
internal readonly struct DivideOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => -Factors.OverSquare(gradient, a, b);
}

/// <summary>y = a^b; ∂y/∂a = b · a^(b − 1), 0 where b = 0; ∂y/∂b = y · ln a, 0 where a = 0 and b ≥ 0.</summary>
internal readonly struct PowOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Pow(a, b);

    // The power may be beyond the range of floats where its product with the gradient is not: it is the square of one of half the exponent.
    // A whole b has whole halves, which a negative a can be raised to; of an even b one factor a is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T half = T.Const(0.5f) * (b - T.One), whole = T.Select(b > T.Zero, T.Floor(half), T.Ceiling(half));
        T exponent = T.Select(T.Equal(T.Floor(b), b), whole, half), power = T.Pow(a, exponent);
        T left = T.Select(T.Equal(exponent, half), T.One, T.Select(b > T.Zero, a, T.One / a));
        return T.Select(T.Equal(b, T.Zero), T.Zero, Factors.ProductWithSquare(gradient, b, power, left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T power = T.Pow(a, T.Const(0.5f) * b);
        T product = Factors.ProductWithSquare(gradient, T.Log(a), power, T.One);
        return T.Select(T.Equal(a, T.Zero) & (b >= T.Zero), T.Zero, product);
    }
}

/// <summary>
/// y = max(a, b), nan if either is; the gradient goes to the larger, half to each where they are equal, all of it to both at nan.
/// </summary>
internal readonly struct MaximumOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, b), T.Const(0.5) * gradient, T.Select(a < b, T.Zero, gradient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => GradientA(b, a, gradient);
}

/// <summary>
/// y = min(a, b), nan if either is; the gradient goes to the smaller, half to each where they are equal, all of it to both at nan.
/// </summary>
internal readonly struct MinimumOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, b), T.Const(0.5) * gradient, T.Select(a > b, T.Zero, gradient));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => GradientA(b, a, gradient);
}
