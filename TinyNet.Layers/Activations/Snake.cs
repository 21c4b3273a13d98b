using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x + h sin²(a x); dy/dx = 1 + h a sin(2 a x).</summary>
public readonly struct SnakeOp(float frequency, float height) : IUnaryOp
{
    private readonly float _frequency = Require.Finite(frequency), _height = Require.Finite(height);

    /// <summary>With the height 1/a, which is a number.</summary>
    internal static SnakeOp Scaled(float frequency) => new(Require.AtLeast(1.17549435e-38f, frequency), 1 / frequency);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T sine = T.SinOfProduct(x, T.Const(_frequency));
        return T.MultiplyAdd(sine * sine, T.Const(_height), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.MultiplyAdd(T.SinOfProduct(x, T.Const(2 * _frequency)), T.Const(_height * _frequency), T.One);
}

/// <summary>Snake: y = x + sin²(a x) / a; dy/dx = 1 + sin(2 a x).</summary>
/// <remarks>
/// Range: all numbers.
/// Paper: L. Ziyin, T. Hartwig, M. Ueda, "Neural networks fail to learn periodic functions and how to fix it", NeurIPS 2020,
/// arXiv:2006.08195.
/// </remarks>
/// <param name="frequency">a; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">a is not positive, or so small that 1/a is infinite.</exception>
public sealed class Snake(float frequency = 1) : Elementwise<SnakeOp>(SnakeOp.Scaled(frequency))
{
    private readonly float _frequency = frequency;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Snake({_frequency})");
}

/// <summary>Snake without the division, which makes it another function for a ≠ 1: y = x + sin²(a x); dy/dx = 1 + a sin(2 a x).</summary>
/// <remarks>Range: all numbers. Paper: none, a variant of <see cref="Snake"/>.</remarks>
/// <param name="frequency">a; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">a is not finite.</exception>
public sealed class UnscaledSnake(float frequency = 1) : Elementwise<SnakeOp>(new(frequency, 1))
{
    private readonly float _frequency = frequency;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"UnscaledSnake({_frequency})");
}
