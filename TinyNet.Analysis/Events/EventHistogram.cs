namespace TinyNet.Analysis;

/// <summary>How values are distributed, as event files keep it: counts in bins, with what was found in passing over all values.</summary>
/// <param name="Edges">Where bins begin, and where the last one ends.</param>
/// <param name="Counts">How many values each bin has; no whole numbers where a sample stands for more values.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Sum">The sum of the values.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
public sealed record EventHistogram(
    IReadOnlyList<double> Edges, IReadOnlyList<double> Counts, double Minimum, double Maximum, double Sum, double SumOfSquares)
{
    private const int UsualBins = 64;

    /// <summary>The edges.</summary>
    /// <exception cref="ArgumentException">They do not ascend, or there is not one more than bins.</exception>
    public IReadOnlyList<double> Edges { get; } = CheckedEdges(Edges, Counts);

    /// <summary>The counts.</summary>
    /// <exception cref="ArgumentException">One is negative, nan or infinite.</exception>
    public IReadOnlyList<double> Counts { get; } = Counts.All(count => count >= 0 && double.IsFinite(count))
        ? Counts
        : throw new ArgumentException("a bin of a histogram has a count that is negative, nan or infinite", nameof(Counts));

    /// <summary>The distribution of finite values in bins of one width, from the smallest to the largest.</summary>
    /// <param name="values">The values; what is not finite is left out.</param>
    /// <param name="bins">The number of bins.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin.</exception>
    public static EventHistogram Of(ReadOnlySpan<float> values, int bins = UsualBins)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity, sum = 0, squares = 0;
        long count = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
                sum += value;
                squares += (double)value * value;
                count++;
            }
        }

        return count == 0 ? OfSample([], 0, 0, 0, 0, 0, bins) : OfSample(values, count, low, high, sum, squares, bins);
    }

    /// <summary>The distribution of values of which only a sample is at hand, while the rest was measured of all.</summary>
    /// <param name="sample">Some of the values; what is not finite is left out, and so is what lies outside of their range.</param>
    /// <param name="count">How many values there are, which the counts sum up to where the sample has any.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The largest value.</param>
    /// <param name="sum">Their sum.</param>
    /// <param name="sumOfSquares">The sum of their squares.</param>
    /// <param name="bins">The number of bins.</param>
    internal static EventHistogram OfSample(
        ReadOnlySpan<float> sample, long count, double minimum, double maximum, double sum, double sumOfSquares, int bins = UsualBins)
    {
        var equal = new EqualBins(minimum, maximum, bins);
        long[] counted = equal.Count(sample);
        double each = (double)count / Math.Max(counted.Sum(), 1);
        return new EventHistogram(equal.Edges(), [.. counted.Select(one => one * each)], minimum, maximum, sum, sumOfSquares);
    }

    private static IReadOnlyList<double> CheckedEdges(IReadOnlyList<double> edges, IReadOnlyList<double> counts)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(counts);
        return edges.Count != counts.Count + 1
            ? throw new ArgumentException($"a histogram of {counts.Count} bins needs one edge more, and has {edges.Count}", nameof(edges))
            : edges.Zip(edges.Skip(1), (left, right) => left < right).All(ascends => ascends) ? edges
            : throw new ArgumentException("the edges of a histogram have to ascend", nameof(edges));
    }
}
