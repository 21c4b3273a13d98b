using System.Runtime.CompilerServices;

namespace TinyNet.Core;

internal static partial class LaneMath
{
    /// <summary>From here on erf is taken from the logarithm of erfc.</summary>
    private const float FarErf = 0.92f;

    private const float InverseSqrt2 = 0.707106769f;

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
    /// (1 + erf(x/√2)) / 2, but below 0 half of erfc itself, which keeps its digits. A register with an element in the far tail (one of
    /// two thousand, of normal numbers) computes that, too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CumulativeNormal<T>(T x) where T : struct, IFloatLane<T>
    {
        T z = x * T.Const(InverseSqrt2), magnitude = T.Abs(z);
        T near = T.MultiplyAdd(T.MultiplyAdd(z, ErfSlope(z), z), T.Const(0.5f), T.Const(0.5f));

        // log₂ erfc(z) for 0.92 ≤ z ≤ 2.84, within 4e-7 of it, and from there to 4 near enough to be taken from 1.
        T bounded = T.AtMost(magnitude, T.Const(4f));
        T q = T.MultiplyAdd(bounded, T.Const(0.00022727661f), T.Const(-0.0038216475f));
        q = T.MultiplyAdd(bounded, q, T.Const(0.029698871f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.14482892f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.92529625f));
        q = T.MultiplyAdd(bounded, q, T.Const(-1.6231974f));
        q = T.MultiplyAdd(bounded, q, T.Const(-0.0011982138f));
        T shifted = q + T.Const(RoundingShift);
        T f = q - (shifted - T.Const(RoundingShift));
        T half = T.AddBits(T.ShiftLeft(shifted, MantissaBits), T.Const(0.5f));
        T below = T.MultiplyAdd(half, f * Exp2Slope(f), half);
        T far = T.Select(x < T.Zero, below, T.One - below);
        T result = T.Select(magnitude < T.Const(FarErf), near, far);
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
