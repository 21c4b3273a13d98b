namespace TinyNet.Analysis;

/// <summary>Leaves out points of long lines, but never a peak: of each piece of a line the least and the largest stay.</summary>
internal static class Decimation
{
    /// <summary>Which points stay, in order; null for all.</summary>
    /// <param name="low">Where the least is looked for.</param>
    /// <param name="high">Where the largest is looked for; as many.</param>
    /// <param name="most">How many may stay.</param>
    public static int[]? Keep(IReadOnlyList<double> low, IReadOnlyList<double> high, int most)
    {
        if (low.Count <= most)
        {
            return null;
        }

        // The first and the last stay in any case.
        int pieces = (most - 2) / 2;
        var kept = new SortedSet<int> { 0, low.Count - 1 };
        for (int piece = 0; piece < pieces; piece++)
        {
            int from = (int)((long)low.Count * piece / pieces), to = (int)((long)low.Count * (piece + 1) / pieces);
            var (least, largest) = (from, from);
            for (int i = from; i < to; i++)
            {
                least = low[i] < low[least] || double.IsNaN(low[least]) ? i : least;
                largest = high[i] > high[largest] || double.IsNaN(high[largest]) ? i : largest;
            }

            kept.Add(least);
            kept.Add(largest);
        }

        return [.. kept];
    }

    /// <summary>The values that stay.</summary>
    public static IReadOnlyList<double> Take(IReadOnlyList<double> values, int[]? kept) =>
        kept is null ? values : [.. kept.Select(i => values[i])];
}
