using System.Runtime.CompilerServices;

namespace TinyNet.Core;

internal static partial class LaneMath
{
    /// <summary>(1 − e) / (1 + e) with e = e^(−2|x|) = 2ⁿ + 2ⁿ(e^r − 1), each side rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, IFloatLane<T>
    {
        T shifted = ReduceExp(T.AtLeast(T.Abs(x) * T.Const(-2f), T.Const(-20f)), out T r);
        T scale = PowerOfTwo(shifted);
        T expm1 = Expm1Reduced(r);
        T numerator = T.MultiplyAdd(-scale, expm1, T.One - scale);
        T denominator = T.MultiplyAdd(scale, expm1, T.One + scale);
        return (numerator / denominator) | SignOf(x);
    }

    /// <summary>e^x / (1 + e^x) below 0 and 1 / (1 + e^−x) above: neither overflows, and small results keep their digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, IFloatLane<T>
    {
        T shifted = ReduceExp(T.AtLeast(-T.Abs(x), T.Const(-104f)), out T r);
        T e = T.Scale(ExpReduced(r), shifted - T.Const(RoundingShift));
        return T.Select(x < T.Zero, e, T.One) / (T.One + e);
    }

    /// <summary>
    /// max(x, 0) + ln(1 + e) with e = e^−|x| and ln(1 + e) = 2 artanh s for s = e / (e + 2) ≤ 1/3: nothing overflows, no case is special.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x) where T : struct, IFloatLane<T>
    {
        T shifted = ReduceExp(T.AtLeast(-T.Abs(x), T.Const(-104f)), out T r);
        T e = T.Scale(ExpReduced(r), shifted - T.Const(RoundingShift));
        T s = e / (e + T.Const(2f));

        // (2 artanh(s) / s − 2) / s² in s², within 5.3e-9 of the logarithm.
        T square = s * s;
        T q = T.MultiplyAdd(square, T.Const(0.28021833f), T.Const(0.2799963f));
        q = T.MultiplyAdd(square, q, T.Const(0.40021673f));
        q = T.MultiplyAdd(square, q, T.Const(0.6666641f));
        return T.AtLeast(x, T.Zero) + T.MultiplyAdd(s * square, q, s + s);
    }
}
