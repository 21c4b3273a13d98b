using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Maxima of a row of parts, and where they stand.</summary>
internal readonly unsafe struct MaxPoolKernel(
    float* x, PixelTable<PoolPart> table, int channels, float* destination, float* positions) : IPixelRowKernel
{
    public int RowLength => table.ColumnCount * channels;

    public int Channels => channels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (image, i) = Math.DivRem(row, table.RowCount);
        var rows = table.Rows[i];
        nint rowStride = (nint)table.Width * channels, start = (nint)row * RowLength;
        float* source = x + ((nint)image * table.Height + rows.First) * rowStride;
        int end = PixelRows.EndOfLanes<TLane>(channel, channels);
        for (int j = 0; j < table.ColumnCount; j++, start += channels)
        {
            var columns = table.Columns[j];
            nint step = (nint)columns.Step * channels;
            for (int c = channel; c < end; c += TLane.Count)
            {
                TLane best = TLane.Const(double.NegativeInfinity), bestAt = TLane.Zero, at = TLane.Zero;
                float* line = source + (nint)columns.First * channels + c;
                for (int k = 0; k < rows.Count; k++, line += rows.Step * rowStride)
                {
                    float* tap = line;
                    for (int t = 0; t < columns.Count; t++, tap += step)
                    {
                        var value = TLane.Load(tap);
                        var isLarger = value > best | TLane.IsNaN(value);
                        best = TLane.Select(isLarger, value, best);
                        bestAt = TLane.Select(isLarger, at, bestAt);
                        at += TLane.One;
                    }
                }

                TLane.Store(destination + start + c, best);
                if (positions != null)
                {
                    TLane.Store(positions + start + c, bestAt);
                }
            }
        }

        return end;
    }
}

/// <summary>The gradient of a part for the element where its maximum stands.</summary>
internal readonly unsafe struct MaximumShare(float* gradient, float* positions) : IPoolShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo<TLane, TSums>(
        float* line, nint step, int index, nint part, PoolPart rows, PoolPart columns, int channel, int end, TSums sums)
        where TLane : struct, IVectorLane<TLane>
        where TSums : struct, IRowSums<TSums>
    {
        var firstAt = TLane.Const((double)index * columns.Count);
        for (int c = channel; c < end; c += TLane.Count)
        {
            TLane position = TLane.Load(positions + part + c), g = TLane.Load(gradient + part + c), at = firstAt;
            float* tap = line + c;
            for (int t = 0; t < columns.Count; t++, tap += step)
            {
                sums.Add(tap, TLane.Select(TLane.Equal(position, at), g, TLane.Zero));
                at += TLane.One;
            }
        }
    }
}
