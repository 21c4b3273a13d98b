using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The places of indices, grouped by what they say: those that add to one target stand together, in their order, so that one thread adds
/// them. It is made on the host, where indices lie, and used again and again.
/// </summary>
internal sealed class IndexGroups
{
    private long[] _sorted = [];
    private int[] _numbers = [];

    /// <summary>The number of different targets.</summary>
    public int Targets { get; private set; }

    /// <summary>How many numbers the groups of some indices are at most: each has a target of its own.</summary>
    /// <exception cref="ShapeException">They are more than an array holds.</exception>
    public static int MostNumbers(int count)
    {
        long most = 3L * count + 1;
        return most <= Array.MaxLength ? (int)most : throw new ShapeException(
            "IndexAdd", $"{count} indices are more than can be grouped by what they add to", "add them in pieces");
    }

    /// <summary>
    /// Groups some indices. The result has where the places of each target begin and where the last ones end (targets + 1), then the
    /// targets,
    /// then all places, target after target.
    /// </summary>
    public ReadOnlySpan<int> Of(ReadOnlySpan<int> indices)
    {
        int count = indices.Length;
        if (_sorted.Length < count)
        {
            int most = MostNumbers(count);
            _sorted = new long[count];
            _numbers = new int[most];
        }

        // The place in the lower half keeps equal indices in their order.
        var sorted = _sorted.AsSpan(0, count);
        for (int i = 0; i < count; i++)
        {
            sorted[i] = ((long)indices[i] << 32) | (uint)i;
        }

        sorted.Sort();
        Targets = 0;
        for (int i = 0; i < count; i++)
        {
            Targets += i == 0 || sorted[i] >> 32 != sorted[i - 1] >> 32 ? 1 : 0;
        }

        var numbers = _numbers.AsSpan(0, 2 * Targets + 1 + count);
        Span<int> starts = numbers[..(Targets + 1)], targets = numbers.Slice(Targets + 1, Targets), places = numbers[(2 * Targets + 1)..];
        for (int i = 0, target = -1; i < count; i++)
        {
            if (i == 0 || sorted[i] >> 32 != sorted[i - 1] >> 32)
            {
                target++;
                starts[target] = i;
                targets[target] = (int)(sorted[i] >> 32);
            }

            places[i] = (int)sorted[i];
        }

        starts[^1] = count;
        return numbers;
    }
}
