using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// What a part of a loss adds to it: y = a · b with the share a and the loss b, 0 where the share is 0 even if the loss is infinite
/// or nan; ∂y/∂a = b, 0 where y would have been 0 · ∞; ∂y/∂b = a.
/// </summary>
internal readonly struct ShareOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Zero, a * b);

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, T.Zero) & ~(T.Abs(b) < T.Const(float.PositiveInfinity)), T.Zero, gradient * b);

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * a;
}

/// <summary>y = max(x, low); dy/dx = 1 also below, so that x can come back.</summary>
internal readonly struct RaisedOp(float low) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.None;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Const(low));

    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.One;
}
