namespace TinyNet.Analysis;

/// <summary>Simple statistics of numbers that are no tensor: the deviation divides by their count, as that of TensorStatistics.</summary>
internal readonly record struct Moments(double Mean, double Deviation, double Minimum, double Maximum)
{
    /// <summary>Of no numbers all are nan.</summary>
    public static Moments Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0)
        {
            return new Moments(double.NaN, double.NaN, double.NaN, double.NaN);
        }

        double mean = all.Average();
        return new Moments(mean, Math.Sqrt(all.Average(value => (value - mean) * (value - mean))), all.Min(), all.Max());
    }
}
