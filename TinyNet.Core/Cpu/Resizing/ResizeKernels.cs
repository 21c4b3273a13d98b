using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A row of a resized image: each pixel from up to four.</summary>
internal readonly unsafe struct ResizeKernel(float* x, PixelTable<ResizeShares> table, int channels, float* destination) : IPixelRowKernel
{
    public int RowLength => table.ColumnCount * channels;

    public int Channels => channels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (image, i) = Math.DivRem(row, table.RowCount);
        var rows = table.Rows[i];
        nint rowStride = (nint)table.Width * channels;
        float* above = x + ((nint)image * table.Height + rows.First) * rowStride;
        float* below = x + ((nint)image * table.Height + rows.Second) * rowStride;
        float* target = destination + (nint)row * RowLength;
        int end = PixelRows.EndOfLanes<TLane>(channel, channels);
        for (int j = 0; j < table.ColumnCount; j++, target += channels)
        {
            var columns = table.Columns[j];
            nint left = (nint)columns.First * channels, right = (nint)columns.Second * channels;
            TLane up = TLane.Const(rows.OfFirst), down = TLane.Const(rows.OfSecond);
            TLane toLeft = TLane.Const(columns.OfFirst), toRight = TLane.Const(columns.OfSecond);
            for (int c = channel; c < end; c += TLane.Count)
            {
                // Neighbors that do not count are not read: an infinity times 0 would be nan.
                var value = Between(above + c, left, right, columns.OfSecond, toLeft, toRight);
                if (rows.OfSecond != 0)
                {
                    value = up * value + down * Between(below + c, left, right, columns.OfSecond, toLeft, toRight);
                }

                TLane.Store(target + c, value);
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Between<TLane>(float* line, nint left, nint right, float ofRight, TLane toLeft, TLane toRight)
        where TLane : struct, IVectorLane<TLane> =>
        ofRight == 0 ? TLane.Load(line + left) : toLeft * TLane.Load(line + left) + toRight * TLane.Load(line + right);
}

/// <summary>The gradient of a row of pixels: every row of the resized image that it is a part of adds its share, in their order.</summary>
internal readonly unsafe struct ResizeGradientKernel<TSums>(
    float* gradient, PixelTable<ResizeShares> table, int channels, float* destination) : IPixelRowKernel
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
        for (int i = 0; i < table.RowCount; i++)
        {
            float share = table.Rows[i].At(y);
            if (share == 0)
            {
                continue;
            }

            float* source = gradient + ((nint)image * table.RowCount + i) * table.ColumnCount * channels;
            for (int j = 0; j < table.ColumnCount; j++, source += channels)
            {
                var columns = table.Columns[j];
                float* left = target + (nint)columns.First * channels, right = target + (nint)columns.Second * channels;
                TLane toLeft = TLane.Const(share * columns.OfFirst), toRight = TLane.Const(share * columns.OfSecond);
                for (int c = channel; c < end; c += TLane.Count)
                {
                    var g = TLane.Load(source + c);
                    sums.Add(left + c, g * toLeft);
                    if (columns.OfSecond != 0)
                    {
                        sums.Add(right + c, g * toRight);
                    }
                }
            }
        }

        return end;
    }
}
