namespace TinyNet.Ilgpu;

/// <summary>
/// Sines of angles beyond <see cref="Core.LaneMath.LargeAngle"/>, where a multiple of π/2 has more bits than a double: its fraction comes
/// from 192 bits of 2/π (M. H. Payne, R. N. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983).
/// </summary>
internal static class LargeAngles
{
    private const int Words = 6;

    /// <summary>sin x for 2¹⁹ ≤ |x| ≤ 2²⁵⁶, which products of two floats keep; nan where x is not finite.</summary>
    public static float Sin(double x) => x < 0 ? -SinOfQuarters(-x, 0) : SinOfQuarters(x, 0);

    /// <summary>cos x for 2¹⁹ ≤ |x| ≤ 2²⁵⁶; nan where x is not finite.</summary>
    public static float Cos(double x) => SinOfQuarters(x < 0 ? -x : x, 1);

    /// <summary>sin(x + quarters · π/2) for x &gt; 0.</summary>
    private static float SinOfQuarters(double x, ulong quarters)
    {
        var (mantissa, power) = DoubleBits.Split(x);
        if (power > DoubleBits.LargestPower)
        {
            return float.NaN;
        }

        // x · 2/π = mantissa · 2^power · 0.w₀w₁w₂…; words that make nothing but multiples of four quarters are left out.
        int first = power < 2 ? 0 : (power - 2) / 32;

        // The last 64 bits before and behind the point of which two are whole quarters: the digits of 32 bits from this bit on.
        int bit = 32 * Words - 62 - (power - 32 * first), wanted = bit / 32, shift = bit % 32;
        ulong low = mantissa & uint.MaxValue, high = mantissa >> 32, carry = 0, before = 0, digit0 = 0, digit1 = 0, digit2 = 0;
        for (int i = 0; i < Words + 2; i++)
        {
            ulong word = i < Words ? TwoOverPi(first + Words - 1 - i) : 0, product = low * word, upper = high * before;
            ulong sum = (product & uint.MaxValue) + (upper & uint.MaxValue) + carry, digit = sum & uint.MaxValue;
            carry = (sum >> 32) + (product >> 32) + (upper >> 32);
            before = word;
            digit0 = i == wanted ? digit : digit0;
            digit1 = i == wanted + 1 ? digit : digit1;
            digit2 = i == wanted + 2 ? digit : digit2;
        }

        ulong turns = digit0 | (digit1 << 32);
        turns = shift == 0 ? turns : (turns >> shift) | (digit2 << (64 - shift));

        // The fraction is taken from −1/2 on, which makes the quarter the nearest one.
        double fraction = (long)(turns << 2) * 5.421010862427522e-20;
        ulong quarter = (turns >> 62) + ((turns >> 61) & 1) + quarters;
        return (float)GpuDoubleMath.SinOfQuarters((int)(quarter & 3), fraction);
    }

    private static ulong TwoOverPi(int word) => word switch
    {
        0 => 0xA2F9836E,
        1 => 0x4E441529,
        2 => 0xFC2757D1,
        3 => 0xF534DDC0,
        4 => 0xDB629599,
        5 => 0x3C439041,
        6 => 0xFE5163AB,
        7 => 0xDEBBC561,
        8 => 0xB7246E3A,
        9 => 0x424DD2E0,
        10 => 0x06492EEA,
        _ => 0x09D1921C,
    };
}
