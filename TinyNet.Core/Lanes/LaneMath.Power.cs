using System.Runtime.CompilerServices;

namespace TinyNet.Core;

internal static partial class LaneMath
{
    /// <summary>
    /// |a|^b = 2^(b · log₂|a|) with the logarithm and its product with b as unevaluated sums of two floats (Dekker 1971), because
    /// an exponent near 128 has only 17 bits left for its fraction.
    /// </summary>
    /// <remarks>A call counts little beside its hundred instructions; loops with several powers would be too long to inline them.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static T Pow<T>(T a, T b) where T : struct, IFloatLane<T>
    {
        T magnitude = T.Abs(a);
        T log = Log2(magnitude, out T logLow);

        // With |b| = 2³³ every base but ±1 is beyond the range, so a larger b changes nothing and cannot make ∞ · 0.
        T bounded = T.AtMost(T.AtLeast(b, T.Const(-8589934592.0)), T.Const(8589934592.0));
        T exponent = bounded * log;
        T exponentLow = T.MultiplyAdd(bounded, logLow, T.FusedMultiplyAdd(bounded, log, -exponent));
        exponent = T.AtMost(T.AtLeast(exponent, T.Const(-160f)), T.Const(160f));
        exponentLow = T.AtMost(T.AtLeast(exponentLow, T.Const(-0.001f)), T.Const(0.001f));

        T n = T.Round(exponent);
        T f = (exponent - n) + exponentLow;
        T power = T.Scale(T.MultiplyAdd(f, Exp2Slope(f), T.One), n);
        return PowSpecialCases(a, b, magnitude, power);
    }

    /// <summary>log₂ of a positive finite x as a sum of two floats, the second at most half an ulp of the first.</summary>
    /// <remarks>ln m = 2 artanh(s) = 2s + s³ · polynomial in s², with s = (m − 1) / (m + 1) to twice the precision.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Log2<T>(T x, out T low) where T : struct, IFloatLane<T>
    {
        T k = SplitNormalized(x, out T m);

        T numerator = m - T.One;
        T denominator = m + T.One;
        T denominatorLow = m - (denominator - T.One);
        T inverse = T.One / denominator;
        T s = numerator * inverse;
        T remainder = T.MultiplyAdd(-s, denominatorLow, T.FusedMultiplyAdd(-s, denominator, numerator));
        T sLow = remainder * inverse;

        // (log₂ m − 2s · log₂e) / s³ for |s| ≤ 0.2.
        T square = s * s;
        T p = T.MultiplyAdd(square, T.Const(0.241514429 * Log2EExact), T.Const(0.285035193 * Log2EExact));
        p = T.MultiplyAdd(square, p, T.Const(0.400009334 * Log2EExact));
        p = T.MultiplyAdd(square, p, T.Const(0.666666627 * Log2EExact));

        T slope = T.Const(2 * Log2E);
        T high = s * slope;
        T rest = T.MultiplyAdd(s, T.Const(2 * (Log2EExact - Log2E)), T.FusedMultiplyAdd(s, slope, -high));
        // The derivative of 2 artanh is 2 / (1 − s²); 1 + s² is near enough.
        rest = T.MultiplyAdd(sLow, T.MultiplyAdd(square, slope, slope), rest);
        rest = T.MultiplyAdd(square * s, p, rest);

        T sum = k + high;
        rest = (high - (sum - k)) + rest;
        T result = sum + rest;
        low = rest - (result - sum);
        return result;
    }

    private const double Log2EExact = 1.4426950408889634;

    /// <summary>The sign of a negative base and the cases of IEEE 754-2019, section 9.2.1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowSpecialCases<T>(T a, T b, T magnitude, T power) where T : struct, IFloatLane<T>
    {
        T infinity = T.Const(float.PositiveInfinity);
        T infinite = T.Equal(magnitude, infinity);
        T falling = b < T.Zero;
        power = T.Select(T.Equal(a, T.Zero), T.Select(falling, infinity, T.Zero), power);
        power = T.Select(infinite, T.Select(falling, T.Zero, infinity), power);

        T half = b * T.Const(0.5);
        T isInteger = T.Equal(T.Round(b), b);
        T isOdd = isInteger & ~T.Equal(T.Round(half), half);
        power = T.Xor(power, isOdd & SignOf(a));

        T invalid = (a < T.Zero) & ~isInteger & ~infinite;
        power = T.Select(invalid | T.IsNaN(a) | T.IsNaN(b), T.Const(float.NaN), power);
        return T.Select(T.Equal(a, T.One) | T.Equal(b, T.Zero), T.One, power);
    }
}
