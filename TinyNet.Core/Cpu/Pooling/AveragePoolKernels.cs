using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Averages of a row of parts: sums of lines, then the sum of those.</summary>
internal readonly unsafe struct AveragePoolKernel(float* x, PixelTable<PoolPart> table, int channels, float* destination) : IPixelRowKernel
{
    public int RowLength => table.ColumnCount * channels;

    public int Channels => channels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            var size = TLane.Const((double)rows.Size * columns.Size);
            for (int c = channel; c < end; c += TLane.Count)
            {
                var total = TLane.Zero;
                float* line = source + (nint)columns.First * channels + c;
                if (rows.Count > FloatChain.Totals || columns.Count > FloatChain.Terms)
                {
                    SumLong(line, rows.Count, rows.Step * rowStride, columns.Count, step, out total);
                    TLane.Store(destination + start + c, total / size);
                    continue;
                }

                for (int k = 0; k < rows.Count; k++, line += rows.Step * rowStride)
                {
                    var sum = TLane.Zero;
                    float* tap = line;
                    for (int t = 0; t < columns.Count; t++, tap += step)
                    {
                        sum += TLane.Load(tap);
                    }

                    total += sum;
                }

                TLane.Store(destination + start + c, total / size);
            }
        }

        return end;
    }

    /// <summary>The sum of a part of many pixels: of stretches of its lines, with what is lost in adding those up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumLong<TLane>(float* line, int rows, nint rowStep, int columns, nint step, out TLane total)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane all = TLane.Zero, lost = TLane.Zero;
        for (int k = 0; k < rows; k++, line += rowStep)
        {
            float* tap = line;
            for (int first = 0; first < columns; first += FloatChain.Terms)
            {
                var sum = TLane.Zero;
                for (int t = Math.Min(FloatChain.Terms, columns - first); t > 0; t--, tap += step)
                {
                    sum += TLane.Load(tap);
                }

                FloatChain.Add(ref all, ref lost, sum);
            }
        }

        total = all;
    }
}

/// <summary>The gradient of a part, over its size, for each of its elements.</summary>
internal readonly unsafe struct AverageShare(float* gradient) : IPoolShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo<TLane>(float* line, nint step, int index, nint part, PoolPart rows, PoolPart columns, int channel, int end)
        where TLane : struct, IVectorLane<TLane>
    {
        var size = TLane.Const((double)rows.Size * columns.Size);
        for (int c = channel; c < end; c += TLane.Count)
        {
            var share = TLane.Load(gradient + part + c) / size;
            float* tap = line + c;
            for (int t = 0; t < columns.Count; t++, tap += step)
            {
                TLane.Store(tap, TLane.Load(tap) + share);
            }
        }
    }
}
