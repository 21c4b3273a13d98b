namespace TinyNet.Analysis;

/// <summary>Where the values of a sample lie: below each quantile is that share of them. Those of nothing are nan.</summary>
/// <param name="P05">5 % lie below.</param>
/// <param name="P25">25 % lie below.</param>
/// <param name="P50">The median.</param>
/// <param name="P75">75 % lie below.</param>
/// <param name="P95">95 % lie below.</param>
public readonly record struct Quantiles(float P05, float P25, float P50, float P75, float P95)
{
    // Of a byte.
    private const int Digits = 256;

    /// <summary>
    /// The quantiles of the finite values, between neighbors by linear interpolation (R. Hyndman, Y. Fan, "Sample quantiles in statistical
    /// packages", 1996, definition 7).
    /// </summary>
    /// <param name="values">The values, in any order.</param>
    public static Quantiles Of(ReadOnlySpan<float> values)
    {
        float[] finite = Sorted(values);
        return new Quantiles(At(finite, 0.05), At(finite, 0.25), At(finite, 0.5), At(finite, 0.75), At(finite, 0.95));
    }

    /// <summary>
    /// The finite values in order, by their bytes from the last to the first: a few passes without the comparisons that a processor
    /// cannot foresee.
    /// </summary>
    private static float[] Sorted(ReadOnlySpan<float> values)
    {
        uint[] keys = new uint[values.Length], others = new uint[values.Length];
        Span<int> starts = stackalloc int[sizeof(uint) * Digits];
        starts.Clear();
        int count = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                // Whole numbers in the order of the floats: of negative ones all bits are turned, of others that of the sign.
                int bits = BitConverter.SingleToInt32Bits(value);
                uint key = (uint)(bits ^ (bits >> 31 | int.MinValue));
                keys[count++] = key;
                for (int place = 0; place < sizeof(uint); place++)
                {
                    starts[place * Digits + (int)(key >> (8 * place) & (Digits - 1))]++;
                }
            }
        }

        for (int place = 0; place < sizeof(uint); place++)
        {
            var next = starts.Slice(place * Digits, Digits);
            int start = 0;
            for (int digit = 0; digit < Digits; digit++)
            {
                (next[digit], start) = (start, start + next[digit]);
            }

            for (int i = 0; i < count; i++)
            {
                others[next[(int)(keys[i] >> (8 * place) & (Digits - 1))]++] = keys[i];
            }

            (keys, others) = (others, keys);
        }

        float[] sorted = new float[count];
        for (int i = 0; i < count; i++)
        {
            int key = (int)keys[i];
            sorted[i] = BitConverter.Int32BitsToSingle(key ^ (~key >> 31 | int.MinValue));
        }

        return sorted;
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
