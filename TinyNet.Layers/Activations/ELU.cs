using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x for x &gt; 0, else α (e^x − 1); dy/dx = 1 for x &gt; 0, else α e^x.</summary>
public readonly struct ELUOp(float alpha) : IUnaryOp
{
    private readonly float _alpha = Require.Finite(alpha);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, x, T.Const(_alpha) * T.Expm1(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x > T.Zero, T.One, T.Const(_alpha) * T.Exp(x));
}

/// <summary>y = x for x &gt; 0, else α (e^(x/α) − 1); dy/dx = 1 for x &gt; 0, else e^(x/α). α is positive.</summary>
public readonly struct CELUOp(float alpha) : IUnaryOp
{
    private readonly float _alpha = Require.Positive(alpha);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, x, T.Const(_alpha) * T.Expm1(Scaled(x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x > T.Zero, T.One, T.Exp(Scaled(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Scaled<T>(T x) where T : struct, ILane<T> => x / T.Const(_alpha);
}

/// <summary>
/// y = λ x for x &gt; 0, else λ α (e^x − 1), with λ ≈ 1.0507 and α ≈ 1.6733; dy/dx = λ for x &gt; 0, else λ α e^x.
/// </summary>
public readonly struct SELUOp : IUnaryOp
{
    private const double Alpha = 1.6732632423543772848170429916717;
    private const double Scale = 1.0507009873554804934193349852946;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, T.Const(Scale) * x, T.Const(Scale * Alpha) * T.Expm1(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x > T.Zero, T.Const(Scale), T.Const(Scale * Alpha) * T.Exp(x));
}

/// <summary>Exponential linear unit: <inheritdoc cref="ELUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y &gt; −α for positive α.
/// Paper: D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by exponential linear units
/// (ELUs)", ICLR 2016, arXiv:1511.07289.
/// </remarks>
/// <param name="alpha">α; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">α is not finite.</exception>
public sealed class ELU(float alpha = 1) : Elementwise<ELUOp>(new(alpha))
{
    private readonly float _alpha = alpha;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ELU({_alpha})");
}

/// <summary>Continuously differentiable exponential linear unit: <inheritdoc cref="CELUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y &gt; −α.
/// Paper: J. T. Barron, "Continuously differentiable exponential linear units", 2017, arXiv:1704.07483.
/// </remarks>
/// <param name="alpha">α; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">α is not positive.</exception>
public sealed class CELU(float alpha = 1) : Elementwise<CELUOp>(new(alpha))
{
    private readonly float _alpha = alpha;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"CELU({_alpha})");
}

/// <summary>Scaled exponential linear unit: <inheritdoc cref="SELUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y &gt; −λ α ≈ −1.758099.
/// Paper: G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, "Self-normalizing neural networks", NIPS 2017, arXiv:1706.02515.
/// </remarks>
public sealed class SELU : Elementwise<SELUOp>;
