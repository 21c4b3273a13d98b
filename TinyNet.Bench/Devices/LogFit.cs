namespace TinyNet.Bench;

/// <summary>A power law y = c x^p through points, by least squares of the logarithms.</summary>
/// <param name="Exponent">p: 1 where y grows as x does, 2 where it grows as the square.</param>
/// <param name="Misfit">
/// How badly a straight line fits, as a deviation of p: √(Σ r² / (n − 2) / Σ (ln x − mean)²) with the residuals r. Were these chance, it
/// would be the standard error of p. Of times they mostly are not: caches and the cost of a call bend the curve, in each measurement alike.
/// Of two points it is nan.
/// </param>
/// <param name="Points">The number of points, n.</param>
internal readonly record struct LogFit(double Exponent, double Misfit, int Points)
{
    // Within so little nobody cares.
    private const double LeastDifference = 0.05;

    // The exponent and the factor are taken from the points.
    private const int Fitted = 2;

    // Student's t for 1, 2, ... degrees of freedom: with residuals that are chance, 95 % lie within. With more it falls to 1.96: the last
    // one errs on the careful side.
    private static readonly double[] StudentsT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

    /// <summary>Fits points, all of them positive, at two different x at least.</summary>
    public static LogFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] u = [.. x.Select(value => Math.Log(value))], v = [.. y.Select(value => Math.Log(value))];
        double meanU = u.Average(), meanV = v.Average();
        double squares = u.Sum(a => (a - meanU) * (a - meanU));
        double exponent = u.Zip(v, (a, b) => (a - meanU) * (b - meanV)).Sum() / squares;
        double residuals = u.Zip(v, (a, b) => b - meanV - exponent * (a - meanU)).Sum(r => r * r);
        double misfit = u.Length > Fitted ? Math.Sqrt(residuals / (u.Length - Fitted) / squares) : double.NaN;
        return new LogFit(exponent, misfit, u.Length);
    }

    /// <summary>What the exponent says of a time that should be proportional to the number of elements.</summary>
    public string Verdict()
    {
        int freedom = Points - Fitted;
        double difference = Math.Abs(Exponent - 1);
        double uncertain = freedom < 1 ? 0 : Misfit * StudentsT[Math.Min(freedom, StudentsT.Length) - 1];
        return difference <= LeastDifference ? "O(n), linear"
            : difference <= uncertain ? "linear within the misfit"
            : Exponent < 1 ? "less than linear" : "more than linear";
    }
}
