using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Orders samples so that those of a batch have similar lengths and little of it is padding. It only moves samples, so that each stays in
/// the order once.
/// </summary>
internal sealed class LengthOrder
{
    // Samples are sorted in pools of so many batches, but in no fewer than so many pools: what comes together stays a matter of chance.
    private const int BatchesPerPool = 50, LeastPools = 4;

    private readonly int[] _lengths;
    private readonly int _batchSize;
    private readonly int[] _batches;
    private readonly long[] _keys;
    private readonly int[] _sorted;

    private LengthOrder(int[] lengths, int batchSize)
    {
        (_lengths, _batchSize) = (lengths, batchSize);
        _batches = new int[lengths.Length / batchSize];
        _keys = new long[lengths.Length];
        _sorted = new int[lengths.Length];
    }

    /// <summary>Asks a dataset for the lengths of its samples.</summary>
    /// <exception cref="ArgumentException">It does not know them.</exception>
    public static LengthOrder Of<TBatch>(Dataset<TBatch> dataset, int batchSize, string name)
    {
        int[] lengths = Allocation.OnHost<int>([dataset.Count], name);
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = dataset.LengthOf(i)
                ?? throw new ArgumentException($"{name}: the dataset does not know the length of sample {i}, by which samples are to be "
                    + $"put together; override {nameof(dataset.LengthOf)} in it", nameof(dataset));
        }

        return new LengthOrder(lengths, batchSize);
    }

    /// <summary>Sorts all samples, the shortest first; those of one length stay in their order.</summary>
    public void Sort(Span<int> order)
    {
        var keys = _keys.AsSpan(0, order.Length);
        for (int i = 0; i < order.Length; i++)
        {
            keys[i] = ((long)_lengths[order[i]] << 32) | (uint)i;
        }

        keys.Sort(order);
    }

    /// <summary>
    /// Sorts samples that are in a random order within pools of some batches, and brings the batches into a random order. The last samples,
    /// which fill no batch, stay where they are: of which length those are is left to chance.
    /// </summary>
    public void Group(Span<int> order, RandomStream random)
    {
        int count = _batches.Length, size = Math.Clamp(count / LeastPools, 1, BatchesPerPool);
        for (int first = 0; first < count; first += size)
        {
            Sort(order.Slice(first * _batchSize, Math.Min(size, count - first) * _batchSize));
        }

        for (int batch = 0; batch < count; batch++)
        {
            _batches[batch] = batch;
        }

        random.Shuffle(_batches.AsSpan());
        order.CopyTo(_sorted);
        for (int batch = 0; batch < count; batch++)
        {
            _sorted.AsSpan(_batches[batch] * _batchSize, _batchSize).CopyTo(order[(batch * _batchSize)..]);
        }
    }
}
