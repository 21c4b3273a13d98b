namespace TinyNet.Core;

/// <summary>Layer and RMS normalization of rows, and its gradients.</summary>
internal static unsafe class CpuLayerNorm
{
    // Rows whose share of the gradients of weight and bias is summed up in float, at least: fewer would make many partial sums.
    private const int LeastRows = 16;

    // What an element costs, in elements of a simple loop.
    private const long ElementCost = 4;

    /// <summary>Normalizes every row, and gives the means and scales that it found.</summary>
    public static void Run(
        CpuSettings cpu, Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination)
    {
        int rows = scales.Length, columns = rows == 0 ? 0 : x.Length / rows;
        Tensor source = x.ToDense(cpu), dense = destination.DenseStandIn();
        Tensor? factors = weight?.ToDense(cpu), terms = bias?.ToDense(cpu);
        using var alive = KeepAlive.Of(source, factors, terms, means, scales);
        var job = new LayerNormJob(
            source.Pointer(),
            factors.PointerOrNull(),
            terms.PointerOrNull(),
            epsilon,
            means.PointerOrNull(),
            scales.Pointer(),
            dense.Pointer(),
            rows,
            columns);
        cpu.RunLanes(BlockCount.Of(rows, BlockTotals.RowsPerUnit(columns)), job, cpu.ThreadsFor(ElementCost * x.Length));
        dense.DeliverTo(destination, cpu);
    }

    /// <summary>The gradients that are asked for.</summary>
    public static void RunGradient(
        CpuSettings cpu,
        Tensor x,
        Tensor? weight,
        Tensor? means,
        Tensor scales,
        Tensor gradient,
        Tensor? xGradient,
        Tensor? weightGradient,
        Tensor? biasGradient)
    {
        int rows = scales.Length, columns = rows == 0 ? (weightGradient ?? biasGradient)?.Length ?? 0 : x.Length / rows;
        int rowsPerUnit = Math.Clamp(BlockTotals.RowsPerUnit(columns), LeastRows, FloatChain.Terms);
        int units = BlockCount.Of(rows, rowsPerUnit);
        Tensor source = x.ToDense(cpu), g = gradient.ToDense(cpu);
        Tensor? factors = weight?.ToDense(cpu), dense = xGradient?.DenseStandIn();
        var partials = weightGradient is null && biasGradient is null ? null : Tensor.Result("LayerNorm", [2, units, columns], x.Device);
        using var alive = KeepAlive.Of(source, g, factors, means, scales);
        var job = new LayerNormGradientJob(
            source.Pointer(),
            factors.PointerOrNull(),
            means.PointerOrNull(),
            scales.Pointer(),
            g.Pointer(),
            dense.PointerOrNull(),
            partials.PointerOrNull(),
            rows,
            columns,
            rowsPerUnit,
            units);
        cpu.RunLanes(units, job, cpu.ThreadsFor(ElementCost * x.Length));
        if (partials is not null)
        {
            AddUnits(cpu, partials, 0, weightGradient);
            AddUnits(cpu, partials, 1, biasGradient);
            partials.Release();
        }

        dense?.DeliverTo(xGradient!, cpu);
    }

    /// <summary>Adds the sums of the units up, for the weight (0) or the bias (1).</summary>
    private static void AddUnits(CpuSettings cpu, Tensor partials, int index, Tensor? destination)
    {
        if (destination is not null)
        {
            var sums = partials.View(partials.Layout.Select(0, index), "LayerNorm");
            CpuReductions.Run(cpu, new SumReduction(), sums, destination.View(new Layout([1, destination.Length]), "LayerNorm"));
        }
    }
}
