namespace TinyNet.Core;

/// <summary>y = a · b.</summary>
internal readonly struct MultiplyOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * b;

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * b;

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * a;
}

/// <summary>y = a / b.</summary>
internal readonly struct DivideOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a / b;

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient / b;

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => -gradient * (a / b) / b;
}

/// <summary>y = a^b; ∂y/∂a = b · a^(b − 1), 0 where b = 0; ∂y/∂b = y · ln a, 0 where a = 0 and b ≥ 0.</summary>
internal readonly struct PowOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Pow(a, b);

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(b, T.Zero), T.Zero, gradient * b * T.Pow(a, b - T.One));

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, T.Zero) & (b >= T.Zero), T.Zero, gradient * T.Pow(a, b) * T.Log(a));
}

/// <summary>
/// y = max(a, b), nan if either is; the gradient goes to the larger, half to each where they are equal, all of it to both at nan.
/// </summary>
internal readonly struct MaximumOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, b), T.Const(0.5) * gradient, T.Select(a < b, T.Zero, gradient));

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => GradientA(b, a, gradient);
}

/// <summary>
/// y = min(a, b), nan if either is; the gradient goes to the smaller, half to each where they are equal, all of it to both at nan.
/// </summary>
internal readonly struct MinimumOp : IBinaryOp
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, b), T.Const(0.5) * gradient, T.Select(a > b, T.Zero, gradient));

    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => GradientA(b, a, gradient);
}
