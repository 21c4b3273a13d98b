using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The lane of a GPU thread in double precision, for totals of reductions. Functions that are not powers, exponentials or logarithms are
/// right to single precision.
/// </summary>
internal readonly struct GpuDoubleLane : ILane<GpuDoubleLane>
{
    // Below it 1 + a, or e^a − 1, would lose digits that a float has.
    private const double Near = 0.5;

    private readonly bool _holds;

    /// <summary>A lane of the given double.</summary>
    public GpuDoubleLane(double value)
    {
        Value = value;
        _holds = false;
    }

    private GpuDoubleLane(bool holds)
    {
        Value = 0;
        _holds = holds;
    }

    /// <summary>The double; of a mask, 0.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public static GpuDoubleLane Zero => new(0.0);

    /// <inheritdoc/>
    public static GpuDoubleLane One => new(1.0);

    /// <inheritdoc/>
    public static bool IsDoublePrecision => true;

    /// <inheritdoc/>
    public static GpuDoubleLane Const(double value) => new(value);

    /// <inheritdoc/>
    public static GpuDoubleLane Const(float value) => new((double)value);

    /// <inheritdoc/>
    public static GpuDoubleLane Const(int value) => new((double)value);

    /// <inheritdoc/>
    public static GpuDoubleLane operator +(GpuDoubleLane a, GpuDoubleLane b) => new(GpuMath.Add(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane operator -(GpuDoubleLane a, GpuDoubleLane b) => new(GpuMath.Subtract(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane operator *(GpuDoubleLane a, GpuDoubleLane b) => new(GpuMath.Multiply(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane operator /(GpuDoubleLane a, GpuDoubleLane b) => new(GpuMath.Divide(a.Value, b.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane operator -(GpuDoubleLane a) => new(DoubleBits.Negate(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane MultiplyAdd(GpuDoubleLane a, GpuDoubleLane b, GpuDoubleLane c) => FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    public static GpuDoubleLane FusedMultiplyAdd(GpuDoubleLane a, GpuDoubleLane b, GpuDoubleLane c) =>
        new(GpuMath.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane operator <(GpuDoubleLane a, GpuDoubleLane b) => new(a.Value < b.Value);

    /// <inheritdoc/>
    public static GpuDoubleLane operator >(GpuDoubleLane a, GpuDoubleLane b) => new(a.Value > b.Value);

    /// <inheritdoc/>
    public static GpuDoubleLane operator <=(GpuDoubleLane a, GpuDoubleLane b) => new(a.Value <= b.Value);

    /// <inheritdoc/>
    public static GpuDoubleLane operator >=(GpuDoubleLane a, GpuDoubleLane b) => new(a.Value >= b.Value);

    /// <inheritdoc/>
    public static GpuDoubleLane Equal(GpuDoubleLane a, GpuDoubleLane b) => new(a.Value == b.Value);

    /// <inheritdoc/>
    public static GpuDoubleLane operator &(GpuDoubleLane a, GpuDoubleLane b) => new(a._holds & b._holds);

    /// <inheritdoc/>
    public static GpuDoubleLane operator |(GpuDoubleLane a, GpuDoubleLane b) => new(a._holds | b._holds);

    /// <inheritdoc/>
    public static GpuDoubleLane operator ~(GpuDoubleLane mask) => new(!mask._holds);

    /// <inheritdoc/>
    public static GpuDoubleLane IsNaN(GpuDoubleLane a) => new(DoubleBits.IsNaN(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Select(GpuDoubleLane mask, GpuDoubleLane whenTrue, GpuDoubleLane whenFalse) =>
        mask._holds ? whenTrue : whenFalse;

    /// <inheritdoc/>
    public static GpuDoubleLane Max(GpuDoubleLane a, GpuDoubleLane b) => a.Value > b.Value || DoubleBits.IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static GpuDoubleLane Min(GpuDoubleLane a, GpuDoubleLane b) => a.Value < b.Value || DoubleBits.IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static GpuDoubleLane Abs(GpuDoubleLane a) => new(DoubleBits.Abs(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Sqrt(GpuDoubleLane a) => new(GpuMath.Sqrt(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane RootOfSquares(GpuDoubleLane x, float xWeight, GpuDoubleLane y, float yWeight) =>
        Sqrt(Const(xWeight) * x * x + Const(yWeight) * y * y);

    /// <inheritdoc/>
    public static GpuDoubleLane Floor(GpuDoubleLane a) => new(GpuMath.Floor(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Ceiling(GpuDoubleLane a) => new(GpuMath.Ceiling(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Round(GpuDoubleLane a) => new(GpuMath.Round(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Exp(GpuDoubleLane a) => new(GpuDoubleMath.Exp(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Expm1(GpuDoubleLane a) => IsNear(a) ? Widen(LaneMath.Expm1(Narrow(a))) : Exp(a) - One;

    /// <inheritdoc/>
    public static GpuDoubleLane Log(GpuDoubleLane a) => new(GpuDoubleMath.Log(a.Value));

    /// <inheritdoc/>
    public static GpuDoubleLane Log1p(GpuDoubleLane a) => IsNear(a) ? Widen(LaneMath.Log1p(Narrow(a))) : Log(One + a);

    /// <inheritdoc/>
    public static GpuDoubleLane Sin(GpuDoubleLane a) => Widen(GpuLane.Sin(Narrow(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane Cos(GpuDoubleLane a) => Widen(GpuLane.Cos(Narrow(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane Tanh(GpuDoubleLane a) => Widen(LaneMath.Tanh(Narrow(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane Sigmoid(GpuDoubleLane a) => One / (One + Exp(-a));

    /// <inheritdoc/>
    public static GpuDoubleLane Softplus(GpuDoubleLane a) => Max(a, Zero) + Log1p(Exp(-Abs(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane Erf(GpuDoubleLane a) => Widen(LaneMath.Erf(Narrow(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane CumulativeNormal(GpuDoubleLane a) => Widen(LaneMath.CumulativeNormal(Narrow(a)));

    /// <inheritdoc/>
    public static GpuDoubleLane Pow(GpuDoubleLane a, GpuDoubleLane b) => new(GpuDoubleMath.Pow(a.Value, b.Value));

    private static bool IsNear(GpuDoubleLane a) => DoubleBits.Abs(a.Value) < Near;

    private static GpuLane Narrow(GpuDoubleLane a) => new((float)a.Value);

    private static GpuDoubleLane Widen(GpuLane a) => new((double)a.Value);
}
