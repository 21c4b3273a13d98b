using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A lane of one float.</summary>
public readonly struct ScalarLane : IFloatLane<ScalarLane>
{
    // Operators read the field: a property takes the address of its operand, for which the JIT makes one more local.
    private readonly float _value;

    /// <summary>A lane of the given float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScalarLane(float value) => _value = value;

    /// <summary>The float.</summary>
    public float Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _value;
    }

    private int Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BitConverter.SingleToInt32Bits(_value);
    }

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static ScalarLane Zero => new(0f);

    /// <inheritdoc/>
    public static ScalarLane One => new(1f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ScalarLane Load(float* source) => new(*source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* destination, ScalarLane value) => *destination = value._value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Const(double value) => new((float)value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Const(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator +(ScalarLane a, ScalarLane b) => new(a._value + b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator -(ScalarLane a, ScalarLane b) => new(a._value - b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator *(ScalarLane a, ScalarLane b) => new(a._value * b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator /(ScalarLane a, ScalarLane b) => new(a._value / b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator -(ScalarLane a) => new(-a._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane MultiplyAdd(ScalarLane a, ScalarLane b, ScalarLane c) =>
        new(float.MultiplyAddEstimate(a._value, b._value, c._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane FusedMultiplyAdd(ScalarLane a, ScalarLane b, ScalarLane c) =>
        new(Fused.IsAccelerated ? MathF.FusedMultiplyAdd(a._value, b._value, c._value) : Fused.MultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator <(ScalarLane a, ScalarLane b) => Mask(a._value < b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator >(ScalarLane a, ScalarLane b) => Mask(a._value > b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator <=(ScalarLane a, ScalarLane b) => Mask(a._value <= b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator >=(ScalarLane a, ScalarLane b) => Mask(a._value >= b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Equal(ScalarLane a, ScalarLane b) => Mask(a._value == b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator &(ScalarLane a, ScalarLane b) => FromBits(a.Bits & b.Bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator |(ScalarLane a, ScalarLane b) => FromBits(a.Bits | b.Bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator ~(ScalarLane mask) => FromBits(~mask.Bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane IsNaN(ScalarLane a) => Mask(float.IsNaN(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Select(ScalarLane mask, ScalarLane whenTrue, ScalarLane whenFalse) => mask.Bits != 0 ? whenTrue : whenFalse;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Max(ScalarLane a, ScalarLane b) => float.IsNaN(b._value) ? b : new(float.MaxNative(b._value, a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Min(ScalarLane a, ScalarLane b) => float.IsNaN(b._value) ? b : new(float.MinNative(b._value, a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Abs(ScalarLane a) => new(MathF.Abs(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Sqrt(ScalarLane a) => new(MathF.Sqrt(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane RootOfSquares(ScalarLane x, float xWeight, ScalarLane y, float yWeight) =>
        LaneMath.RootOfSquares(x, xWeight, y, yWeight);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Floor(ScalarLane a) => new(MathF.Floor(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Ceiling(ScalarLane a) => new(MathF.Ceiling(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Round(ScalarLane a) => new(MathF.Round(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Exp(ScalarLane a) => LaneMath.Exp(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Expm1(ScalarLane a) => LaneMath.Expm1(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Log(ScalarLane a) => LaneMath.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Log1p(ScalarLane a) => LaneMath.Log1p(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Sin(ScalarLane a) => LaneMath.Sin(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane SinOfProduct(ScalarLane a, ScalarLane b) => LaneMath.SinOfProduct(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Cos(ScalarLane a) => LaneMath.Cos(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Tanh(ScalarLane a) => LaneMath.Tanh(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Sigmoid(ScalarLane a) => LaneMath.Sigmoid(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Softplus(ScalarLane a) => LaneMath.Softplus(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Erf(ScalarLane a) => LaneMath.Erf(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane CumulativeNormal(ScalarLane a) => LaneMath.CumulativeNormal(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Pow(ScalarLane a, ScalarLane b) => LaneMath.Pow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScalarLane FromBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.AddBits(ScalarLane a, ScalarLane b) => FromBits(a.Bits + b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.SubtractBits(ScalarLane a, ScalarLane b) => FromBits(a.Bits - b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.ShiftLeft(ScalarLane bits, int count) => FromBits(bits.Bits << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.ShiftRight(ScalarLane bits, int count) => FromBits(bits.Bits >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.Xor(ScalarLane a, ScalarLane b) => FromBits(a.Bits ^ b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.IntegerToFloat(ScalarLane bits) => new(bits.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane ILane<ScalarLane>.AtMost(ScalarLane a, ScalarLane bound) => new(float.MinNative(bound._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane ILane<ScalarLane>.AtLeast(ScalarLane a, ScalarLane bound) => new(float.MaxNative(bound._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane ILane<ScalarLane>.GELU(ScalarLane a) => LaneMath.GELU(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane ILane<ScalarLane>.GELUDerivative(ScalarLane a) => LaneMath.GELUDerivative(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.Scale(ScalarLane a, ScalarLane n) => LaneMath.ScaleInTwoSteps(a, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IFloatLane<ScalarLane>.Any(ScalarLane mask) => mask.Bits != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLane IFloatLane<ScalarLane>.FromBits(int bits) => FromBits(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScalarLane Mask(bool holds) => FromBits(holds ? -1 : 0);
}
