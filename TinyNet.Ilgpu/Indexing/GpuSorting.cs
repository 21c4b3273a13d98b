using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Sorting along an axis: each block of a line in shared memory, then merges of ever more blocks. The host waits for the indices alone.
/// </summary>
internal static class GpuSorting
{
    // Keys that are kept between launches at most; longer lines are sorted one by one, up to a length.
    private const int MostKeys = 1 << 26, MostLength = 1 << 28;

    /// <summary>Whether a line is not too long.</summary>
    public static bool Suits(Tensor x, int axis) => x.Shape.Sizes[axis] <= MostLength;

    public static void Run(IlgpuDevice device, Tensor x, int axis, bool descending, IndexTensor indices, int mostKeys = MostKeys)
    {
        if (indices.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, indices);
        int length = x.Shape.Sizes[axis], lines = x.Length / length, blocks = BlockCount.Of(length, SortKeys.BlockLength), inner = 1;
        for (int i = axis + 1; i < x.Rank; i++)
        {
            inner *= x.Shape.Sizes[i];
        }

        int atOnce = blocks == 1 ? lines : Math.Clamp(mostKeys / length, 1, lines);
        var sorted = new SortedIndices { Memory = device.IndicesToWrite(indices), Count = indices.Shape.Sizes[axis], Inner = inner };
        var axes = Walk.InOrder(x.Layout.Starts(axis), out var steps);
        using var scratch = device.Scratch<long>(blocks == 1 ? 1 : (long)atOnce * length);
        for (int first = 0, count; first < lines; first += count)
        {
            count = Math.Min(atOnce, lines - first);
            device.LaunchRows(new SortBlocksJob
            {
                FirstLine = first,
                Lines = count,
                Blocks = blocks,
                Length = length,
                Step = x.Layout.Strides[axis],
                Descending = descending,
                Axes = axes,
                AtX = steps,
                X = x.Memory(),
                Keys = scratch.View,
                Indices = sorted,
            }, count * blocks, Math.Min(length, SortKeys.BlockLength));
            var pairs = new SortPairsJob { Lines = count, Length = length, Keys = scratch.View };
            var merge = new MergeBlocksJob
            {
                FirstLine = first,
                Lines = count,
                Blocks = blocks,
                Length = length,
                Keys = scratch.View,
                Indices = sorted,
            };
            for (int half = SortKeys.BlockLength; half < length; half *= 2)
            {
                for (pairs.Half = half; pairs.Half >= SortKeys.BlockLength; pairs.Half /= 2)
                {
                    pairs.IsFlipped = pairs.Half == half;
                    device.Launch(pairs, count * SortKeys.PairsOf(length));
                }

                merge.IsLast = length - half <= half;
                device.LaunchRows(merge, count * blocks, SortKeys.BlockLength);
            }
        }

        device.DownloadIndices(indices, "ArgSort");
    }
}
