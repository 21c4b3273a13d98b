using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x for x &gt; 0, else a x; dy/dx = 1 for x &gt; 0, else a.</summary>
public readonly struct LeakyReLUOp(float negativeSlope) : IUnaryOp
{
    private readonly float _slope = Require.Finite(negativeSlope);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, x, x * T.Const(_slope));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x > T.Zero, T.One, T.Const(_slope));
}

/// <summary>Leaky rectified linear unit: <inheritdoc cref="LeakyReLUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: all numbers for positive a.
/// Paper: A. L. Maas, A. Y. Hannun, A. Y. Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
/// </remarks>
/// <param name="negativeSlope">a; 0.01 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
public sealed class LeakyReLU(float negativeSlope = 0.01f) : Elementwise<LeakyReLUOp>(new(negativeSlope))
{
    private readonly float _slope = negativeSlope;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"LeakyReLU({_slope})");
}
