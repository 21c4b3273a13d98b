using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The elementary functions in single precision, written once for every lane of floats: the same operations in the same order
/// on every width, so that they agree bit for bit (nan is nan everywhere; its payload is not promised).
/// </summary>
/// <remarks>
/// The coefficients are minimax fits of our own (Remez exchange, Lawson's algorithm for the last ones), rounded to float one by
/// one from the lowest degree, the others fitted anew after each.
/// <para>
/// Largest errors against double precision over every 61st float, in ulps, with the largest relative error of normal results:
/// Exp 0.89 (7.6e-8), Expm1 1.55 (1.2e-7), Log 0.91 (8.0e-8), Log1p 1.46 (1.5e-7), Tanh 1.93 (1.7e-7), Sigmoid 2.30 (1.7e-7),
/// Erf 1.12 (8.1e-8), Sin 1.64 and Cos 1.77 up to 1e4, Sin 2.09 and Cos 1.89 anywhere (1.7e-7), Pow 3.5 over 16 million random pairs;
/// CumulativeNormal and GELU 5.3 above −1, 21 above −4 (1.5e-6), and as they vanish 78 above −8 and 160 above −13 (1e-5). Denormal
/// results are not flushed.
/// </para>
/// </remarks>
internal static partial class LaneMath
{
    private const int SignBit = int.MinValue;

    /// <summary>Bits of the mantissa of a float below its leading one.</summary>
    private const int MantissaBits = 23;

    /// <summary>1.5 · 2²³: added to |x| &lt; 2²², it leaves x rounded to an integer in the low bits of the sum.</summary>
    private const float RoundingShift = 12582912f;

    /// <summary>Below this magnitude f(x) = x to single precision for the odd functions with slope 1 at 0.</summary>
    private const float TinyMagnitude = 1e-15f;

    /// <summary>a · 2ⁿ without an instruction for it: two powers, so that neither overflows and only the last product rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ScaleInTwoSteps<T>(T a, T n) where T : struct, IFloatLane<T>
    {
        T integer = T.SubtractBits(n + T.Const(RoundingShift), T.Const(RoundingShift));
        T half = T.ShiftRight(integer, 1);
        return a * PowerOfTwo(half) * PowerOfTwo(T.SubtractBits(integer, half));
    }

    /// <summary>2ⁿ for an integer −126 ≤ n ≤ 127 held in the low nine bits; what is above them is shifted out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo<T>(T integer) where T : struct, IFloatLane<T> =>
        T.AddBits(T.ShiftLeft(integer, MantissaBits), T.One);

    /// <summary>The sign bit of each element, all other bits 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SignOf<T>(T x) where T : struct, IFloatLane<T> => x & T.FromBits(SignBit);

    /// <summary>f(x) where it is x to single precision: keeps the sign of zero, and denormals that f's steps would lose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T KeepTiny<T>(T x, T result) where T : struct, IFloatLane<T> =>
        T.Select(T.Abs(x) < T.Const(TinyMagnitude), x, result);
}
