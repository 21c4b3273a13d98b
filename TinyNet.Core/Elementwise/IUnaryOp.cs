namespace TinyNet.Core;

/// <summary>What the derivative of an operation is computed from; the tape keeps nothing else.</summary>
[Flags]
public enum Operands
{
    /// <summary>Nothing: the derivative is constant.</summary>
    None = 0,

    /// <summary>The operation's input.</summary>
    Input = 1,

    /// <summary>The operation's output.</summary>
    Output = 2,

    /// <summary>Both.</summary>
    InputAndOutput = Input | Output,
}

/// <summary>
/// A differentiable function of one number, applied to every element: a map with its derivative. Written once over the lane type, it
/// runs on SIMD registers, on a GPU thread and in double precision.
/// </summary>
public interface IUnaryOp : IUnaryMap
{
    /// <summary>What <see cref="Derivative"/> reads; by default both.</summary>
    static virtual Operands DerivativeReads => Operands.InputAndOutput;

    /// <summary>The derivative dy/dx, given x and y = f(x). What <see cref="DerivativeReads"/> does not name holds other numbers.</summary>
    T Derivative<T>(T x, T y) where T : struct, ILane<T>;
}

/// <summary>
/// An operation whose derivative may overflow, or vanish, where its product with the gradient of the output does not: it computes the
/// product. It reads either the input or the output.
/// </summary>
internal interface IUnaryGradientOp : IUnaryOp
{
    /// <summary>The gradient ∂L/∂x, given that of the output and the operand that <see cref="IUnaryOp.DerivativeReads"/> names.</summary>
    T Gradient<T>(T operand, T gradient) where T : struct, ILane<T>;
}

/// <summary>
/// A differentiable function of two numbers, applied to every pair of elements after broadcasting: a map with its gradients.
/// </summary>
public interface IBinaryOp : IBinaryMap
{
    /// <summary>The gradient ∂L/∂a, given that of the output.</summary>
    T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T>;

    /// <summary>The gradient ∂L/∂b, given that of the output.</summary>
    T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>;
}
