using System.Runtime.CompilerServices;

namespace TinyNet.Core;

internal static partial class LaneMath
{
    /// <summary>From here on erf is taken from the logarithm of erfc.</summary>
    private const float FarErf = 0.92f;

    /// <summary>Where the far tail of the normal distribution begins: rare among normal numbers.</summary>
    private const float FarTail = -4f;

    /// <summary>x + x · polynomial in x² below 0.92, 1 − 2^polynomial (the logarithm of erfc) from there to 4, 1 beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : struct, IFloatLane<T>
    {
        T magnitude = T.Abs(x);
        T near = T.MultiplyAdd(magnitude, ErfSlope(x), magnitude);

        // log₂ erfc(x) for 0.92 ≤ x ≤ 4, within 3e-9 of erf.
        T bounded = T.AtMost(magnitude, T.Const(4f));
        T q = T.MultiplyAdd(bounded, T.Const(0.000282769528f), T.Const(-0.00439097127f));
        q = T.MultiplyAdd(bounded, q, T.Const(0.0320680737f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.149943501f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.919258475f));
        q = T.MultiplyAdd(bounded, q, T.Const(-1.62689221f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.000282377732f));
        T shifted = q + T.Const(RoundingShift);
        T f = q - (shifted - T.Const(RoundingShift));
        T scale = PowerOfTwo(shifted);
        T far = T.MultiplyAdd(-scale, f * Exp2Slope(f), T.One - scale);
        return T.Select(magnitude < T.Const(FarErf), near, far) | SignOf(x);
    }

    /// <summary>
    /// Φ(−|x|) = 2^polynomial, which below 0 keeps its digits, and 1 − Φ(−|x|) above 0. A register with an element in the far tail (one
    /// of two thousand, of normal numbers) computes that, too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CumulativeNormal<T>(T x) where T : struct, IFloatLane<T>
    {
        // log₂ Φ(−a): within 4e-8 (1 + a²) up to 4, and from there to 5.5 near enough to be taken from 1. By pairs: the chain of one sum
        // after the other would be longer than what a processor looks ahead.
        T a = T.AtMost(T.Abs(x), T.Const(5.5f)), a2 = a * a, a4 = a2 * a2;
        T p12 = T.MultiplyAdd(a, T.Const(-0.459210724f), T.Const(-1.15110517f));
        T p34 = T.MultiplyAdd(a, T.Const(0.00700995652f), T.Const(-0.0524772704f));
        T p56 = T.MultiplyAdd(a, T.Const(-0.000240234658f), T.Const(-6.33985401e-05f));
        T p78 = T.MultiplyAdd(a, T.Const(-7.22455115e-06f), T.Const(6.09566632e-05f));
        T p14 = T.MultiplyAdd(a2, p34, p12);
        T p59 = T.MultiplyAdd(a2, T.MultiplyAdd(a2, T.Const(3.54757674e-07f), p78), p56);
        T q = T.MultiplyAdd(a, T.MultiplyAdd(a4, p59, p14), T.Const(-1f));
        T shifted = q + T.Const(RoundingShift);
        T f = q - (shifted - T.Const(RoundingShift));
        T scale = PowerOfTwo(shifted);
        T f2 = f * f;
        T s01 = T.MultiplyAdd(f, T.Const(0.240226477f), T.Const(0.693147182f));
        T s23 = T.MultiplyAdd(f, T.Const(0.00961850584f), T.Const(0.0555035919f));
        T s45 = T.MultiplyAdd(f, T.Const(0.000153271001f), T.Const(0.00133912417f));
        T below = T.MultiplyAdd(scale * f, T.MultiplyAdd(f2, T.MultiplyAdd(f2, s45, s23), s01), scale);
        T result = T.Select(x < T.Zero, below, T.One - below);
        T isTail = x < T.Const(FarTail);

        // No call of its own: around one, all registers of the loop would go through memory.
        return T.Any(isTail) ? T.Select(isTail, NormalTail.Below(x), result) : result;
    }

    /// <summary>erf(x) / x − 1, a polynomial in x², within 1.7e-8 of erf below 0.92.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfSlope<T>(T x) where T : struct, IFloatLane<T>
    {
        T square = x * x;
        T p = T.MultiplyAdd(square, T.Const(-0.000597083534f), T.Const(0.00498952577f));
        p = T.MultiplyAdd(square, p, T.Const(-0.026764404f));
        p = T.MultiplyAdd(square, p, T.Const(0.112817682f));
        p = T.MultiplyAdd(square, p, T.Const(-0.376124918f));
        return T.MultiplyAdd(square, p, T.Const(0.128379151f));
    }
}
