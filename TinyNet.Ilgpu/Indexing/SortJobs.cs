using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Where the indices of sorted lines go: the first of each, in row-major order of the result.</summary>
internal struct SortedIndices
{
    public ArrayView<int> Memory;

    /// <summary>The indices of a line, and the distance from one to the next.</summary>
    public int Count, Inner;

    /// <summary>Takes the key at a place of a line.</summary>
    public readonly void Write(int line, int place, long key)
    {
        if (place < Count)
        {
            Memory[(line / Inner * Count + place) * Inner + line % Inner] = SortKeys.IndexOf(key);
        }
    }
}

/// <summary>
/// Makes keys of elements and sorts them block by block: a group a block of a line. Of lines that are one block the indices are known then.
/// </summary>
internal struct SortBlocksJob : IGpuJob
{
    /// <summary>The first line, the lines and the blocks and elements of each.</summary>
    public int FirstLine, Lines, Blocks, Length;

    public int Step;
    public Flag Descending;
    public WalkAxes Axes;
    public Steps AtX;
    public ArrayView<float> X;
    public ArrayView<long> Keys;
    public SortedIndices Indices;

    public readonly void Run()
    {
        var keys = SharedMemory.Allocate<long>(SortKeys.BlockLength);
        for (int i = Grid.IdxX; Threads.Has(i, Lines * Blocks); i += Grid.DimX)
        {
            int row = i / Blocks, line = FirstLine + row, start = i % Blocks * SortKeys.BlockLength;
            int count = Length - start < SortKeys.BlockLength ? Length - start : SortKeys.BlockLength, from = AtX.IndexOf(Axes.At(line));
            for (int k = Group.IdxX; k < count; k += Group.DimX)
            {
                keys[k] = SortKeys.Of(X[from + (start + k) * Step], start + k, Descending);
            }

            Group.Barrier();
            SortKeys.Sort(keys, count);
            for (int k = Group.IdxX; k < count; k += Group.DimX)
            {
                if (Blocks == 1)
                {
                    Indices.Write(line, k, keys[k]);
                }
                else
                {
                    Keys[(long)row * Length + start + k] = keys[k];
                }
            }

            Group.Barrier();
        }
    }
}

/// <summary>A step whose pairs are of several blocks: a thread a pair.</summary>
internal struct SortPairsJob : IGpuJob
{
    public int Lines, Length, Half;
    public Flag IsFlipped;
    public ArrayView<long> Keys;

    public readonly void Run()
    {
        int pairs = SortKeys.PairsOf(Length);
        for (int i = Threads.Index; Threads.Has(i, Lines * pairs); i += Threads.Count)
        {
            SortKeys.OrderPair(Keys.SubView((long)(i / pairs) * Length, Length), Length, i % pairs, Half, IsFlipped);
        }
    }
}

/// <summary>The last steps of a merge, whose pairs are of one block: a group a block. After the last merge the indices are known.</summary>
internal struct MergeBlocksJob : IGpuJob
{
    public int FirstLine, Lines, Blocks, Length;
    public Flag IsLast;
    public ArrayView<long> Keys;
    public SortedIndices Indices;

    public readonly void Run()
    {
        var keys = SharedMemory.Allocate<long>(SortKeys.BlockLength);
        for (int i = Grid.IdxX; Threads.Has(i, Lines * Blocks); i += Grid.DimX)
        {
            int row = i / Blocks, start = i % Blocks * SortKeys.BlockLength;
            int count = Length - start < SortKeys.BlockLength ? Length - start : SortKeys.BlockLength;
            long from = (long)row * Length + start;
            for (int k = Group.IdxX; k < count; k += Group.DimX)
            {
                keys[k] = Keys[from + k];
            }

            Group.Barrier();
            SortKeys.Merge(keys, count, SortKeys.BlockLength / 2);
            for (int k = Group.IdxX; k < count; k += Group.DimX)
            {
                if (IsLast)
                {
                    Indices.Write(FirstLine + row, start + k, keys[k]);
                }
                else
                {
                    Keys[from + k] = keys[k];
                }
            }

            Group.Barrier();
        }
    }
}
