namespace TinyNet.Ilgpu;

/// <summary>
/// What a GPU computes in double precision: random numbers, and totals of powers. Errors are some units in the last place, of powers more
/// (see <see cref="Pow"/>), which rounding to a float hides. All of it is power series, on ranges so small that few terms do.
/// </summary>
internal static class GpuDoubleMath
{
    private const double HalfPi = 1.5707963267948966, Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
    private const double InverseLn2 = 1.4426950408889634, RootOfTwo = 1.4142135623730951;
    private const double LargestExponent = 709.79, SmallestExponent = -745.14;

    /// <summary>sin((quarter + fraction) · π/2) for quarters from 0 to 3 and |fraction| ≤ 1/2.</summary>
    public static double SinOfQuarters(int quarter, double fraction)
    {
        double r = fraction * HalfPi;
        double result = (quarter & 1) != 0 ? CosineSeries(r * r) : r * SineSeries(r * r);
        return (quarter & 2) != 0 ? -result : result;
    }

    /// <summary>e^x.</summary>
    public static double Exp(double x)
    {
        if (!(x < LargestExponent))
        {
            return x + double.PositiveInfinity;
        }

        if (x < SmallestExponent)
        {
            return 0;
        }

        // x = n ln 2 + r with |r| ≤ ln 2 / 2; two powers of two, so that none leaves the range.
        double n = GpuMath.Round(x * InverseLn2);
        double r = GpuMath.FusedMultiplyAdd(n, -Ln2Low, GpuMath.FusedMultiplyAdd(n, -Ln2High, x));
        int half = (int)n >> 1;
        return ExponentialSeries(r) * DoubleBits.PowerOfTwo(half) * DoubleBits.PowerOfTwo((int)n - half);
    }

    /// <summary>ln x of normal numbers, as all floats and products of two are, of 0 and infinity; nan below 0.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || x > double.MaxValue)
        {
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        }

        // x = 2ⁿ m with m from √½ to √2, and ln m = 2 artanh((m − 1) / (m + 1)).
        var (mantissa, power) = DoubleBits.Split(x);
        int n = power + 52;
        double m = mantissa * DoubleBits.PowerOfTwo(-52);
        if (m > RootOfTwo)
        {
            m *= 0.5;
            n++;
        }

        double s = (m - 1) / (m + 1);
        return GpuMath.FusedMultiplyAdd(n, Ln2High, GpuMath.FusedMultiplyAdd(n, Ln2Low, s * LogarithmSeries(s * s)));
    }

    /// <summary>
    /// a to the power b, within about |b ln a| units in the last place: what the logarithm rounds away, the exponential multiplies. The
    /// special cases are those of IEEE 754 pow, but that −0 is 0, and that −1 to an infinite power is nan.
    /// </summary>
    public static double Pow(double a, double b)
    {
        if (b == 0 || a == 1)
        {
            return 1;
        }

        double magnitude = Exp(b * Log(DoubleBits.Abs(a)));
        if (!(a < 0))
        {
            return magnitude;
        }

        bool isInteger = GpuMath.Floor(b) == b, isOdd = isInteger && GpuMath.Floor(b * 0.5) != b * 0.5;
        return isOdd ? -magnitude : isInteger ? magnitude : double.NaN;
    }

    /// <summary>sin r / r by r², for |r| ≤ π/4.</summary>
    private static double SineSeries(double square)
    {
        double sum = 2.8114572543455206e-15;
        sum = GpuMath.FusedMultiplyAdd(sum, square, -7.647163731819816e-13);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 1.6059043836821613e-10);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -2.505210838544172e-08);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 2.7557319223985893e-06);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -0.0001984126984126984);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.008333333333333333);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -0.16666666666666666);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 1.0);
        return sum;
    }

    /// <summary>cos r by r², for |r| ≤ π/4.</summary>
    private static double CosineSeries(double square)
    {
        double sum = -1.5619206968586225e-16;
        sum = GpuMath.FusedMultiplyAdd(sum, square, 4.779477332387385e-14);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -1.1470745597729725e-11);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 2.08767569878681e-09);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -2.755731922398589e-07);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 2.48015873015873e-05);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -0.001388888888888889);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.041666666666666664);
        sum = GpuMath.FusedMultiplyAdd(sum, square, -0.5);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 1.0);
        return sum;
    }

    /// <summary>e^r for |r| ≤ ln 2 / 2.</summary>
    private static double ExponentialSeries(double r)
    {
        double sum = 1.6059043836821613e-10;
        sum = GpuMath.FusedMultiplyAdd(sum, r, 2.08767569878681e-09);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 2.505210838544172e-08);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 2.755731922398589e-07);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 2.7557319223985893e-06);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 2.48015873015873e-05);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.0001984126984126984);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.001388888888888889);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.008333333333333333);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.041666666666666664);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.16666666666666666);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 0.5);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 1.0);
        sum = GpuMath.FusedMultiplyAdd(sum, r, 1.0);
        return sum;
    }

    /// <summary>2 artanh(s) / s by s², for |s| ≤ 0.172.</summary>
    private static double LogarithmSeries(double square)
    {
        double sum = 0.08695652173913043;
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.09523809523809523);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.10526315789473684);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.11764705882352941);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.13333333333333333);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.15384615384615385);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.18181818181818182);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.2222222222222222);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.2857142857142857);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.4);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 0.6666666666666666);
        sum = GpuMath.FusedMultiplyAdd(sum, square, 2.0);
        return sum;
    }
}
