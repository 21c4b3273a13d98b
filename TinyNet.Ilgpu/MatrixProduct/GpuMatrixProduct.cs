using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Matrix products of tensors.</summary>
internal static class GpuMatrixProduct
{
    /// <summary>destination = a · b + bias, or that added to what the destination holds.</summary>
    /// <param name="device">The device.</param>
    /// <param name="a">[.., M, K].</param>
    /// <param name="b">[.., K, N].</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="destination">[.., M, N].</param>
    /// <param name="planOf">Cuts the product; null for what suits the device.</param>
    public static void Run(
        IlgpuDevice device, Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination, Func<TileTask, TilePlan>? planOf = null)
    {
        if (destination.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(a, b, bias, destination);
        int row = destination.Rank - 2, column = row + 1;
        Span<Steps> lines = stackalloc Steps[2], batches = stackalloc Steps[3];
        Layout toLines = destination.Layout.Starts(column), aLines = a.Layout.Starts(column);
        int depth = a.Shape.Sizes[column], columns = destination.Shape.Sizes[column], products = destination.Length / columns;
        WalkAxes lineAxes = Walk.Over([toLines, aLines], lines), batchAxes = default;
        batches.Clear();
        int lineCount = products;
        if (!AreOneProduct(a, b, lineAxes))
        {
            // Offsets count once: with the batch.
            lineCount = destination.Shape.Sizes[row];
            lineAxes = Walk.Over([OneLine(toLines, row), OneLine(aLines, row)], lines);
            batchAxes = Walk.Over([toLines.Starts(row), aLines.Starts(row), b.Layout.Starts(row).Starts(column)], batches);
            (lines[0].Offset, lines[1].Offset) = (0, 0);
        }
        else
        {
            batches[2].Offset = b.Layout.Offset;
        }

        var task = new TileTask
        {
            Batches = batchAxes,
            Products = products / lineCount,
            Lines = lineCount,
            Columns = columns,
            Depth = depth,
        };
        var columnAxes = Walk.Over(OneLine(b.Layout.Starts(row), column), out var bLines);
        bLines.Offset = 0;
        int biasOffset = bias?.Layout.Offset ?? 0, biasStep = bias?.Layout.Strides[0] ?? 0;
        var writer = new MatrixWriter
        {
            Values = destination.Memory(),
            Bias = bias.MemoryOr(destination),
            AtBatch = batches[0],
            AtLine = lines[0],
            Lines = lineAxes,
            LineCount = lineCount,
            ColumnCount = columns,
            ColumnStep = destination.Layout.Strides[column],
            BiasOffset = biasOffset,
            BiasStep = biasStep,
            HasBias = bias is not null,
            Accumulate = accumulate,
        };
        MatrixReader left = MatrixReader.Of(a, batches[1], lineAxes, lines[1], lineCount, a.Layout.Strides[column]);
        MatrixReader right = MatrixReader.Of(b, batches[2], columnAxes, bLines, columns, b.Layout.Strides[row]);
        if (planOf is not null || !TryRunCublas(device, task, left, right, writer, bias, destination))
        {
            GpuTiles.Run(device, task, planOf?.Invoke(task) ?? GpuTiles.PlanOf(device, task), left, right, writer);
        }
    }

    /// <summary>Leaves the product to cuBLAS, where that is installed and takes it; a bias is added after.</summary>
    private static bool TryRunCublas(
        IlgpuDevice device, in TileTask task, in MatrixReader a, in MatrixReader b, in MatrixWriter c, Tensor? bias, Tensor destination)
    {
        if (CublasCall.TryOf(task, a, b, c) is not { } call || !device.TryMultiply(call, task))
        {
            return false;
        }

        if (bias is not null)
        {
            device.Map(new SumMap(), destination, bias, destination);
        }

        return true;
    }

    /// <summary>
    /// Whether the rows of all products are those of one taller product: where b is the same for all, and vectors of a still lie along the
    /// depth or along the rows.
    /// </summary>
    private static bool AreOneProduct(Tensor a, Tensor b, in WalkAxes lines)
    {
        bool isShared = lines.Rank <= 1 || a.Layout.Strides[^1] == 1;
        for (int axis = 0; axis < b.Rank - 2; axis++)
        {
            isShared &= b.Layout.Strides[axis] == 0 || b.Shape.Sizes[axis] == 1;
        }

        return isShared;
    }

    /// <summary>The lines of one matrix: the layout with size 1 along all axes but one.</summary>
    private static Layout OneLine(Layout layout, int kept)
    {
        for (int axis = 0; axis < layout.Shape.Rank; axis++)
        {
            layout = axis == kept ? layout : layout.Starts(axis);
        }

        return layout;
    }
}
