namespace TinyNet.Core;

/// <summary>A function of one element, as devices evaluate it.</summary>
public interface IUnaryMap
{
    /// <summary>The result for one lane.</summary>
    T Apply<T>(T a) where T : struct, ILane<T>;
}

/// <summary>A function of two elements, as devices evaluate it.</summary>
public interface IBinaryMap
{
    /// <summary>The result for one lane.</summary>
    T Apply<T>(T a, T b) where T : struct, ILane<T>;
}

/// <summary>A function of three elements, as devices evaluate it.</summary>
public interface ITernaryMap
{
    /// <summary>The result for one lane.</summary>
    T Apply<T>(T a, T b, T c) where T : struct, ILane<T>;
}

/// <summary>The value of a unary operation.</summary>
internal readonly struct ForwardMap<TOp>(TOp op) : IUnaryMap where TOp : struct, IUnaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a) where T : struct, ILane<T> => op.Forward(a);
}

/// <summary>The gradient of a unary operation whose derivative reads at most one operand, its input or its output: f(operand, gradient).</summary>
internal readonly struct GradientFromOneMap<TOp>(TOp op) : IBinaryMap where TOp : struct, IUnaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b) where T : struct, ILane<T> => b * op.Derivative(a, a);
}

/// <summary>The gradient of a unary operation: f(input, output, gradient).</summary>
internal readonly struct GradientFromBothMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IUnaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b, T c) where T : struct, ILane<T> => c * op.Derivative(a, b);
}

/// <summary>The value of a binary operation.</summary>
internal readonly struct BinaryForwardMap<TOp>(TOp op) : IBinaryMap where TOp : struct, IBinaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b) where T : struct, ILane<T> => op.Forward(a, b);
}

/// <summary>The gradient of a binary operation to its first operand.</summary>
internal readonly struct BinaryGradientAMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IBinaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b, T c) where T : struct, ILane<T> => op.GradientA(a, b, c);
}

/// <summary>The gradient of a binary operation to its second operand.</summary>
internal readonly struct BinaryGradientBMap<TOp>(TOp op) : ITernaryMap where TOp : struct, IBinaryOp
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b, T c) where T : struct, ILane<T> => op.GradientB(a, b, c);
}

/// <summary>Copies.</summary>
internal readonly struct IdentityMap : IUnaryMap
{
    /// <inheritdoc/>
    public T Apply<T>(T a) where T : struct, ILane<T> => a;
}

/// <summary>a + b.</summary>
internal readonly struct SumMap : IBinaryMap
{
    /// <inheritdoc/>
    public T Apply<T>(T a, T b) where T : struct, ILane<T> => a + b;
}

/// <summary>a · factor.</summary>
internal readonly struct ScaleMap(double factor) : IUnaryMap
{
    /// <inheritdoc/>
    public T Apply<T>(T a) where T : struct, ILane<T> => a * T.Const(factor);
}
