namespace TinyNet.Bench;

/// <summary>A power law y = c x^p through points, by least squares of the logarithms.</summary>
/// <param name="Exponent">p: 1 where y grows as x does, 2 where it grows as the square.</param>
/// <param name="StandardError">
/// What p would scatter by if the points were measured again, √(Σ r² / (n − 2) / Σ (ln x − mean)²) with the residuals r; nan of two
/// points.
/// </param>
internal readonly record struct LogFit(double Exponent, double StandardError)
{
    // Beyond two standard errors a difference is not chance; within so little nobody cares.
    private const double ErrorsOfADifference = 2, LeastDifference = 0.05;

    /// <summary>Fits points, all of them positive, at two different x at least.</summary>
    public static LogFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] u = [.. x.Select(value => Math.Log(value))], v = [.. y.Select(value => Math.Log(value))];
        double meanU = u.Average(), meanV = v.Average();
        double squares = u.Sum(a => (a - meanU) * (a - meanU));
        double exponent = u.Zip(v, (a, b) => (a - meanU) * (b - meanV)).Sum() / squares;
        double residuals = u.Zip(v, (a, b) => b - meanV - exponent * (a - meanU)).Sum(r => r * r);
        return new LogFit(exponent, u.Length > 2 ? Math.Sqrt(residuals / (u.Length - 2) / squares) : double.NaN);
    }

    /// <summary>What the exponent says of a time that should be proportional to the number of elements.</summary>
    public string Verdict()
    {
        double certain = Math.Max(LeastDifference, double.IsNaN(StandardError) ? 0 : ErrorsOfADifference * StandardError);
        return Math.Abs(Exponent - 1) <= certain ? "O(n), linear"
            : Exponent < 1 ? "less than linear" : "more than linear";
    }
}
