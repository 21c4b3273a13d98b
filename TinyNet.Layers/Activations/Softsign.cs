using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x / (1 + |x|); dy/dx = 1 / (1 + |x|)².</summary>
public readonly struct SoftsignOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T finite = T.AtMost(T.AtLeast(x, T.Const(-float.MaxValue)), T.Const(float.MaxValue));
        return finite / (T.One + T.Abs(finite));
    }

    /// <inheritdoc/>
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T reciprocal = T.One / (T.One + T.Abs(x));
        return reciprocal * reciprocal;
    }
}

/// <summary>Softsign: <inheritdoc cref="SoftsignOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −1 &lt; y &lt; 1.
/// Paper: J. Turian, J. Bergstra, Y. Bengio, "Quadratic features and deep architectures for chunking", NAACL HLT 2009.
/// </remarks>
public sealed class Softsign : Elementwise<SoftsignOp>;
