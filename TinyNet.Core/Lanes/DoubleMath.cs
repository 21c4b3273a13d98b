namespace TinyNet.Core;

/// <summary>The functions of <see cref="DoubleLane"/> that <see cref="Math"/> lacks, to about 1e-15.</summary>
internal static class DoubleMath
{
    /// <summary>e^x − 1: W. Kahan's correction of the rounding of u = e^x by (u − 1) · x / ln u.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1)
        {
            return Math.Exp(x) - 1;
        }

        double u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + x): W. Kahan's correction of the rounding of u = 1 + x by ln u · x / (u − 1).</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        if (u == 1)
        {
            return x;
        }

        return u is > 0 and < 1e18 ? Math.Log(u) * (x / (u - 1)) : Math.Log(u);
    }

    /// <summary>1 / (1 + e^−x) without overflow.</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>ln(1 + e^x) without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>The error function: the rational Chebyshev approximations of W. J. Cody, Math. Comp. 23 (1969), 631–637.</summary>
    public static double Erf(double x)
    {
        double y = Math.Abs(x);
        if (y <= 0.46875)
        {
            return x * Ratio(ErfNumerator, ErfDenominator, x * x);
        }

        if (double.IsNaN(x))
        {
            return x;
        }

        return y < 6 ? Math.CopySign(1 - Erfc(y), x) : Math.Sign(x);
    }

    /// <summary>
    /// The normal distribution (1 + erf(x/√2)) / 2; below 0 it is half of erfc, whose e^(−x²/2) is taken of the unrounded square.
    /// </summary>
    public static double CumulativeNormal(double x)
    {
        double y = Math.Abs(x) * Math.Sqrt(0.5);
        if (!(x < 0) || y <= 0.46875)
        {
            return 0.5 + 0.5 * Erf(x * Math.Sqrt(0.5));
        }

        double square = x * x;
        return y < 28 ? 0.5 * Math.Exp(-0.5 * square) * (1 - 0.5 * Math.FusedMultiplyAdd(x, x, -square)) * ScaledErfc(y) : 0;
    }

    /// <summary>1 − erf for y &gt; 0.46875, to the precision that erf needs (y² is rounded).</summary>
    private static double Erfc(double y) => Math.Exp(-y * y) * ScaledErfc(y);

    /// <summary>e^(y²) erfc(y) for y &gt; 0.46875.</summary>
    private static double ScaledErfc(double y)
    {
        if (y <= 4)
        {
            return Ratio(MiddleNumerator, MiddleDenominator, y);
        }

        double z = 1 / (y * y);
        return (InverseSqrtPi - z * Ratio(FarNumerator, FarDenominator, z)) / y;
    }

    /// <summary>The quotient of two polynomials, coefficients from the highest degree.</summary>
    private static double Ratio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator, double x)
    {
        double p = 0, q = 0;
        foreach (double c in numerator)
        {
            p = p * x + c;
        }

        foreach (double c in denominator)
        {
            q = q * x + c;
        }

        return p / q;
    }

    private const double InverseSqrtPi = 0.56418958354775628695;

    private static ReadOnlySpan<double> ErfNumerator =>
        [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];

    private static ReadOnlySpan<double> ErfDenominator =>
        [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

    private static ReadOnlySpan<double> MiddleNumerator =>
    [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
        8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
    ];

    private static ReadOnlySpan<double> MiddleDenominator =>
    [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
        3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
    ];

    private static ReadOnlySpan<double> FarNumerator =>
    [
        1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
        1.60837851487422766e-2, 6.58749161529837803e-4,
    ];

    private static ReadOnlySpan<double> FarDenominator =>
        [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];
}
