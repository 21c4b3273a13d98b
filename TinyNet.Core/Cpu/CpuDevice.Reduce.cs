using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Elements that one chain of float accumulators takes up before its total moves on in double precision.</summary>
    private const int ReductionBlock = 4096;

    /// <summary>Rows that one chain takes up where the columns of a matrix are reduced.</summary>
    private const int ReductionRows = 512;

    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination)
    {
        if (!x.IsContiguous)
        {
            Span<int> order = stackalloc int[x.Rank];
            x.Layout.MemoryOrder(order);
            (x, destination) = (x.View(x.Layout.Permute(order), x.Origin), destination.View(destination.Layout.Permute(order), destination.Origin));
        }

        if (!destination.IsContiguous)
        {
            var dense = Tensor.Result(destination.Origin, destination.Shape, this);
            Reduce(reduction, x, dense);
            Copy(dense, destination);
            GC.KeepAlive(dense);
            return;
        }

        var (outer, count, inner) = ReductionGroups(x.Shape, destination.Shape);
        if (outer < 0 || !x.IsContiguous)
        {
            // The reduced axes lie apart, or the elements are strided: bring the reduced axes together at the end.
            x = ReducedAxesLast(x, destination.Shape);
            (outer, count, inner) = (destination.Length, destination.Length == 0 ? 0 : x.Length / destination.Length, 1);
        }

        if (inner == 1)
        {
            ReduceRows(reduction, Pointer(x), outer, count, Pointer(destination));
        }
        else
        {
            ReduceColumns(reduction, Pointer(x), outer, count, inner, Pointer(destination));
        }

        GC.KeepAlive(x);
        GC.KeepAlive(destination);
    }

    /// <summary>Splits the axes into [outer kept | reduced | inner kept]; outer is −1 where they do not lie so.</summary>
    private static (int Outer, int Count, int Inner) ReductionGroups(in Shape x, in Shape destination)
    {
        int outer = 1, count = 1, inner = 1;
        bool hasReduced = false, isPastReduced = false;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            int size = x.Sizes[axis];
            if (size == 1)
            {
                continue;
            }

            if (destination.Sizes[axis] == size)
            {
                isPastReduced = hasReduced;
                inner *= isPastReduced ? size : 1;
                outer *= isPastReduced ? 1 : size;
            }
            else if (isPastReduced)
            {
                return (-1, 0, 0);
            }
            else
            {
                hasReduced = true;
                count *= size;
            }
        }

        return (outer, count, inner);
    }

    private Tensor ReducedAxesLast(Tensor x, in Shape destination)
    {
        Span<int> order = stackalloc int[x.Rank];
        int next = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (x.Shape.Sizes[axis] == destination.Sizes[axis] == (pass == 0))
                {
                    order[next++] = axis;
                }
            }
        }

        return Dense(x.View(x.Layout.Permute(order), x.Origin));
    }

    private void ReduceRows<TReduction>(TReduction reduction, float* x, int rows, int columns, float* destination) where TReduction : struct, IReduction
    {
        int blocks = Math.Max(1, (columns + ReductionBlock - 1) / ReductionBlock);
        if (blocks == 1)
        {
            int rowsPerUnit = Math.Max(1, ReductionBlock / Math.Max(1, columns));
            RunLanes((rows + rowsPerUnit - 1) / rowsPerUnit, new RowsJob<TReduction>(reduction, x, rows, columns, rowsPerUnit, destination), ThreadsFor((long)rows * columns));
            return;
        }

        var partials = Tensor.Result("reduce", [rows, blocks], this);
        RunLanes(rows * blocks, new RowBlocksJob<TReduction>(reduction, x, columns, blocks, Pointer(partials)), ThreadsFor((long)rows * columns));
        for (int row = 0; row < rows; row++)
        {
            destination[row] = Finish(reduction, Pointer(partials) + (nint)row * blocks, blocks, 1, columns);
        }

        GC.KeepAlive(partials);
    }

    private void ReduceColumns<TReduction>(TReduction reduction, float* x, int outer, int rows, int columns, float* destination) where TReduction : struct, IReduction
    {
        int blocks = Math.Max(1, (rows + ReductionRows - 1) / ReductionRows);
        var partials = Tensor.Result("reduce", [outer, blocks, columns], this);
        RunLanes(outer * blocks, new ColumnsJob<TReduction>(reduction, x, rows, columns, blocks, Pointer(partials)), ThreadsFor((long)outer * rows * columns));
        for (int row = 0; row < outer; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                destination[(nint)row * columns + column] = Finish(reduction, Pointer(partials) + (nint)row * blocks * columns + column, blocks, columns, rows);
            }
        }

        GC.KeepAlive(partials);
    }

    /// <summary>Combines the totals of blocks in their order, in double precision, and finishes.</summary>
    private static float Finish<TReduction>(TReduction reduction, float* partials, int blocks, nint stride, int count) where TReduction : struct, IReduction
    {
        var total = DoubleLane.Const(partials[0]);
        for (int block = 1; block < blocks; block++)
        {
            total = reduction.Combine(total, DoubleLane.Const(partials[block * stride]));
        }

        return (float)reduction.Finish(total, DoubleLane.Const(count)).Value;
    }

    /// <summary>The total of up to <see cref="ReductionBlock"/> dense elements, by four chains of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Total<TReduction, TLane>(TReduction reduction, float* x, int count)
        where TReduction : struct, IReduction where TLane : struct, IVectorLane<TLane>
    {
        var total = reduction.Identity<ScalarLane>();
        int i = 0;
        if (count >= TLane.Count)
        {
            TLane a = reduction.Identity<TLane>(), b = a, c = a, d = a;
            for (; i <= count - 4 * TLane.Count; i += 4 * TLane.Count)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
                b = reduction.Combine(b, reduction.Map(TLane.Load(x + i + TLane.Count)));
                c = reduction.Combine(c, reduction.Map(TLane.Load(x + i + 2 * TLane.Count)));
                d = reduction.Combine(d, reduction.Map(TLane.Load(x + i + 3 * TLane.Count)));
            }

            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
            }

            total = AcrossLane.Combine(reduction, reduction.Combine(reduction.Combine(a, b), reduction.Combine(c, d)));
        }

        for (; i < count; i++)
        {
            total = reduction.Combine(total, reduction.Map(ScalarLane.Load(x + i)));
        }

        return total.Value;
    }

    /// <summary>Reduces several short rows a unit.</summary>
    private readonly struct RowsJob<TReduction>(TReduction reduction, float* x, int rows, int columns, int rowsPerUnit, float* destination) : ILaneJob
        where TReduction : struct, IReduction
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
            {
                float total = Total<TReduction, TLane>(reduction, x + (nint)row * columns, columns);
                destination[row] = Finish(reduction, &total, 1, 1, columns);
            }
        }
    }

    /// <summary>Reduces one block of a long row a unit.</summary>
    private readonly struct RowBlocksJob<TReduction>(TReduction reduction, float* x, int columns, int blocks, float* partials) : ILaneJob
        where TReduction : struct, IReduction
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            int row = unit / blocks, start = unit % blocks * ReductionBlock;
            partials[unit] = Total<TReduction, TLane>(reduction, x + (nint)row * columns + start, Math.Min(ReductionBlock, columns - start));
        }
    }

    /// <summary>Reduces a block of rows of one matrix to a row of totals a unit.</summary>
    private readonly struct ColumnsJob<TReduction>(TReduction reduction, float* x, int rows, int columns, int blocks, float* partials) : ILaneJob
        where TReduction : struct, IReduction
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            int matrix = unit / blocks, start = unit % blocks * ReductionRows, count = Math.Min(ReductionRows, rows - start);
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
}
