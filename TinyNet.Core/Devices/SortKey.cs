namespace TinyNet.Core;

/// <summary>An element of a line that is sorted, and where it stood: no two are equal, so that any way to sort them is stable.</summary>
/// <param name="Order">Rises with the element, or falls. Nan is above all, and zeros are equal.</param>
/// <param name="Index">Where the element stood.</param>
internal readonly record struct SortKey(long Order, int Index) : IComparable<SortKey>
{
    /// <summary>The key of an element.</summary>
    public static SortKey Of(double value, int index, bool descending)
    {
        long bits = double.IsNaN(value) ? long.MaxValue : BitConverter.DoubleToInt64Bits(value == 0 ? 0.0 : value);

        // Of negative numbers the bits rise with the magnitude.
        long order = bits < 0 ? bits ^ long.MaxValue : bits;
        return new SortKey(descending ? ~order : order, index);
    }

    /// <inheritdoc/>
    public int CompareTo(SortKey other) =>
        Order < other.Order ? -1 : Order > other.Order ? 1 : Index < other.Index ? -1 : Index > other.Index ? 1 : 0;

    /// <summary>Brings the first keys to the front, in order: of n keys the first k by at most n log k comparisons.</summary>
    public static void SortFirst(Span<SortKey> keys, int count)
    {
        var first = keys[..count];
        if (0 < count && count < keys.Length)
        {
            for (int i = count / 2 - 1; i >= 0; i--)
            {
                Sink(first, i);
            }

            foreach (var key in keys[count..])
            {
                if (key.CompareTo(first[0]) < 0)
                {
                    first[0] = key;
                    Sink(first, 0);
                }
            }
        }

        first.Sort();
    }

    /// <summary>Writes where the first keys stood, a stride apart.</summary>
    public static void WriteIndices(ReadOnlySpan<SortKey> first, Span<int> indices, int stride)
    {
        for (int k = 0; k < first.Length; k++)
        {
            indices[k * stride] = first[k].Index;
        }
    }

    /// <summary>Lets a key go down in a heap, in which no key comes before the two below it, at 2 i + 1 and 2 i + 2.</summary>
    private static void Sink(Span<SortKey> heap, int at)
    {
        var key = heap[at];
        while (2 * at + 1 < heap.Length)
        {
            int below = 2 * at + 1;
            if (below + 1 < heap.Length && heap[below].CompareTo(heap[below + 1]) < 0)
            {
                below++;
            }

            if (heap[below].CompareTo(key) < 0)
            {
                break;
            }

            heap[at] = heap[below];
            at = below;
        }

        heap[at] = key;
    }
}
