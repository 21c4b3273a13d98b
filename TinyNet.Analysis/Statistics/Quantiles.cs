namespace TinyNet.Analysis;

/// <summary>Where the values of a sample lie: below each quantile is that share of them. Those of nothing are nan.</summary>
/// <param name="P05">5 % lie below.</param>
/// <param name="P25">25 % lie below.</param>
/// <param name="P50">The median.</param>
/// <param name="P75">75 % lie below.</param>
/// <param name="P95">95 % lie below.</param>
public readonly record struct Quantiles(float P05, float P25, float P50, float P75, float P95)
{
    /// <summary>
    /// The quantiles of the finite values, between neighbors by linear interpolation (R. Hyndman, Y. Fan, "Sample quantiles in statistical
    /// packages", 1996, definition 7).
    /// </summary>
    /// <param name="values">The values, in any order.</param>
    public static Quantiles Of(ReadOnlySpan<float> values)
    {
        float[] sorted = new float[values.Length];
        int count = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                sorted[count++] = value;
            }
        }

        Array.Sort(sorted, 0, count);
        var finite = sorted.AsSpan(0, count);
        return new Quantiles(At(finite, 0.05), At(finite, 0.25), At(finite, 0.5), At(finite, 0.75), At(finite, 0.95));
    }

    private static float At(ReadOnlySpan<float> sorted, double share)
    {
        if (sorted.IsEmpty)
        {
            return float.NaN;
        }

        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double rest = place - below;
        return rest == 0 ? sorted[below] : (float)(sorted[below] * (1 - rest) + sorted[below + 1] * rest);
    }
}
