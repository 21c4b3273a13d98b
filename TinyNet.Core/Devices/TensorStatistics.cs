namespace TinyNet.Core;

/// <summary>
/// What the elements of a tensor are like: their number, mean, spread and extremes, and how many are zero or no number. Moments and
/// extremes are those of the finite elements; of none, they are nan. Sums are of blocks in single precision, where its range is enough, and
/// of these in double precision: they are right to about 1e-6 of the sum of magnitudes.
/// </summary>
/// <param name="Count">How many elements there are.</param>
/// <param name="NaNs">How many are nan.</param>
/// <param name="Infinities">How many are infinite.</param>
/// <param name="Zeros">How many are 0.</param>
/// <param name="NearZeros">How many are at most as large as a threshold, those that are 0 included.</param>
/// <param name="Mean">Σ x / n.</param>
/// <param name="MeanMagnitude">Σ |x| / n.</param>
/// <param name="SquaredDeviations">Σ (x − mean)².</param>
/// <param name="Minimum">min x.</param>
/// <param name="Maximum">max x.</param>
/// <param name="MinimumMagnitude">min |x|.</param>
public readonly record struct TensorStatistics(
    long Count, long NaNs, long Infinities, long Zeros, long NearZeros, double Mean, double MeanMagnitude, double SquaredDeviations,
    double Minimum, double Maximum, double MinimumMagnitude)
{
    /// <summary>The largest magnitude that counts as near zero where nothing else is said.</summary>
    public const float DefaultNearZero = 1e-6f;

    /// <summary>Those of nothing.</summary>
    public static TensorStatistics Empty { get; } =
        new(0, 0, 0, 0, 0, double.NaN, double.NaN, 0, double.NaN, double.NaN, double.NaN);

    /// <summary>How many elements are finite.</summary>
    public long Finite => Count - NaNs - Infinities;

    /// <summary>√(Σ (x − mean)² / n): 0 of a single element.</summary>
    public double StandardDeviation => Math.Sqrt(SquaredDeviations / Finite);

    /// <summary>√(Σ x²): 0 of nothing.</summary>
    public double L2Norm => Finite == 0 ? 0 : Math.Sqrt(SquaredDeviations + Finite * Mean * Mean);

    /// <summary>√(Σ x² / n).</summary>
    public double RootMeanSquare => L2Norm / Math.Sqrt(Finite);

    /// <summary>max |x|.</summary>
    public double MaximumMagnitude => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>The share of all elements that are 0.</summary>
    public double ZeroShare => (double)Zeros / Count;

    /// <summary>The share of all elements that are near zero.</summary>
    public double NearZeroShare => (double)NearZeros / Count;

    /// <summary>The share of all elements that are nan.</summary>
    public double NaNShare => (double)NaNs / Count;

    /// <summary>The share of all elements that are infinite.</summary>
    public double InfinityShare => (double)Infinities / Count;

    /// <summary>Measures a tensor on its device, in one pass.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="nearZero">The largest magnitude that counts as near zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or not finite.</exception>
    /// <exception cref="LifetimeException">The tensor was used after its scope ended.</exception>
    public static TensorStatistics Of(Tensor x, float nearZero = DefaultNearZero)
    {
        ArgumentNullException.ThrowIfNull(x);
        Require.NotNegative(nearZero);
        x.EnsureAlive("TensorStatistics.Of");
        return x.Device.Measure(x, nearZero);
    }

    /// <summary>Measures numbers of the host.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="nearZero">The largest magnitude that counts as near zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or not finite.</exception>
    public static TensorStatistics Of(ReadOnlySpan<float> x, float nearZero = DefaultNearZero)
    {
        Require.NotNegative(nearZero);
        long nans = 0, infinities = 0, zeros = 0, nearZeros = 0;
        double sum = 0, magnitudes = 0;
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity, smallest = double.PositiveInfinity;
        foreach (float value in x)
        {
            if (!float.IsFinite(value))
            {
                nans += float.IsNaN(value) ? 1 : 0;
                infinities += float.IsNaN(value) ? 0 : 1;
                continue;
            }

            double magnitude = Math.Abs(value);
            (sum, magnitudes) = (sum + value, magnitudes + magnitude);
            (minimum, maximum, smallest) = (Math.Min(minimum, value), Math.Max(maximum, value), Math.Min(smallest, magnitude));
            zeros += value == 0 ? 1 : 0;
            nearZeros += magnitude <= nearZero ? 1 : 0;
        }

        long finite = x.Length - nans - infinities;
        if (finite == 0)
        {
            return Empty with { Count = x.Length, NaNs = nans, Infinities = infinities };
        }

        double mean = sum / finite, squares = 0;
        foreach (float value in x)
        {
            squares += float.IsFinite(value) ? (value - mean) * (value - mean) : 0;
        }

        return new TensorStatistics(
            x.Length, nans, infinities, zeros, nearZeros, mean, magnitudes / finite, squares, minimum, maximum, smallest);
    }

    /// <summary>Those of the elements of two tensors together.</summary>
    /// <remarks>T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.</remarks>
    public static TensorStatistics Together(in TensorStatistics a, in TensorStatistics b)
    {
        long count = a.Count + b.Count, nans = a.NaNs + b.NaNs, infinities = a.Infinities + b.Infinities;
        if (a.Finite == 0 || b.Finite == 0)
        {
            return (a.Finite == 0 ? b : a) with { Count = count, NaNs = nans, Infinities = infinities };
        }

        double share = (double)b.Finite / (a.Finite + b.Finite), distance = b.Mean - a.Mean;
        return new TensorStatistics(
            count, nans, infinities, a.Zeros + b.Zeros, a.NearZeros + b.NearZeros,
            a.Mean + distance * share,
            a.MeanMagnitude + (b.MeanMagnitude - a.MeanMagnitude) * share,
            a.SquaredDeviations + b.SquaredDeviations + distance * distance * share * a.Finite,
            Math.Min(a.Minimum, b.Minimum), Math.Max(a.Maximum, b.Maximum), Math.Min(a.MinimumMagnitude, b.MinimumMagnitude));
    }
}
