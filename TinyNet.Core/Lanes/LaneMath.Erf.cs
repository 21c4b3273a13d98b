using System.Runtime.CompilerServices;

namespace TinyNet.Core;

internal static partial class LaneMath
{
    /// <summary>From here on erf is taken from the logarithm of erfc.</summary>
    private const float FarErf = 0.92f;

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
