using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Averages of a row of parts: sums of lines, then the sum of those; in double precision where those are no floats.</summary>
internal readonly unsafe struct AveragePoolKernel(float* x, PixelTable<PoolPart> table, int channels, float* destination) : IPixelRowKernel
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
        // Those at the edges may be smaller.
        bool areLong = rows.Count > FloatChain.Totals || table.Columns[table.ColumnCount / 2].Count > FloatChain.Terms;
        TLane check = areLong
            ? RunParts<TLane, LongPartSum>(source, rows, destination + start, channel, end)
            : RunParts<TLane, ShortPartSum>(source, rows, destination + start, channel, end);
        if (float.IsNaN(AcrossLane.Sum(check)))
        {
            LookAgain(source, rows, destination + start, channel, end);
        }

        return end;
    }

    /// <summary>The averages; what is returned has a nan where the sum of a part is no finite float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private TLane RunParts<TLane, TSum>(float* source, PoolPart rows, float* target, int channel, int end)
        where TLane : struct, IVectorLane<TLane>
        where TSum : struct, IPartSum
    {
        nint rowStep = (nint)rows.Step * table.Width * channels;
        var check = TLane.Zero;
        for (int j = 0; j < table.ColumnCount; j++, target += channels)
        {
            var columns = table.Columns[j];
            nint step = (nint)columns.Step * channels;
            var size = TLane.Const((double)rows.Size * columns.Size);
            for (int c = channel; c < end; c += TLane.Count)
            {
                var total = TSum.Of<TLane>(source + (nint)columns.First * channels + c, rowStep, rows.Count, step, columns.Count);
                check += total - total;
                TLane.Store(target + c, total / size);
            }
        }

        return check;
    }

    /// <summary>The second look: in double precision where the sum of a part was no finite float, though the average may be one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LookAgain(float* source, PoolPart rows, float* target, int channel, int end)
    {
        nint rowStep = (nint)rows.Step * table.Width * channels;
        for (int j = 0; j < table.ColumnCount; j++, target += channels)
        {
            var columns = table.Columns[j];
            nint step = (nint)columns.Step * channels;
            for (int c = channel; c < end; c++)
            {
                double total = 0;
                float* line = source + (nint)columns.First * channels + c;
                for (int k = 0; k < rows.Count && !float.IsFinite(target[c]); k++, line += rowStep)
                {
                    total += BlockTotals.DoubleTotal(new SumReduction(), line, columns.Count, step);
                }

                target[c] = float.IsFinite(target[c]) ? target[c] : (float)(total / ((double)rows.Size * columns.Size));
            }
        }
    }
}

/// <summary>How the pixels of a part are added up.</summary>
internal unsafe interface IPartSum
{
    /// <summary>The sum of lines of pixels, which lie <paramref name="rowStep"/> apart, as pixels lie <paramref name="step"/>.</summary>
    static abstract TLane Of<TLane>(float* line, nint rowStep, int rows, nint step, int columns) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>The sum of each line, and the sum of those.</summary>
internal readonly unsafe struct ShortPartSum : IPartSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Of<TLane>(float* line, nint rowStep, int rows, nint step, int columns) where TLane : struct, IVectorLane<TLane>
    {
        var total = TLane.Zero;
        for (int k = 0; k < rows; k++, line += rowStep)
        {
            var sum = TLane.Zero;
            float* tap = line;
            for (int t = 0; t < columns; t++, tap += step)
            {
                sum += TLane.Load(tap);
            }

            total += sum;
        }

        return total;
    }
}

/// <summary>For parts of many pixels: sums of stretches of their lines, with what is lost in adding those up.</summary>
internal readonly unsafe struct LongPartSum : IPartSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Of<TLane>(float* line, nint rowStep, int rows, nint step, int columns) where TLane : struct, IVectorLane<TLane>
    {
        TLane total = TLane.Zero, lost = TLane.Zero;
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

                FloatChain.Add(ref total, ref lost, sum);
            }
        }

        return total;
    }
}

/// <summary>The gradient of a part, over its size, for each of its elements.</summary>
internal readonly unsafe struct AverageShare(float* gradient) : IPoolShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo<TLane, TSums>(
        float* line, nint step, int index, nint part, PoolPart rows, PoolPart columns, int channel, int end, TSums sums)
        where TLane : struct, IVectorLane<TLane>
        where TSums : struct, IRowSums<TSums>
    {
        var size = TLane.Const((double)rows.Size * columns.Size);
        for (int c = channel; c < end; c += TLane.Count)
        {
            var share = TLane.Load(gradient + part + c) / size;
            float* tap = line + c;
            for (int t = 0; t < columns.Count; t++, tap += step)
            {
                sums.Add(tap, share);
            }
        }
    }
}
