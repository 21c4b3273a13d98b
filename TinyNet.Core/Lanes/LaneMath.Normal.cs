using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// The normal distribution below 0: Φ(−a) = e^(−a²/2) · M(a), where M falls slowly (up to a factor Mills' ratio, W. F. Sheppard, "The
// probability integral", 1939) and is a quotient of two polynomials without a negative coefficient: nothing cancels, near 0 or far out.
internal static partial class LaneMath
{
    // Φ, and x times its slope, are 0 in single precision from here on.
    private const float EndOfNormal = -14.8f;

    private const float InverseSqrt2Pi = 0.398942280f;

    /// <summary>Φ(−|x|), which keeps its digits, below 0, and 1 less it above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CumulativeNormal<T>(T x) where T : struct, IFloatLane<T>
    {
        T m = BelowZero(x), below = UnderBell(m, MillsNumerator(m), MillsDenominator(m)), above = T.One - below;
        return T.Select(x < T.Zero, below, above);
    }

    /// <summary>x Φ(x) = max(x, 0) − |x| Φ(−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GELU<T>(T x) where T : struct, IFloatLane<T>
    {
        // The factor is not bounded below 0, so that −∞ · 0 is nan.
        T m = BelowZero(x), factor = T.AtMost(x, m);
        return T.MultiplyAdd(factor, UnderBell(m, MillsNumerator(m), MillsDenominator(m)), T.AtLeast(x, T.Zero));
    }

    /// <summary>Φ(x) + x e^(−x²/2) / √(2π): for −|x| both are one quotient under the bell, for |x| 1 less that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GELUDerivative<T>(T x) where T : struct, IFloatLane<T>
    {
        T m = BelowZero(x), denominator = MillsDenominator(m);
        T numerator = T.MultiplyAdd(m * T.Const(InverseSqrt2Pi), denominator, MillsNumerator(m));
        T below = UnderBell(m, numerator, denominator), above = T.One - below;
        return T.Select(x < T.Zero, below, above);
    }

    /// <summary>−|x|, as far as it matters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T BelowZero<T>(T x) where T : struct, IFloatLane<T> => T.AtLeast(x | T.FromBits(SignBit), T.Const(EndOfNormal));

    // Φ(m) e^(m²/2) for −14.5 ≤ m ≤ 0, within 4e-8 (1 + m²) of it (Lawson's algorithm), 1/2 at 0.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MillsNumerator<T>(T m) where T : struct, IFloatLane<T>
    {
        T p = T.MultiplyAdd(m, T.Const(-0.013983692f), T.Const(0.106394194f));
        p = T.MultiplyAdd(m, p, T.Const(-0.33881176f));
        return T.MultiplyAdd(m, p, T.Const(0.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MillsDenominator<T>(T m) where T : struct, IFloatLane<T>
    {
        T p = T.MultiplyAdd(m, T.Const(0.03506501f), T.Const(-0.26626486f));
        p = T.MultiplyAdd(m, p, T.Const(0.89009535f));
        p = T.MultiplyAdd(m, p, T.Const(-1.4755063f));
        return T.MultiplyAdd(m, p, T.One);
    }

    /// <summary>e^(−m²/2) · numerator / denominator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T UnderBell<T>(T m, T numerator, T denominator) where T : struct, IFloatLane<T>
    {
        // 2^f within 1e-7, shorter than Exp2Slope: below −1.5 what rounding takes from the square is more.
        T exponent = m * m * T.Const(-0.5f * Log2E), n = T.Round(exponent), f = exponent - n;
        T q = T.MultiplyAdd(f, T.Const(0.00132567319f), T.Const(0.0096716983f));
        q = T.MultiplyAdd(f, q, T.Const(0.055507686f));
        q = T.MultiplyAdd(f, q, T.Const(0.24022241f));
        q = T.MultiplyAdd(f, q, T.Const(0.693146944f));
        q = T.MultiplyAdd(f, q, T.One);
        return T.Scale(q * numerator / denominator, n);
    }
}
