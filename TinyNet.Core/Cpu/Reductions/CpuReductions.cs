namespace TinyNet.Core;

/// <summary>Reductions of any axes, which come down to rows, or columns, of matrices.</summary>
internal static unsafe class CpuReductions
{
    /// <summary>Reduces the axes that have size 1 in the destination.</summary>
    public static void Run<TReduction>(CpuSettings cpu, TReduction reduction, Tensor x, Tensor destination)
        where TReduction : struct, IReduction
    {
        if (!x.IsContiguous)
        {
            Span<int> order = stackalloc int[x.Rank];
            x.Layout.MemoryOrder(order);
            x = x.View(x.Layout.Permute(order), x.Origin);
            destination = destination.View(destination.Layout.Permute(order), destination.Origin);
        }

        if (!destination.IsContiguous)
        {
            var dense = destination.DenseStandIn();
            Run(cpu, reduction, x, dense);
            dense.DeliverTo(destination, cpu);
            return;
        }

        var (outer, count, inner) = Groups(x.Shape, destination.Shape);
        if (outer < 0 || !x.IsContiguous)
        {
            // The reduced axes lie apart, or the elements are strided: bring the reduced axes together at the end.
            x = ReducedAxesLast(x, destination.Shape).ToDense(cpu);
            (outer, count, inner) = (destination.Length, destination.Length == 0 ? 0 : x.Length / destination.Length, 1);
        }

        using var alive = KeepAlive.Of(x, destination);
        if (inner == 1)
        {
            RunRows(cpu, reduction, destination.Device, x.Pointer(), outer, count, destination.Pointer());
        }
        else
        {
            RunColumns(cpu, reduction, destination.Device, x.Pointer(), outer, count, inner, destination.Pointer());
        }
    }

    /// <summary>Splits the axes into [outer kept | reduced | inner kept]; outer is −1 where they do not lie so.</summary>
    private static (int Outer, int Count, int Inner) Groups(in Shape x, in Shape destination)
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

    private static Tensor ReducedAxesLast(Tensor x, in Shape destination)
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

        return x.View(x.Layout.Permute(order), x.Origin);
    }

    private static void RunRows<TReduction>(
        CpuSettings cpu, TReduction reduction, Device device, float* x, int rows, int columns, float* destination)
        where TReduction : struct, IReduction
    {
        int blocks = Math.Max(1, BlockCount.Of(columns, BlockTotals.BlockLength)), threads = cpu.ThreadsFor((long)rows * columns);
        if (blocks == 1)
        {
            int rowsPerUnit = BlockTotals.RowsPerUnit(columns);
            var job = new RowsJob<TReduction>(reduction, x, rows, columns, rowsPerUnit, destination);
            cpu.RunLanes(BlockCount.Of(rows, rowsPerUnit), job, threads);
            return;
        }

        using var partials = new Scratch<double>(device, (long)rows * blocks, "reduce");
        cpu.RunLanes(rows * blocks, new RowBlocksJob<TReduction>(reduction, x, columns, blocks, partials.Pointer), threads);
        for (int row = 0; row < rows; row++)
        {
            destination[row] = BlockTotals.Finish(reduction, partials.Pointer + (nint)row * blocks, blocks, 1, columns);
        }
    }

    private static void RunColumns<TReduction>(
        CpuSettings cpu, TReduction reduction, Device device, float* x, int outer, int rows, int columns, float* destination)
        where TReduction : struct, IReduction
    {
        int blocks = Math.Max(1, BlockCount.Of(rows, ColumnsJob<TReduction>.BlockRows));
        using var partials = new Scratch<double>(device, blocks == 1 ? 0 : (long)outer * blocks * columns, "reduce");
        var job = new ColumnsJob<TReduction>(reduction, x, rows, columns, blocks, partials.Pointer, destination);
        cpu.RunLanes(outer * blocks, job, cpu.ThreadsFor((long)outer * rows * columns));
        for (int row = 0; blocks > 1 && row < outer; row++)
        {
            double* totals = partials.Pointer + (nint)row * blocks * columns;
            float* result = destination + (nint)row * columns;
            for (int column = 0; column < columns; column++)
            {
                result[column] = BlockTotals.Finish(reduction, totals + column, blocks, columns, rows);
            }
        }
    }
}
