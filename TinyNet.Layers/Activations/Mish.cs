using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x w with w = tanh(ln(1 + e^x)); dy/dx = w + x (1 − w²) σ(x).</summary>
public readonly struct MishOp : IUnaryOp
{
    // tanh(ln(1 + e)) = n / (n + 2) with n = e (e + 2); from 20 on that is 1, in double precision too.
    private const double Saturation = 20;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T e = T.Exp(Bounded(x)), n = e * (e + T.Const(2));
        return x * (n / (n + T.Const(2)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // dw/dx = 4 e (e + 1) / (n + 2)²
        T bounded = T.AtLeast(Bounded(x), T.Const(-Gate.Closed)), e = T.Exp(bounded), n = e * (e + T.Const(2));
        T reciprocal = T.One / (n + T.Const(2));
        return reciprocal * T.MultiplyAdd(bounded * T.Const(4), e * (e + T.One) * reciprocal, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bounded<T>(T x) where T : struct, ILane<T> => T.AtMost(x, T.Const(Saturation));
}

/// <summary>Mish: <inheritdoc cref="MishOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y ≥ −0.308843.
/// Paper: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019, arXiv:1908.08681.
/// </remarks>
public sealed class Mish : Elementwise<MishOp>;
