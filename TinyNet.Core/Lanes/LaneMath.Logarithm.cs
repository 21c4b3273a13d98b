using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// ln x = k · ln 2 + ln(1 + f) with x = 2ᵏ(1 + f) and 2/3 ≤ 1 + f < 4/3; ln(1 + f) = f − f²/2 + f³ · polynomial.
internal static partial class LaneMath
{
    private const float MinNormal = 1.17549435e-38f;
    private const int TwoThirdsBits = 0x3F2AAAAB;

    /// <summary>The straight path serves normal numbers; a lane with any other element (rare) is computed again with all cases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : struct, IFloatLane<T>
    {
        T ordinary = (x >= T.Const(MinNormal)) & (x < T.Const(float.PositiveInfinity));
        if (T.Any(~ordinary))
        {
            return LogOfAny(x);
        }

        T exponent = Exponent(x);
        T mantissa = T.SubtractBits(x, T.ShiftLeft(exponent, MantissaBits));
        return LogReduced(mantissa - T.One, T.IntegerToFloat(exponent));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T LogOfAny<T>(T x) where T : struct, IFloatLane<T>
    {
        T k = SplitNormalized(x, out T mantissa);
        return LogSpecialCases(x, LogReduced(mantissa - T.One, k));
    }

    /// <summary>As the logarithm of u = 1 + x, but with f taken from x itself, which rounds once and loses nothing to u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x) where T : struct, IFloatLane<T>
    {
        T u = T.One + x;
        T exponent = Exponent(u);
        // f = (1 + x) · 2⁻ᵏ − 1, with 4 · 2⁻ᵏ in place of 2⁻ᵏ because k may be 128.
        T fourth = T.SubtractBits(T.Const(4f), T.ShiftLeft(exponent, MantissaBits));
        T f = T.MultiplyAdd(x * T.Const(0.25f), fourth, T.MultiplyAdd(fourth, T.Const(0.25f), -T.One));
        return KeepTiny(x, LogSpecialCases(u, LogReduced(f, T.IntegerToFloat(exponent))));
    }

    /// <summary>The integer k of a positive normal x = 2ᵏ · m with 2/3 ≤ m &lt; 4/3, as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Exponent<T>(T x) where T : struct, IFloatLane<T> =>
        T.ShiftRight(T.SubtractBits(x, T.FromBits(TwoThirdsBits)), MantissaBits);

    /// <summary>k and m of x = 2ᵏ · m with 2/3 ≤ m &lt; 4/3 for a positive x, denormals included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SplitNormalized<T>(T x, out T mantissa) where T : struct, IFloatLane<T>
    {
        T denormal = x < T.Const(MinNormal);
        T normal = T.Select(denormal, x * T.Const(1 << MantissaBits), x);
        T exponent = Exponent(normal);
        mantissa = T.SubtractBits(normal, T.ShiftLeft(exponent, MantissaBits));
        return T.IntegerToFloat(exponent) - (denormal & T.Const(MantissaBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogReduced<T>(T f, T k) where T : struct, IFloatLane<T>
    {
        // (ln(1 + f) − f + f²/2) / f³ for |f| ≤ 1/3, within 5e-9 of the logarithm.
        T q = T.MultiplyAdd(f, T.Const(-0.128827453f), T.Const(0.139875084f));
        q = T.MultiplyAdd(f, q, T.Const(-0.121864527f));
        q = T.MultiplyAdd(f, q, T.Const(0.14005217f));
        q = T.MultiplyAdd(f, q, T.Const(-0.166803166f));
        q = T.MultiplyAdd(f, q, T.Const(0.20010449f));
        q = T.MultiplyAdd(f, q, T.Const(-0.249998018f));
        q = T.MultiplyAdd(f, q, T.Const(0.333332151f));
        q = T.MultiplyAdd(f, q, T.Const(-0.5f));
        T fraction = T.MultiplyAdd(k, T.Const(Ln2Low), T.MultiplyAdd(f * f, q, f));
        return T.MultiplyAdd(k, T.Const(Ln2High), fraction);
    }

    /// <summary>−∞ at 0, nan below, infinity and nan as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogSpecialCases<T>(T x, T result) where T : struct, IFloatLane<T>
    {
        result = T.Select(x < T.Const(float.PositiveInfinity), result, x);
        result = T.Select(T.Equal(x, T.Zero), T.Const(float.NegativeInfinity), result);
        return T.Select(x < T.Zero, T.Const(float.NaN), result);
    }
}
