using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x / (1 + |x|); dy/dx = 1 / (1 + |x|)².</summary>
public readonly struct SoftsignOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x / (T.One + T.Abs(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T reciprocal = T.One / (T.One + T.Abs(x));
        return reciprocal * reciprocal;
    }
}

/// <summary>Softsign: <inheritdoc cref="SoftsignOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −1 &lt; y &lt; 1. Nan at ±∞, as PyTorch has it.
/// Paper: J. Turian, J. Bergstra, Y. Bengio, "Quadratic features and deep architectures for chunking", NAACL HLT 2009.
/// </remarks>
public sealed class Softsign : Elementwise<SoftsignOp>;
