using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>The bits of a double on a GPU.</summary>
internal static class DoubleBits
{
    private const int MantissaBits = 52, Bias = 1023;

    /// <summary>The largest power of <see cref="Split"/> of a number that is finite.</summary>
    public const int LargestPower = Bias - MantissaBits;

    /// <summary>A normal number above 0 as mantissa · 2^power, with 53 bits of mantissa.</summary>
    public static (ulong Mantissa, int Power) Split(double x)
    {
        ulong bits = Interop.FloatAsInt(x);
        return ((bits & ((1UL << MantissaBits) - 1)) | (1UL << MantissaBits), (int)(bits >> MantissaBits) - Bias - MantissaBits);
    }

    /// <summary>2ⁿ for −1022 ≤ n ≤ 1023.</summary>
    public static double PowerOfTwo(int n) => Interop.IntAsFloat((ulong)(n + Bias) << MantissaBits);

    /// <summary>|x|, of nan too.</summary>
    public static double Abs(double x) => Interop.IntAsFloat(Interop.FloatAsInt(x) & long.MaxValue);

    /// <summary>−x, of nan too.</summary>
    public static double Negate(double x) => Interop.IntAsFloat(Interop.FloatAsInt(x) ^ (1UL << 63));

    /// <summary>Whether x is not a number.</summary>
    public static bool IsNaN(double x) => (Interop.FloatAsInt(x) & long.MaxValue) > 0x7FF0000000000000;
}
