namespace TinyNet.Core;

/// <summary>
/// A lane: one or several numbers that an element-wise operation computes with at once. The same operation is instantiated for
/// SIMD registers (<see cref="Lane512"/>, <see cref="Lane256"/>, <see cref="Lane128"/>), for one float (<see cref="ScalarLane"/>),
/// for one double (<see cref="DoubleLane"/>) and, by other devices, for a GPU thread.
/// </summary>
/// <remarks>
/// The float lanes share one sequence of operations for every function, so that every width gives the same bits. Comparisons yield
/// a <em>mask</em>: a value of the lane type for <see cref="Select"/>, <c>&amp;</c>, <c>|</c> and <c>~</c>, and for nothing else.
/// Both sides of a selection are evaluated: put a safe operand into the side that is not taken.
/// </remarks>
/// <typeparam name="T">The lane itself.</typeparam>
public interface ILane<T> where T : struct, ILane<T>
{
    /// <summary>0 in every element.</summary>
    static abstract T Zero { get; }

    /// <summary>1 in every element.</summary>
    static abstract T One { get; }

    /// <summary>Whether the lane computes in double precision, as the reference device does; by default it does not.</summary>
    static virtual bool IsDoublePrecision => false;

    /// <summary>A constant, rounded to the precision of the lane.</summary>
    static abstract T Const(double value);

    /// <summary>A constant that is exact in every lane: a setting of type float costs no conversion from and to double.</summary>
    static abstract T Const(float value);

    /// <summary>
    /// A whole number, rounded to the precision of the lane. Taken as a float, it would lose digits in double precision too.
    /// </summary>
    static virtual T Const(int value) => T.Const((double)value);

    /// <summary>a + b.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>a · b.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>a / b.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>−a (flips the sign, also of zero and nan).</summary>
    static abstract T operator -(T a);

    /// <summary>
    /// a · b + c, rounded once where the processor has an instruction for it, and twice where it has none: what nearly every formula
    /// should use.
    /// </summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>
    /// a · b + c with the product exact, on every processor: for formulas that need what the rounding of a product leaves over. It is
    /// rounded once; where the processor has no instruction for it, one result of hundreds of millions is rounded in double precision
    /// before, and it is ten times slower than <see cref="MultiplyAdd"/>.
    /// </summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    /// <summary>Mask: a &lt; b; false where either is nan.</summary>
    static abstract T operator <(T a, T b);

    /// <summary>Mask: a &gt; b; false where either is nan.</summary>
    static abstract T operator >(T a, T b);

    /// <summary>Mask: a ≤ b; false where either is nan.</summary>
    static abstract T operator <=(T a, T b);

    /// <summary>Mask: a ≥ b; false where either is nan.</summary>
    static abstract T operator >=(T a, T b);

    /// <summary>Mask: a = b; false where either is nan.</summary>
    static abstract T Equal(T a, T b);

    /// <summary>Mask: both masks hold.</summary>
    static abstract T operator &(T a, T b);

    /// <summary>Mask: either mask holds.</summary>
    static abstract T operator |(T a, T b);

    /// <summary>Mask: the mask does not hold.</summary>
    static abstract T operator ~(T mask);

    /// <summary>Mask: a is not a number.</summary>
    static abstract T IsNaN(T a);

    /// <summary>Element by element <paramref name="whenTrue"/> where the mask holds, else <paramref name="whenFalse"/>.</summary>
    static abstract T Select(T mask, T whenTrue, T whenFalse);

    /// <summary>The larger of both; nan if either is nan.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller of both; nan if either is nan.</summary>
    static abstract T Min(T a, T b);

    /// <summary>
    /// The smaller of <paramref name="a"/> and a bound that is not nan; nan if a is nan. One instruction of a processor, unlike
    /// <see cref="Min"/>, which it is by default.
    /// </summary>
    static virtual T AtMost(T a, T bound) => T.Min(a, bound);

    /// <summary>
    /// The larger of <paramref name="a"/> and a bound that is not nan; nan if a is nan. One instruction of a processor, unlike
    /// <see cref="Max"/>, which it is by default.
    /// </summary>
    static virtual T AtLeast(T a, T bound) => T.Max(a, bound);

    /// <summary>|a|.</summary>
    static abstract T Abs(T a);

    /// <summary>√a, correctly rounded.</summary>
    static abstract T Sqrt(T a);

    /// <summary>
    /// √(xWeight · x² + yWeight · y²), right wherever it is a normal float, though a square may be none; where it is denormal, 0 in single
    /// precision, so that what decays does not become slow. It keeps a mean or a sum of squares by its root. Weights are in [2⁻²⁴, 1], or
    /// 0. By default composed of others.
    /// </summary>
    static virtual T RootOfSquares(T x, float xWeight, T y, float yWeight) => LaneMath.ScaledRootOfSquares(x, xWeight, y, yWeight);

    /// <summary>Rounds down to an integer.</summary>
    static abstract T Floor(T a);

    /// <summary>Rounds up to an integer.</summary>
    static abstract T Ceiling(T a);

    /// <summary>Rounds to the nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>e^a.</summary>
    static abstract T Exp(T a);

    /// <summary>e^a − 1, accurate near 0.</summary>
    static abstract T Expm1(T a);

    /// <summary>Natural logarithm; nan below 0.</summary>
    static abstract T Log(T a);

    /// <summary>ln(1 + a), accurate near 0.</summary>
    static abstract T Log1p(T a);

    /// <summary>Sine of an angle in radians.</summary>
    static abstract T Sin(T a);

    /// <summary>
    /// sin(a · b); where the product is large (from 2²⁰ on, in the float lanes), that of the exact one, which need not be a float. By
    /// default of the rounded product.
    /// </summary>
    static virtual T SinOfProduct(T a, T b) => T.Sin(a * b);

    /// <summary>Cosine of an angle in radians.</summary>
    static abstract T Cos(T a);

    /// <summary>Hyperbolic tangent.</summary>
    static abstract T Tanh(T a);

    /// <summary>1 / (1 + e^−a), without overflow.</summary>
    static abstract T Sigmoid(T a);

    /// <summary>ln(1 + e^a), without overflow, accurate where it is small.</summary>
    static abstract T Softplus(T a);

    /// <summary>Error function 2/√π ∫₀ᵃ e^(−t²) dt.</summary>
    static abstract T Erf(T a);

    /// <summary>The normal distribution Φ(a) = (1 + erf(a/√2)) / 2, which keeps its digits where it is small.</summary>
    static abstract T CumulativeNormal(T a);

    /// <summary>a Φ(a), nan at −∞. By default composed of others.</summary>
    static virtual T GELU(T a) => a * T.CumulativeNormal(a);

    /// <summary>The derivative of <see cref="GELU"/>, Φ(a) + a e^(−a²/2) / √(2π). By default composed of others.</summary>
    static virtual T GELUDerivative(T a)
    {
        // Long before the bounds it is 0 and 1, in double precision too; at ∞ a product would be nan.
        T bounded = T.AtMost(T.AtLeast(a, T.Const(-1000f)), T.Const(1000f));
        T slope = T.Const(0.39894228040143267794) * T.Exp(bounded * bounded * T.Const(-0.5));
        return T.MultiplyAdd(bounded, slope, T.CumulativeNormal(bounded));
    }

    /// <summary>a to the power b, with the special cases of IEEE 754 pow (negative a allowed for integer b).</summary>
    static abstract T Pow(T a, T b);
}
