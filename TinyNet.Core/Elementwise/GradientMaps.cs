using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The gradient of a unary operation whose derivative reads at most one operand, its input or its output: f(operand, gradient).
/// </summary>
internal readonly struct GradientFromOneMap<TOp>(TOp op) : IBinaryMap where TOp : struct, IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => b * op.Derivative(a, a);
}

/// <summary>The gradient of a unary operation that computes it itself: f(operand, gradient).</summary>
internal readonly struct GradientOfOpMap<TOp>(TOp op) : IBinaryMap where TOp : struct, IUnaryGradientOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => op.Gradient(a, b);
}

/// <summary>The gradient of a unary operation: f(input, output, gradient).</summary>
internal readonly struct GradientFromBothMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => c * op.Derivative(a, b);
}

/// <summary>The gradient of a binary operation to its first operand: f(a, b, gradient).</summary>
internal readonly struct BinaryGradientAMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => op.GradientA(a, b, c);
}

/// <summary>The gradient of a binary operation to its second operand: f(a, b, gradient).</summary>
internal readonly struct BinaryGradientBMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => op.GradientB(a, b, c);
}
