using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Reductions in stages: as many threads as the GPU holds make totals of parts, fewer combine those, and so on to one for each result.
/// Nothing depends on the order in which threads run, so results have the same bits each time.
/// </summary>
internal static class GpuReductions
{
    // A thread does not start for fewer elements, and combines so many totals at once.
    private const int LeastElements = 16, MostTotals = 32;

    public static void Run<TReduction>(IlgpuDevice device, TReduction reduction, Tensor x, Tensor destination)
        where TReduction : struct, IReduction
    {
        if (destination.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, destination);
        Layout kept = x.Layout, reduced = x.Layout;
        bool partsFirst = false;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            bool isReduced = destination.Shape.Sizes[axis] != x.Shape.Sizes[axis];
            kept = isReduced ? kept.Starts(axis) : kept;
            reduced = isReduced ? reduced : reduced.Starts(axis);
            partsFirst |= isReduced && x.Layout.Strides[axis] == 1;
        }

        Span<Steps> steps = stackalloc Steps[2];
        var keptAxes = Walk.Over([destination.Layout, kept], steps);
        var reducedAxes = Walk.Over(reduced, out var withinResult);

        // Where a result starts is told by its place; elements are counted from there.
        withinResult.Offset = 0;
        int results = destination.Length, elements = x.Length / results;
        int parts = Parts(device, results, elements);

        // Totals of one stage and of the next take turns.
        using var scratch = device.Scratch<double>(parts == 1 ? 1 : 2 * results * parts);
        var totals = scratch.View;
        device.Launch(new ReduceJob<TReduction>
        {
            Reduction = reduction,
            Results = results,
            Elements = elements,
            Parts = parts,
            PartsFirst = partsFirst,
            Kept = keptAxes,
            Reduced = reducedAxes,
            X = x.Memory(),
            XAtKept = steps[1],
            XAtReduced = withinResult,
            Destination = destination.Memory(),
            AtDestination = steps[0],
            Totals = totals,
        }, results * parts);
        int half = results * parts;
        for (bool isUpper = false; parts > 1; isUpper = !isUpper)
        {
            int after = PartsAfter(parts);
            device.Launch(new CombineJob<TReduction>
            {
                Reduction = reduction,
                Results = results,
                Elements = elements,
                Parts = parts,
                PartsAfter = after,
                Kept = keptAxes,
                Destination = destination.Memory(),
                AtDestination = steps[0],
                Totals = totals.SubView(isUpper ? half : 0, half),
                TotalsAfter = totals.SubView(isUpper ? 0 : half, half),
            }, results * after);
            parts = after;
        }
    }

    /// <summary>In how many parts each of some results is made of its elements.</summary>
    public static int Parts(IlgpuDevice device, int results, int elements) =>
        Math.Max(1, Math.Min(device.MostThreads / results, elements / LeastElements));

    /// <summary>How many parts the next stage makes of some.</summary>
    public static int PartsAfter(int parts) => BlockCount.Of(parts, MostTotals);
}
