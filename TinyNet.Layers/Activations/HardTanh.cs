using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = min(max(x, low), high); dy/dx = 1 inside, 0 outside and on the bounds. Nan stays nan.</summary>
public readonly struct HardTanhOp(float low, float high) : IUnaryOp
{
    private readonly float _low = Require.Finite(low), _high = Require.AtLeast(low, high);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Min(T.Max(x, T.Const(_low)), T.Const(_high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select((y <= T.Const(_low)) | (y >= T.Const(_high)), T.Zero, T.One);
}

/// <summary>y = min(max(x/6 + 1/2, 0), 1); dy/dx = 1/6 for −3 &lt; x &lt; 3, else 0.</summary>
public readonly struct HardSigmoidOp : IUnaryOp
{
    // 1/6 rounded up, in double precision as well: y is 0 at −3 and 1 at 3.
    private const double Slope = 0.16666666666666669;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select((x > T.Const(-3)) & (x < T.Const(3)), T.Const(1.0 / 6), T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(T x) where T : struct, ILane<T> =>
        T.Min(T.Max((x + T.Const(3)) * T.Const(Slope), T.Zero), T.One);
}

/// <summary>y = x min(max(x/6 + 1/2, 0), 1); dy/dx = x/3 + 1/2 for −3 ≤ x ≤ 3, 0 below, 1 above.</summary>
public readonly struct HardSwishOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * HardSigmoidOp.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.Select(x < T.Const(-3), T.Zero, T.Select(x > T.Const(3), T.One, T.MultiplyAdd(x, T.Const(1.0 / 3), T.Const(0.5))));
}

/// <summary>Hyperbolic tangent made of straight lines: <inheritdoc cref="HardTanhOp" path="/summary/node()"/></summary>
/// <remarks>Range: low ≤ y ≤ high. Paper: none, elementary.</remarks>
/// <param name="low">The least value; −1 by default.</param>
/// <param name="high">The largest value; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">high is less than low.</exception>
public sealed class HardTanh(float low = -1, float high = 1) : Elementwise<HardTanhOp>(new(low, high))
{
    private readonly float _low = low, _high = high;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"HardTanh({_low}, {_high})");
}

/// <summary>Rectified linear unit up to 6: y = min(max(x, 0), 6); dy/dx = 1 for 0 &lt; x &lt; 6, else 0. Nan stays nan.</summary>
/// <remarks>Range: 0 ≤ y ≤ 6. Paper: A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.</remarks>
public sealed class ReLU6() : Elementwise<HardTanhOp>(new(0, 6));

/// <summary>Logistic function made of straight lines: <inheritdoc cref="HardSigmoidOp" path="/summary/node()"/></summary>
/// <remarks>Range: 0 ≤ y ≤ 1. Paper: A. Howard et al., "Searching for MobileNetV3", ICCV 2019, arXiv:1905.02244.</remarks>
public sealed class HardSigmoid : Elementwise<HardSigmoidOp>;

/// <summary>Swish with a sigmoid made of straight lines: <inheritdoc cref="HardSwishOp" path="/summary/node()"/></summary>
/// <remarks>Range: y ≥ −0.375. Paper: A. Howard et al., "Searching for MobileNetV3", ICCV 2019, arXiv:1905.02244.</remarks>
public sealed class HardSwish : Elementwise<HardSwishOp>;
