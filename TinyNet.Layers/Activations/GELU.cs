using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x Φ(x) with Φ(x) = (1 + erf(x/√2)) / 2; dy/dx = Φ(x) + x e^(−x²/2) / √(2π).</summary>
public readonly struct GELUOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.GELU(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.GELUDerivative(x);
}

/// <summary>y = x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³); dy/dx = s + x s (1 − s) 2u′ with s = (1 + tanh u) / 2.</summary>
public readonly struct TanhGELUOp : IUnaryOp
{
    // (1 + tanh u) / 2 = 1 / (1 + e^(−2u)) and 2u = x (Linear + Cubic x²).
    private const double Linear = 1.5957691216057307117;
    private const double Cubic = Linear * 0.044715;

    // From here on s is 0 or 1, in double precision too; x³ may overflow.
    private const float Saturation = 30;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> =>
        T.AtLeast(x, T.Const(-float.MaxValue)) * T.Sigmoid(x * T.MultiplyAdd(x * x, T.Const(Cubic), T.Const(Linear)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T bounded = T.AtMost(T.AtLeast(x, T.Const(-Saturation)), T.Const(Saturation)), square = bounded * bounded;
        T s = T.Sigmoid(bounded * T.MultiplyAdd(square, T.Const(Cubic), T.Const(Linear)));
        return T.MultiplyAdd(s * (T.One - s) * bounded, T.MultiplyAdd(square, T.Const(3 * Cubic), T.Const(Linear)), s);
    }
}

/// <summary>Gaussian error linear unit: <inheritdoc cref="GELUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y ≥ −0.169971.
/// Paper: D. Hendrycks, K. Gimpel, "Gaussian error linear units (GELUs)", 2016, arXiv:1606.08415.
/// </remarks>
public sealed class GELU : Elementwise<GELUOp>;

/// <summary>
/// Gaussian error linear unit, in the form with a hyperbolic tangent: <inheritdoc cref="TanhGELUOp" path="/summary/node()"/>
/// </summary>
/// <remarks>
/// Range: y ≥ −0.170041. It differs from <see cref="GELU"/> by at most 4.8e-4, near |x| = 2.7.
/// Paper: D. Hendrycks, K. Gimpel, "Gaussian error linear units (GELUs)", 2016, arXiv:1606.08415.
/// </remarks>
public sealed class TanhGELU : Elementwise<TanhGELUOp>;
