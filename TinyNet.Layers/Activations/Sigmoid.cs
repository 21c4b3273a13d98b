using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = 1 / (1 + e^−z) with z = min(max(x, −limit), limit); dy/dx = y (1 − y), as if nothing were clipped.</summary>
public readonly struct ClippedSigmoidOp(float limit) : IUnaryOp
{
    private readonly float _limit = Require.Positive(limit);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Sigmoid(T.Min(T.Max(x, T.Const(-_limit)), T.Const(_limit)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => y * (T.One - y);
}

/// <summary>Logistic function: y = 1 / (1 + e^−x); dy/dx = y (1 − y).</summary>
/// <remarks>
/// Range: 0 &lt; y &lt; 1. It does not overflow. The derivative is computed from the output, within 9e-8.
/// Paper: none, elementary.
/// </remarks>
public sealed class Sigmoid : Elementwise<SigmoidOp>;

/// <summary>Logistic function of a clipped number: <inheritdoc cref="ClippedSigmoidOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: σ(−limit) ≤ y ≤ σ(limit). With the default limit it equals <see cref="Sigmoid"/>, which needs no clipping. The
/// derivative is computed from the output, within 9e-8.
/// Paper: none, elementary.
/// </remarks>
/// <param name="limit">How far x may go; 500 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
public sealed class ClippedSigmoid(float limit = 500) : Elementwise<ClippedSigmoidOp>(new(limit))
{
    private readonly float _limit = limit;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ClippedSigmoid({_limit})");
}
