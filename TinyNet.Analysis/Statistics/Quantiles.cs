using System.Buffers;

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
        uint[] keys = ArrayPool<uint>.Shared.Rent(values.Length), picked = ArrayPool<uint>.Shared.Rent(values.Length);
        try
        {
            return new QuantileSelection(keys, picked).Of(values);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(keys);
            ArrayPool<uint>.Shared.Return(picked);
        }
    }
}
