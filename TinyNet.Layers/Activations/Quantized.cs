using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// y = round(n σ(x)) / n with n = 2^bits − 1; dy/dx = σ(x) (1 − σ(x)), as if it were not rounded (straight through).
/// </summary>
public readonly struct QuantizedSigmoidOp(int bits) : IUnaryOp
{
    private readonly float _steps = (1 << Bits(bits)) - 1;

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Round(T.Sigmoid(x) * T.Const(_steps)) / T.Const(_steps);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => SigmoidOp.Slope(x);

    internal static int Bits(int bits) => Require.Between(1, 16, bits);
}

/// <summary>
/// y = round(min(max(n x, −n), n − 1)) / n with n = 2^bits; dy/dx = 1 for −1 ≤ x ≤ 1 − 1/n, else 0, as if it were not rounded
/// (straight through).
/// </summary>
public readonly struct QuantizedClipOp(int bits) : IUnaryOp
{
    private readonly float _steps = 1 << QuantizedSigmoidOp.Bits(bits);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> =>
        T.Round(T.Min(T.Max(x * T.Const(_steps), T.Const(-_steps)), T.Const(_steps - 1))) * T.Const(1 / _steps);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.Select((x < -T.One) | (x > T.Const((_steps - 1) / _steps)), T.Zero, T.One);
}

/// <summary>Quantized logistic function: <inheritdoc cref="QuantizedSigmoidOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: 0, 1/n, …, 1. It is the logistic function at 2^bits levels, within 1 / (2n) of it: 0.00197 with 8 bits.
/// Paper: Y. Bengio, N. Léonard, A. Courville, "Estimating or propagating gradients through stochastic neurons for conditional
/// computation", 2013, arXiv:1308.3432, for the straight-through gradient.
/// </remarks>
public sealed class QuantizedSigmoid : Elementwise<QuantizedSigmoidOp>
{
    private readonly int _bits;

    /// <summary>Makes the layer.</summary>
    /// <param name="bits">The binary digits of a level, 1 to 16; 8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bits are not 1 to 16.</exception>
    public QuantizedSigmoid(int bits = 8) : base(new(bits)) => _bits = bits;

    /// <summary>The levels of an output as the integers 0 to 2^bits − 1 that they are, a byte each.</summary>
    /// <exception cref="InvalidOperationException">A level has more than 8 bits.</exception>
    public byte[] ToBytes(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int steps = (1 << _bits) - 1;
        return _bits <= 8
            ? Array.ConvertAll(output.ToArray(), value => (byte)MathF.Round(value * steps))
            : throw new InvalidOperationException($"{Describe()}: a level of {_bits} bits does not fit into a byte; use 8 bits or fewer");
    }

    /// <inheritdoc/>
    public override string Describe() => $"QuantizedSigmoid({_bits} bits)";
}

/// <summary>Quantized clip: <inheritdoc cref="QuantizedClipOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: −1, −1 + 1/n, …, 1 − 1/n. It is x clipped to that range at 2n levels, within 1 / (2n) of it. It is no sigmoid, though it
/// goes by the name "quantized sigmoid" in places; see <see cref="QuantizedSigmoid"/>.
/// Paper: Y. Bengio, N. Léonard, A. Courville, "Estimating or propagating gradients through stochastic neurons for conditional
/// computation", 2013, arXiv:1308.3432, for the straight-through gradient.
/// </remarks>
/// <param name="bits">The binary digits after the point, 1 to 16; 8 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The bits are not 1 to 16.</exception>
public sealed class QuantizedClip(int bits = 8) : Elementwise<QuantizedClipOp>(new(bits))
{
    private readonly int _bits = bits;

    /// <inheritdoc/>
    public override string Describe() => $"QuantizedClip({_bits} bits)";
}
