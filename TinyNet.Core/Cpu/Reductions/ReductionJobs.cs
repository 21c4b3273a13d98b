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
            float total = BlockTotals.Total<TReduction, TLane>(reduction, x + (nint)row * columns, columns);
            destination[row] = BlockTotals.Finish(reduction, &total, 1, 1, columns);
        }
    }
}

/// <summary>Reduces one block of a long row a unit.</summary>
internal readonly unsafe struct RowBlocksJob<TReduction>(
    TReduction reduction, float* x, int columns, int blocks, float* partials) : ILaneJob
    where TReduction : struct, IReduction
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int row = unit / blocks, start = unit % blocks * BlockTotals.BlockLength;
        int count = Math.Min(BlockTotals.BlockLength, columns - start);
        partials[unit] = BlockTotals.Total<TReduction, TLane>(reduction, x + (nint)row * columns + start, count);
    }
}

/// <summary>Reduces a block of rows of one matrix to a row of totals a unit.</summary>
internal readonly unsafe struct ColumnsJob<TReduction>(
    TReduction reduction, float* x, int rows, int columns, int blocks, float* partials) : ILaneJob
    where TReduction : struct, IReduction
{
    /// <summary>Rows that one chain takes up where the columns of a matrix are reduced.</summary>
    public const int BlockRows = 512;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int matrix = unit / blocks, start = unit % blocks * BlockRows, count = Math.Min(BlockRows, rows - start);
        float* source = x + ((nint)matrix * rows + start) * columns, total = partials + (nint)unit * columns;
        int column = Run<TLane>(source, total, count, 0);
        Run<ScalarLane>(source, total, count, column);
    }

    /// <summary>Totals as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Run<TLane>(float* source, float* total, int count, int column) where TLane : struct, IVectorLane<TLane>
    {
        for (; column <= columns - 4 * TLane.Count; column += 4 * TLane.Count)
        {
            TLane a = reduction.Identity<TLane>(), b = a, c = a, d = a;
            float* at = source + column;
            for (int row = 0; row < count; row++, at += columns)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(at)));
                b = reduction.Combine(b, reduction.Map(TLane.Load(at + TLane.Count)));
                c = reduction.Combine(c, reduction.Map(TLane.Load(at + 2 * TLane.Count)));
                d = reduction.Combine(d, reduction.Map(TLane.Load(at + 3 * TLane.Count)));
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
            for (int row = 0; row < count; row++, at += columns)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(at)));
            }

            TLane.Store(total + column, a);
        }

        return column;
    }
}
