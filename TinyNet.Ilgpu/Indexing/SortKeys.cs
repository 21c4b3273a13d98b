using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Elements as keys: the order of <see cref="SortKey"/> in the upper half, where the element stands in the lower one. No two are equal, so
/// that any way to sort them is stable.
/// </summary>
internal static class SortKeys
{
    /// <summary>The keys that a group sorts in shared memory.</summary>
    public const int BlockLength = 2048;

    /// <summary>The key of an element.</summary>
    public static long Of(float value, int index, bool descending)
    {
        // Of its bits, as a comparison may take small numbers for 0.
        int bits = (int)Interop.FloatAsInt(value), magnitude = bits & int.MaxValue;
        int order = magnitude == 0 ? 0 : bits < 0 ? bits ^ int.MaxValue : bits;
        order = magnitude > 0x7F800000 ? int.MaxValue : order;
        return ((long)(descending ? ~order : order) << 32) | (long)index;
    }

    /// <summary>Where the element of a key stands.</summary>
    public static int IndexOf(long key) => (int)(key & int.MaxValue);

    /// <summary>The pairs of a line of keys in a step, with those whose second key is behind its end.</summary>
    public static int PairsOf(int length)
    {
        int pairs = 1;
        while (pairs < length - pairs)
        {
            pairs *= 2;
        }

        return pairs;
    }

    /// <summary>Sorts keys in shared memory. All threads of the group call it at once, when all keys are there.</summary>
    public static void Sort(ArrayView<long> keys, int length)
    {
        for (int half = 1; half < length; half *= 2)
        {
            OrderPairs(keys, length, half, isFlipped: true);
            Merge(keys, length, half / 2);
        }
    }

    /// <summary>The steps of a merge from a distance on, in shared memory.</summary>
    public static void Merge(ArrayView<long> keys, int length, int half)
    {
        for (; half > 0; half /= 2)
        {
            OrderPairs(keys, length, half, isFlipped: false);
        }
    }

    /// <summary>
    /// Puts a pair in order. In a step the keys of a pair are some distance apart; in the first step of a merge, which is flipped, the
    /// first of two sorted halves meets the last of them. What is missing at the end counts as largest, and is where it belongs.
    /// </summary>
    // The network of K. E. Batcher, "Sorting networks and their applications", AFIPS 1968, in the form in which all pairs rise.
    public static void OrderPair(ArrayView<long> keys, int length, int pair, int half, bool isFlipped)
    {
        int place = pair & (half - 1), low = 2 * pair - place, high = low + (isFlipped ? 2 * (half - place) - 1 : half);
        if (high < length)
        {
            long a = keys[low], b = keys[high];
            if (b < a)
            {
                keys[low] = b;
                keys[high] = a;
            }
        }
    }

    private static void OrderPairs(ArrayView<long> keys, int length, int half, bool isFlipped)
    {
        int pairs = PairsOf(length);
        for (int pair = Group.IdxX; pair < pairs; pair += Group.DimX)
        {
            OrderPair(keys, length, pair, half, isFlipped);
        }

        Group.Barrier();
    }
}
