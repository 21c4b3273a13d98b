namespace TinyNet.Analysis;

/// <summary>Simple statistics of numbers, in double precision: the deviation divides by their count, as numpy's does.</summary>
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

    public static Moments Of(IEnumerable<float> values) => Of(values.Select(value => (double)value));
}
