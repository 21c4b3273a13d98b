using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The lane of a GPU thread: one float. It shares the mathematics of the processor's lanes, so both give the same bits but for what
/// depends on fused multiply-adds of composed operations.
/// </summary>
/// <remarks>
/// A mask is a bit pattern here as on every lane, and a condition beside it: selections read the condition, so that a comparison and its
/// selection become two instructions. The compiler drops what of both is not used.
/// </remarks>
internal readonly struct GpuLane : IFloatLane<GpuLane>
{
    private readonly bool _holds;

    /// <summary>A lane of the given float.</summary>
    public GpuLane(float value)
    {
        Value = value;
        _holds = false;
    }

    private GpuLane(float value, bool holds)
    {
        Value = value;
        _holds = holds;
    }

    /// <summary>The float.</summary>
    public float Value { get; }

    /// <summary>Whether a mask holds.</summary>
    public static bool Holds(GpuLane mask) => mask._holds;

    private int Bits => (int)Interop.FloatAsInt(Value);

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static GpuLane Zero => new(0f);

    /// <inheritdoc/>
    public static GpuLane One => new(1f);

    /// <inheritdoc/>
    public static unsafe GpuLane Load(float* source) => new(*source);

    /// <inheritdoc/>
    public static unsafe void Store(float* destination, GpuLane value) => *destination = value.Value;

    /// <inheritdoc/>
    public static GpuLane Const(double value) => new((float)value);

    /// <inheritdoc/>
    public static GpuLane Const(float value) => new(value);

    /// <inheritdoc/>
    public static GpuLane Const(int value) => new(value);

    /// <inheritdoc/>
    public static GpuLane operator +(GpuLane a, GpuLane b) => new(GpuMath.Add(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuLane operator -(GpuLane a, GpuLane b) => new(GpuMath.Subtract(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuLane operator *(GpuLane a, GpuLane b) => new(GpuMath.Multiply(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuLane operator /(GpuLane a, GpuLane b) => new(GpuMath.Divide(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuLane operator -(GpuLane a) => FromBits(a.Bits ^ int.MinValue);

    /// <inheritdoc/>
    public static GpuLane MultiplyAdd(GpuLane a, GpuLane b, GpuLane c) => FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    public static GpuLane FusedMultiplyAdd(GpuLane a, GpuLane b, GpuLane c) => new(GpuMath.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    public static GpuLane operator <(GpuLane a, GpuLane b) => Mask(a.Value < b.Value);

    /// <inheritdoc/>
    public static GpuLane operator >(GpuLane a, GpuLane b) => Mask(a.Value > b.Value);

    /// <inheritdoc/>
    public static GpuLane operator <=(GpuLane a, GpuLane b) => Mask(a.Value <= b.Value);

    /// <inheritdoc/>
    public static GpuLane operator >=(GpuLane a, GpuLane b) => Mask(a.Value >= b.Value);

    /// <inheritdoc/>
    public static GpuLane Equal(GpuLane a, GpuLane b) => Mask(a.Value == b.Value);

    /// <inheritdoc/>
    public static GpuLane operator &(GpuLane a, GpuLane b) => FromBits(a.Bits & b.Bits, a._holds & b._holds);

    /// <inheritdoc/>
    public static GpuLane operator |(GpuLane a, GpuLane b) => FromBits(a.Bits | b.Bits, a._holds | b._holds);

    /// <inheritdoc/>
    public static GpuLane operator ~(GpuLane mask) => FromBits(~mask.Bits, !mask._holds);

    /// <inheritdoc/>
    public static GpuLane IsNaN(GpuLane a) => Mask(IsNaN(a.Value));

    /// <inheritdoc/>
    public static GpuLane Select(GpuLane mask, GpuLane whenTrue, GpuLane whenFalse) => mask._holds ? whenTrue : whenFalse;

    /// <inheritdoc/>
    public static GpuLane Max(GpuLane a, GpuLane b) => a.Value > b.Value || IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static GpuLane Min(GpuLane a, GpuLane b) => a.Value < b.Value || IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static GpuLane AtMost(GpuLane a, GpuLane bound) => a.Value > bound.Value ? bound : a;

    /// <inheritdoc/>
    public static GpuLane AtLeast(GpuLane a, GpuLane bound) => a.Value < bound.Value ? bound : a;

    /// <inheritdoc/>
    public static GpuLane Abs(GpuLane a) => FromBits(a.Bits & int.MaxValue);

    /// <inheritdoc/>
    public static GpuLane Sqrt(GpuLane a) => new(GpuMath.Sqrt(a.Value));

    /// <inheritdoc/>
    public static GpuLane RootOfSquares(GpuLane x, float xWeight, GpuLane y, float yWeight) =>
        LaneMath.RootOfSquares(x, xWeight, y, yWeight);

    /// <inheritdoc/>
    public static GpuLane Floor(GpuLane a) => new(GpuMath.Floor(a.Value));

    /// <inheritdoc/>
    public static GpuLane Ceiling(GpuLane a) => new(GpuMath.Ceiling(a.Value));

    /// <inheritdoc/>
    public static GpuLane Round(GpuLane a) => new(GpuMath.Round(a.Value));

    /// <inheritdoc/>
    public static GpuLane Exp(GpuLane a) => LaneMath.Exp(a);

    /// <inheritdoc/>
    public static GpuLane Expm1(GpuLane a) => LaneMath.Expm1(a);

    /// <inheritdoc/>
    public static GpuLane Log(GpuLane a) => LaneMath.Log(a);

    /// <inheritdoc/>
    public static GpuLane Log1p(GpuLane a) => LaneMath.Log1p(a);

    /// <inheritdoc/>
    public static GpuLane Sin(GpuLane a) => IsLarge(a.Value) ? new(LargeAngles.Sin(a.Value)) : LaneMath.SinOfModerate(a);

    /// <inheritdoc/>
    public static GpuLane SinOfProduct(GpuLane a, GpuLane b)
    {
        var angle = a * b;
        return IsLarge(angle.Value) ? new(LargeAngles.Sin((double)a.Value * b.Value)) : LaneMath.SinOfModerate(angle);
    }

    /// <inheritdoc/>
    public static GpuLane Cos(GpuLane a) => IsLarge(a.Value) ? new(LargeAngles.Cos(a.Value)) : LaneMath.CosOfModerate(a);

    /// <inheritdoc/>
    public static GpuLane Tanh(GpuLane a) => LaneMath.Tanh(a);

    /// <inheritdoc/>
    public static GpuLane Sigmoid(GpuLane a) => LaneMath.Sigmoid(a);

    /// <inheritdoc/>
    public static GpuLane Softplus(GpuLane a) => LaneMath.Softplus(a);

    /// <inheritdoc/>
    public static GpuLane Erf(GpuLane a) => LaneMath.Erf(a);

    /// <inheritdoc/>
    public static GpuLane CumulativeNormal(GpuLane a) => LaneMath.CumulativeNormal(a);

    /// <inheritdoc/>
    public static GpuLane GELU(GpuLane a) => LaneMath.GELU(a);

    /// <inheritdoc/>
    public static GpuLane GELUDerivative(GpuLane a) => LaneMath.GELUDerivative(a);

    /// <inheritdoc/>
    public static GpuLane Pow(GpuLane a, GpuLane b) => LaneMath.Pow(a, b);

    static GpuLane IFloatLane<GpuLane>.FromBits(int bits) => FromBits(bits);

    static GpuLane IFloatLane<GpuLane>.AddBits(GpuLane a, GpuLane b) => FromBits(a.Bits + b.Bits);

    static GpuLane IFloatLane<GpuLane>.SubtractBits(GpuLane a, GpuLane b) => FromBits(a.Bits - b.Bits);

    static GpuLane IFloatLane<GpuLane>.ShiftLeft(GpuLane bits, int count) => FromBits(bits.Bits << count);

    static GpuLane IFloatLane<GpuLane>.ShiftRight(GpuLane bits, int count) => FromBits(bits.Bits >> count);

    static GpuLane IFloatLane<GpuLane>.Xor(GpuLane a, GpuLane b) => FromBits(a.Bits ^ b.Bits);

    static GpuLane IFloatLane<GpuLane>.IntegerToFloat(GpuLane bits) => new(bits.Bits);

    static GpuLane IFloatLane<GpuLane>.Scale(GpuLane a, GpuLane n) => LaneMath.ScaleInTwoSteps(a, n);

    static bool IFloatLane<GpuLane>.Any(GpuLane mask) => mask._holds;

    // Written with bits: what is nan must not depend on how a driver treats comparisons that it can prove.
    private static bool IsNaN(float a) => (Interop.FloatAsInt(a) & int.MaxValue) > 0x7F800000;

    private static bool IsLarge(float a) => (a < 0 ? -a : a) > LaneMath.LargeAngle;

    private static GpuLane FromBits(int bits, bool holds = false) => new(Interop.IntAsFloat((uint)bits), holds);

    private static GpuLane Mask(bool holds) => FromBits(holds ? -1 : 0, holds);
}
