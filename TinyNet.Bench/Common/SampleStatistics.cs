namespace TinyNet.Bench;

/// <summary>What is left of a measurement that was repeated, in its own unit.</summary>
/// <param name="Median">Half of the samples are below.</param>
/// <param name="P95">95 % of the samples are below.</param>
/// <param name="Minimum">The smallest sample.</param>
/// <param name="Spread">
/// How far apart the medians of the rounds lie, (largest − smallest) / median of all: what a repetition differs by. Rounds that were
/// disturbed are left out.
/// </param>
/// <param name="Samples">How many samples there are.</param>
internal readonly record struct SampleStatistics(double Median, double P95, double Minimum, double Spread, int Samples)
{
    /// <summary>The statistics of samples that were taken in rounds, none of them empty.</summary>
    /// <param name="rounds">The samples of each round.</param>
    /// <param name="disturbed">How many rounds, those with the largest medians, do not count for the spread.</param>
    public static SampleStatistics Of(IReadOnlyList<IReadOnlyList<double>> rounds, int disturbed = 0)
    {
        double[] all = [.. rounds.SelectMany(round => round).Order()];
        double[] medians = [.. rounds.Select(MedianOf).Order()];
        double median = Quantile(all, 0.5), range = medians[^(1 + disturbed)] - medians[0];
        return new SampleStatistics(median, Quantile(all, 0.95), all[0], range == 0 ? 0 : range / median, all.Length);
    }

    /// <summary>The median of samples in any order.</summary>
    public static double MedianOf(IEnumerable<double> samples) => Quantile([.. samples.Order()], 0.5);

    /// <summary>
    /// Below which a share of sorted samples is, between neighbors by linear interpolation (R. Hyndman, Y. Fan, "Sample quantiles in
    /// statistical packages", 1996, definition 7).
    /// </summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
