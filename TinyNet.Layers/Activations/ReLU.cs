using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = max(x, 0); dy/dx = 1 where x &gt; 0, else 0, at 0 too. Nan stays nan and passes the gradient.</summary>
public readonly struct ReLUOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(y <= T.Zero, T.Zero, T.One);
}

/// <summary>Rectified linear unit: <inheritdoc cref="ReLUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y ≥ 0.
/// Paper: V. Nair, G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
/// </remarks>
public sealed class ReLU : Elementwise<ReLUOp>;
