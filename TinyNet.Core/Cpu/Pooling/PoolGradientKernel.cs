using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>What a part of an image hands on of its gradient.</summary>
internal unsafe interface IPoolShare
{
    /// <summary>
    /// Adds to the taps of one line of a part, in the channels from <paramref name="channel"/> up to <paramref name="end"/>.
    /// </summary>
    /// <param name="line">The first tap of the line.</param>
    /// <param name="step">From a tap to the next.</param>
    /// <param name="index">Which of the lines of the part it is.</param>
    /// <param name="part">Where the gradient of the part stands.</param>
    /// <param name="rows">The rows of the part.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="end">The channel behind the last.</param>
    /// <param name="sums">What adds.</param>
    void AddTo<TLane, TSums>(
        float* line, nint step, int index, nint part, PoolPart rows, PoolPart columns, int channel, int end, TSums sums)
        where TLane : struct, IVectorLane<TLane>
        where TSums : struct, IRowSums<TSums>;
}

/// <summary>The gradient of a row of pixels: every row of parts over it adds its share, in the order of the parts.</summary>
internal readonly unsafe struct PoolGradientKernel<TShare, TSums>(
    TShare share, PoolAxis rowsOfParts, PixelTable<PoolPart> table, int channels, float* destination)
    : IPixelRowKernel
    where TShare : struct, IPoolShare
    where TSums : struct, IRowSums<TSums>
{
    public int RowLength => table.Width * channels;

    public int Channels => channels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (image, y) = Math.DivRem(row, table.Height);
        float* target = destination + (nint)row * RowLength;
        var sums = TSums.Begin(target, RowLength, channel);
        int end = PixelRows.EndOfLanes<TLane>(channel, channels);
        var (firstRow, lastRow) = rowsOfParts.PartsAround(y);
        for (int i = firstRow; i <= lastRow; i++)
        {
            var rows = table.Rows[i];
            int index = rows.IndexOf(y);
            if (index < 0)
            {
                continue;
            }

            nint part = ((nint)image * table.RowCount + i) * table.ColumnCount * channels;
            for (int j = 0; j < table.ColumnCount; j++, part += channels)
            {
                var columns = table.Columns[j];
                float* line = target + (nint)columns.First * channels;
                share.AddTo<TLane, TSums>(line, (nint)columns.Step * channels, index, part, rows, columns, channel, end, sums);
            }
        }

        return end;
    }
}
