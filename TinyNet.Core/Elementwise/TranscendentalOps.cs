using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>y = e^x.</summary>
internal readonly struct ExpOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

/// <summary>y = e^x − 1; dy/dx = e^x, which y + 1 is no longer where e^x is small.</summary>
internal readonly struct Expm1Op : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Expm1(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Exp(x);
}

/// <summary>y = ln x.</summary>
internal readonly struct LogOp : IUnaryGradientOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Gradient(x, T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Gradient<T>(T operand, T gradient) where T : struct, ILane<T> => gradient / operand;
}

/// <summary>y = ln(1 + x).</summary>
internal readonly struct Log1pOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.One / (T.One + x);
}

/// <summary>y = sin x.</summary>
internal readonly struct SinOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Cos(x);
}

/// <summary>y = cos x.</summary>
internal readonly struct CosOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -T.Sin(x);
}

/// <summary>y = tanh x; dy/dx = 1 − y², which is within 2.2e-7 of the derivative.</summary>
public readonly struct TanhOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.MultiplyAdd(-y, y, T.One);
}

/// <summary>y = 1 / (1 + e^−x); dy/dx = y (1 − y), which is within 9e-8 of the derivative.</summary>
public readonly struct SigmoidOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => y * (T.One - y);

    /// <summary>The derivative from the input: e / (1 + e)² with e = e^−|x|, which keeps its digits where y is close to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Slope<T>(T x) where T : struct, ILane<T>
    {
        T e = T.Exp(-T.Abs(x)), reciprocal = T.One / (T.One + e);
        return e * reciprocal * reciprocal;
    }
}

/// <summary>y = erf x; dy/dx = 2/√π · e^(−x²).</summary>
internal readonly struct ErfOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(1.1283791670955126) * T.Exp(-(x * x));
}
