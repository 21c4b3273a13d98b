using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>y = x: a copy, and no activation after a product or convolution that takes one in.</summary>
internal readonly struct IdentityOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.One;
}

/// <summary>y = factor · x.</summary>
internal readonly struct ScaleOp(float factor) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * T.Const(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(factor);
}

/// <summary>y = scale · x + shift, rounded as <see cref="ILane{T}.MultiplyAdd"/> is.</summary>
internal readonly struct AffineOp(float scale, float shift) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> =>
        scale == 1 ? x + T.Const(shift) : T.MultiplyAdd(x, T.Const(scale), T.Const(shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(scale);
}

/// <summary>y = numerator / x; dy/dx = −numerator / x².</summary>
internal readonly struct DivideIntoOp(float numerator) : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Const(numerator) / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> =>
        -Factors.OverSquare(gradient, T.Const(numerator), operand);
}

/// <summary>y = −x.</summary>
internal readonly struct NegateOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -T.One;
}

/// <summary>y = |x|; dy/dx = sign(x), 0 at 0.</summary>
internal readonly struct AbsOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => SignOp.Of(x);
}

/// <summary>y = −1, 0 or 1; 0 for nan. The derivative is 0.</summary>
internal readonly struct SignOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => Of(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, T.One, T.Select(x < T.Zero, -T.One, T.Zero));
}

/// <summary>y = 0 where x = 0, else 1; the derivative is 0.</summary>
internal readonly struct IsNonZeroOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero), T.Zero, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Zero;
}

/// <summary>y = x².</summary>
internal readonly struct SquareOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => x + x;
}

/// <summary>y = √x; dy/dx = 1 / 2y.</summary>
internal readonly struct SqrtOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(0.5) / y;
}

/// <summary>y = 1 / √x; dy/dx = −y³ / 2.</summary>
internal readonly struct ReciprocalSqrtOp : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.One / T.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(y, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> => T.Const(-0.5f) * gradient * operand * operand * operand;
}

/// <summary>y = 1 / x; dy/dx = −y².</summary>
internal readonly struct ReciprocalOp : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(y, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> => -gradient * operand * operand;
}

/// <summary>y = x to a constant power; dy/dx = p · x^(p − 1).</summary>
internal readonly struct PowerOp(float exponent) : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Pow(x, T.Const(exponent));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> =>
        default(PowOp).GradientA(operand, T.Const(exponent), gradient);
}

/// <summary>y = base^x; dy/dx = y · ln base, 0 where the base is 0 and x ≥ 0.</summary>
internal readonly struct ExponentialOp(float number) : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Pow(T.Const(number), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> =>
        default(PowOp).GradientB(T.Const(number), operand, gradient);
}

/// <summary>y = max(x, a number), with the derivative of <see cref="MaximumOp"/>: a half where they are equal.</summary>
internal readonly struct MaximumWithOp(float number) : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Const(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> =>
        default(MaximumOp).GradientA(operand, T.Const(number), gradient);
}

/// <summary>y = min(x, a number), with the derivative of <see cref="MinimumOp"/>: a half where they are equal.</summary>
internal readonly struct MinimumWithOp(float number) : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Min(x, T.Const(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> =>
        default(MinimumOp).GradientA(operand, T.Const(number), gradient);
}

/// <summary>y = min(max(x, low), high); the gradient passes inside and on the bounds. Nan stays nan, and passes none.</summary>
internal readonly struct ClampOp(float low, float high) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Min(T.Max(x, T.Const(low)), T.Const(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select((x >= T.Const(low)) & (x <= T.Const(high)), T.One, T.Zero);
}

/// <summary>Rounds down; the derivative is 0.</summary>
internal readonly struct FloorOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Zero;
}

/// <summary>Rounds up; the derivative is 0.</summary>
internal readonly struct CeilingOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Ceiling(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Zero;
}

/// <summary>Rounds to the nearest integer, halves to even; the derivative is 0.</summary>
internal readonly struct RoundOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Round(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Zero;
}
