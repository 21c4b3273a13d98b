using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Reduces several short rows a unit.</summary>
internal readonly unsafe struct RowsJob<TReduction>(
    TReduction reduction, float* x, int rows, int columns, int rowsPerUnit, float* destination) : ILaneJob
    where TReduction : struct, IReduction
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            double total = BlockTotals.WideTotal<TReduction, TLane>(reduction, x + (nint)row * columns, columns);
            destination[row] = BlockTotals.Finish(reduction, &total, 1, 1, columns);
        }
    }
}

/// <summary>Reduces one block of a long row a unit.</summary>
internal readonly unsafe struct RowBlocksJob<TReduction>(
    TReduction reduction, float* x, int columns, int blocks, double* partials) : ILaneJob
    where TReduction : struct, IReduction
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int row = unit / blocks, start = unit % blocks * BlockTotals.BlockLength;
        int count = Math.Min(BlockTotals.BlockLength, columns - start);
        partials[unit] = BlockTotals.WideTotal<TReduction, TLane>(reduction, x + (nint)row * columns + start, count);
    }
}

/// <summary>Reduces a block of rows of one matrix to a row of totals a unit; to results, if there is one block.</summary>
internal readonly unsafe struct ColumnsJob<TReduction>(
    TReduction reduction, float* x, int rows, int columns, int blocks, double* partials, float* destination) : ILaneJob
    where TReduction : struct, IReduction
{
    /// <summary>Rows that are summed up in float where the columns of a matrix are reduced.</summary>
    public const int BlockRows = 512;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int matrix = unit / blocks, start = unit % blocks * BlockRows, count = Math.Min(BlockRows, rows - start);
        float* source = x + ((nint)matrix * rows + start) * columns;
        if (blocks == 1)
        {
            float* result = destination + (nint)matrix * columns, largest = null;
            Total<TLane>(source, result, count);
            var divisor = DoubleLane.Const(rows);
            for (int column = 0; column < columns; column++)
            {
                double total = Wide<TLane>(source, result[column], count, column, ref largest);
                result[column] = (float)reduction.Finish(new DoubleLane(total), divisor).Value;
            }
        }
        else
        {
            // Floats lie in the first half of the memory of the doubles that they become, from the last to the first.
            double* wide = partials + (nint)unit * columns;
            float* totals = (float*)wide, largest = null;
            Total<TLane>(source, totals, count);
            for (int column = columns - 1; column >= 0; column--)
            {
                wide[column] = Wide<TLane>(source, totals[column], count, column, ref largest);
            }
        }
    }

    /// <summary>The totals of all columns, in float.</summary>
    private void Total<TLane>(float* source, float* totals, int count) where TLane : struct, IVectorLane<TLane>
    {
        int done = Run<TLane>(source, totals, count, 0);
        Run<ScalarLane>(source, totals, count, done);
    }

    /// <summary>A total, or that of a second look. The first one finds the largest magnitudes of all columns, to tell zeros by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Wide<TLane>(float* source, float total, int count, int column, ref float* largest)
        where TLane : struct, IVectorLane<TLane> =>
        TReduction.FloatSuffices(total) ? total : LookAgain<TLane>(source, total, count, column, ref largest);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double LookAgain<TLane>(float* source, float total, int count, int column, ref float* largest)
        where TLane : struct, IVectorLane<TLane>
    {
        if (total == 0 && reduction.Map(DoubleLane.Zero).Value == 0)
        {
            if (largest == null)
            {
                largest = ThreadScratch.Rent(columns);
                new ColumnsJob<MaxMagnitudeReduction>(default, x, rows, columns, blocks, null, null).Total<TLane>(source, largest, count);
            }

            if (largest[column] == 0)
            {
                return 0;
            }
        }

        return BlockTotals.DoubleTotal(reduction, source + column, count, columns);
    }

    /// <summary>Totals as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Run<TLane>(float* source, float* total, int count, int column) where TLane : struct, IVectorLane<TLane>
    {
        for (; column <= columns - 4 * TLane.Count; column += 4 * TLane.Count)
        {
            TLane a = reduction.Identity<TLane>(), b = a, c = a, d = a;
            float* at = source + column;
            for (int row = 0; row < count;)
            {
                TLane e = reduction.Identity<TLane>(), f = e, g = e, h = e;
                for (int end = Math.Min(count, row + BlockTotals.ChainLength); row < end; row++, at += columns)
                {
                    e = reduction.Combine(e, reduction.Map(TLane.Load(at)));
                    f = reduction.Combine(f, reduction.Map(TLane.Load(at + TLane.Count)));
                    g = reduction.Combine(g, reduction.Map(TLane.Load(at + 2 * TLane.Count)));
                    h = reduction.Combine(h, reduction.Map(TLane.Load(at + 3 * TLane.Count)));
                }

                (a, b) = (reduction.Combine(a, e), reduction.Combine(b, f));
                (c, d) = (reduction.Combine(c, g), reduction.Combine(d, h));
            }

            TLane.Store(total + column, a);
            TLane.Store(total + column + TLane.Count, b);
            TLane.Store(total + column + 2 * TLane.Count, c);
            TLane.Store(total + column + 3 * TLane.Count, d);
        }

        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var a = reduction.Identity<TLane>();
            float* at = source + column;
            for (int row = 0; row < count;)
            {
                var e = reduction.Identity<TLane>();
                for (int end = Math.Min(count, row + BlockTotals.ChainLength); row < end; row++, at += columns)
                {
                    e = reduction.Combine(e, reduction.Map(TLane.Load(at)));
                }

                a = reduction.Combine(a, e);
            }

            TLane.Store(total + column, a);
        }

        return column;
    }
}
