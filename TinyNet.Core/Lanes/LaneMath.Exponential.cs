using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// e^x = 2ⁿ · e^r with x = n · ln 2 + r and |r| ≤ ln 2 / 2 (Cody and Waite 1980: ln 2 in two parts), e^r a polynomial.
internal static partial class LaneMath
{
    private const float Log2E = 1.44269502f;
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, IFloatLane<T>
    {
        // Beyond these bounds the result is 0 or infinity anyway; within them n stays finite.
        x = T.AtMost(T.AtLeast(x, T.Const(-104f)), T.Const(89f));
        T shifted = ReduceExp(x, out T r);
        return T.Scale(ExpReduced(r), shifted - T.Const(RoundingShift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1<T>(T x) where T : struct, IFloatLane<T>
    {
        // 2ⁿ(e^r − 1) + (2ⁿ − 1), all of it halved until the end because 2ⁿ may be 2¹²⁸.
        T bounded = T.AtMost(T.AtLeast(x, T.Const(-18f)), T.Const(89f));
        T shifted = ReduceExp(bounded, out T r);
        T scale = T.AddBits(T.ShiftLeft(shifted, MantissaBits), T.Const(0.5f));
        T half = T.MultiplyAdd(scale, Expm1Reduced(r), scale - T.Const(0.5f));
        return KeepTiny(x, half + half);
    }

    /// <summary>Returns <see cref="RoundingShift"/> + n, whose low bits are the integer n, and r = x − n · ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReduceExp<T>(T x, out T r) where T : struct, IFloatLane<T>
    {
        T shifted = T.MultiplyAdd(x, T.Const(Log2E), T.Const(RoundingShift));
        T n = shifted - T.Const(RoundingShift);
        r = T.MultiplyAdd(n, T.Const(-Ln2Low), T.FusedMultiplyAdd(n, T.Const(-Ln2High), x));
        return shifted;
    }

    /// <summary>(e^r − 1 − r) / r² for |r| ≤ 0.3475, within 1.5e-8 of e^r − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTail<T>(T r) where T : struct, IFloatLane<T>
    {
        T q = T.MultiplyAdd(r, T.Const(0.00139755209f), T.Const(0.0083682565f));
        q = T.MultiplyAdd(r, q, T.Const(0.0416661575f));
        q = T.MultiplyAdd(r, q, T.Const(0.166665301f));
        return T.MultiplyAdd(r, q, T.Const(0.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpReduced<T>(T r) where T : struct, IFloatLane<T> =>
        T.MultiplyAdd(r, T.MultiplyAdd(r, ExpTail(r), T.One), T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Expm1Reduced<T>(T r) where T : struct, IFloatLane<T> => T.MultiplyAdd(r * r, ExpTail(r), r);

    /// <summary>(2^f − 1) / f for |f| ≤ 0.502, within 4e-9 of 2^f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Exp2Slope<T>(T f) where T : struct, IFloatLane<T>
    {
        T q = T.MultiplyAdd(f, T.Const(0.000153271001f), T.Const(0.00133912417f));
        q = T.MultiplyAdd(f, q, T.Const(0.00961850584f));
        q = T.MultiplyAdd(f, q, T.Const(0.0555035919f));
        q = T.MultiplyAdd(f, q, T.Const(0.240226477f));
        return T.MultiplyAdd(f, q, T.Const(0.693147182f));
    }
}
