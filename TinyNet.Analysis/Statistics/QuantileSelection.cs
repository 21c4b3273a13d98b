namespace TinyNet.Analysis;

/// <summary>
/// Finds quantiles without sorting all values: these are counted by their leading bits, and only those that share them with a value that is
/// asked for are sorted; neither takes comparisons that a processor cannot foresee. Zeros, half of what many layers give, are left out.
/// </summary>
/// <param name="keys">As long as the values at least.</param>
/// <param name="picked">As long as the values at least.</param>
internal readonly ref struct QuantileSelection(Span<uint> keys, Span<uint> picked)
{
    // Groups are of numbers alike in sign, exponent, and two bits more. Of fewer values all are sorted.
    private const int Groups = 2048, GroupShift = 32 - 11, LeastToGroup = 512;

    // The key of 0, and what stands for the place of a 0.
    private const uint Zero = 0x80000000;
    private const int PlaceOfZero = -1;

    // Of a byte.
    private const int Digits = 256;

    private readonly Span<uint> _keys = keys, _picked = picked;

    public Quantiles Of(ReadOnlySpan<float> values)
    {
        int count = 0, others = 0, negative = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                // Whole numbers in the order of the floats: of negative ones all bits are turned, of others that of the sign.
                int bits = BitConverter.SingleToInt32Bits(value);
                uint key = (uint)(bits ^ (bits >> 31 | int.MinValue));
                _keys[others] = key;
                others += key == Zero ? 0 : 1;
                negative += key < Zero ? 1 : 0;
                count++;
            }
        }

        if (count == 0)
        {
            return new Quantiles(float.NaN, float.NaN, float.NaN, float.NaN, float.NaN);
        }

        ReadOnlySpan<double> shares = [0.05, 0.25, 0.5, 0.75, 0.95];
        Span<int> places = stackalloc int[2 * shares.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            int below = (int)(shares[i] * (count - 1));
            (places[2 * i], places[2 * i + 1]) = (below, Math.Min(below + 1, count - 1));
        }

        int zeros = count - others;
        foreach (ref int place in places)
        {
            place = place < negative ? place : place < negative + zeros ? PlaceOfZero : place - zeros;
        }

        var keys = _keys[..others];
        var sorted = others < LeastToGroup ? Sorted(keys, _picked) : Sorted(Pick(keys, places), _keys);
        Span<float> quantiles = stackalloc float[shares.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            double place = shares[i] * (count - 1), rest = place - (int)place;
            float low = ValueAt(sorted, places[2 * i]), high = ValueAt(sorted, places[2 * i + 1]);
            quantiles[i] = rest == 0 ? low : (float)(low * (1 - rest) + high * rest);
        }

        return new Quantiles(quantiles[0], quantiles[1], quantiles[2], quantiles[3], quantiles[4]);
    }

    /// <summary>
    /// Picks the groups that places in the order of all values lie in, and makes of these the places in the order of what was picked.
    /// </summary>
    private Span<uint> Pick(ReadOnlySpan<uint> keys, Span<int> places)
    {
        Span<int> sizes = stackalloc int[Groups];
        Span<byte> isWanted = stackalloc byte[Groups];
        sizes.Clear();
        isWanted.Clear();
        foreach (uint key in keys)
        {
            sizes[(int)(key >> GroupShift)]++;
        }

        // So many values are in the groups up to this one, and so many in those of them that nobody wants.
        int group = 0, end = sizes[0], left = 0;
        foreach (ref int place in places)
        {
            if (place == PlaceOfZero)
            {
                continue;
            }

            for (; place >= end; end += sizes[++group])
            {
                left += isWanted[group] == 0 ? sizes[group] : 0;
            }

            isWanted[group] = 1;
            place -= left;
        }

        int count = 0;
        foreach (uint key in keys)
        {
            _picked[count] = key;
            count += isWanted[(int)(key >> GroupShift)];
        }

        return _picked[..count];
    }

    /// <summary>Puts keys in order, by their bytes from the last to the first.</summary>
    private static Span<uint> Sorted(Span<uint> keys, Span<uint> others)
    {
        Span<int> starts = stackalloc int[sizeof(uint) * Digits];
        starts.Clear();
        foreach (uint key in keys)
        {
            for (int place = 0; place < sizeof(uint); place++)
            {
                starts[place * Digits + (int)(key >> (8 * place) & (Digits - 1))]++;
            }
        }

        Span<uint> from = keys, to = others[..keys.Length];
        for (int place = 0; place < sizeof(uint); place++)
        {
            var next = starts.Slice(place * Digits, Digits);
            int start = 0;
            for (int digit = 0; digit < Digits; digit++)
            {
                (next[digit], start) = (start, start + next[digit]);
            }

            foreach (uint key in from)
            {
                to[next[(int)(key >> (8 * place) & (Digits - 1))]++] = key;
            }

            var written = to;
            to = from;
            from = written;
        }

        return from;
    }

    private static float ValueAt(ReadOnlySpan<uint> sorted, int place)
    {
        int key = place == PlaceOfZero ? unchecked((int)Zero) : (int)sorted[place];
        return BitConverter.Int32BitsToSingle(key ^ (~key >> 31 | int.MinValue));
    }
}
