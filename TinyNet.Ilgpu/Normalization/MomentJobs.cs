using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The elements of each result of a reduction.</summary>
internal struct ReducedElements
{
    public ArrayView<float> Memory;
    public WalkAxes Kept, Reduced;
    public Steps AtKept, AtReduced;

    /// <summary>Whether the elements of a result lie beside each other.</summary>
    public readonly bool IsInner => AtReduced.Step0 == 1;

    /// <summary>Where the first element of a result lies.</summary>
    public readonly int Start(int result) => AtKept.IndexOf(Kept.At(result));

    /// <summary>How far behind the first an element lies.</summary>
    public readonly int Distance(int element) => AtReduced.IndexOf(Reduced.At(element));

    /// <summary>
    /// The elements of a layout whose axes from some on are reduced: results count in row-major order of the axes before, elements as
    /// they lie
    /// in memory.
    /// </summary>
    public static ReducedElements Of(Tensor tensor, in Layout layout, int keptAxes) => Of(tensor, layout, keptAxes, layout);

    /// <summary>Likewise, with the elements in the order in which those of another layout lie.</summary>
    public static ReducedElements Of(Tensor tensor, in Layout layout, int keptAxes, in Layout order)
    {
        Span<Steps> steps = stackalloc Steps[2];
        var elements = new ReducedElements
        {
            Memory = tensor.Memory(),
            Kept = Walk.InOrder(Starts(layout, keptAxes, layout.Shape.Rank), out var atKept),
            Reduced = Walk.Over([Starts(order, 0, keptAxes), Starts(layout, 0, keptAxes)], steps),
            AtKept = atKept,
            AtReduced = steps[1],
        };
        elements.AtReduced.Offset = 0;
        return elements;
    }

    private static Layout Starts(Layout layout, int first, int end)
    {
        for (int axis = first; axis < end; axis++)
        {
            layout = layout.Starts(axis);
        }

        return layout;
    }
}

/// <summary>Distances to the first element, and their squares: in double precision mean and variance come of their sums.</summary>
internal struct MomentTerms : ITerms
{
    public ReducedElements X;

    public readonly Pair Of(int result, int element)
    {
        int start = X.Start(result);
        double distance = (double)X.Memory[start + X.Distance(element)] - X.Memory[start];
        return new Pair { A = distance, B = distance * distance };
    }
}

/// <summary>Makes means and deviations of the sums of <see cref="MomentTerms"/>: a thread a result.</summary>
internal struct MomentsJob : IGpuJob
{
    public int Results, Elements;
    public ReducedElements X;
    public ArrayView<Pair> Sums;

    /// <summary>[2, results] each, dense.</summary>
    public ArrayView<float> Means, Deviations;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Results); i += Threads.Count)
        {
            var sums = Sums[i];
            double first = Elements > 0 ? X.Memory[X.Start(i)] : 0, offset = sums.A / Elements;
            double variance = sums.B / Elements - offset * offset;
            FloatParts.Write(Means, i, Results, first + offset);
            FloatParts.Write(Deviations, i, Results, GpuMath.Sqrt(variance < 0 ? 0 : variance));
        }
    }
}

/// <summary>Numbers as two floats, which tensors [2, n] hold, as <see cref="TwoFloats"/> has them.</summary>
internal static class FloatParts
{
    /// <summary>Writes a number.</summary>
    public static void Write(ArrayView<float> parts, int index, int count, double value)
    {
        float nearest = (float)value, magnitude = nearest < 0 ? -nearest : nearest;
        parts[index] = nearest;
        parts[count + index] = magnitude <= float.MaxValue ? (float)((value - nearest) / TwoFloats.RestUnit) : 0;
    }

    /// <summary>Reads a number of one part or two.</summary>
    public static double Read(ArrayView<float> parts, int index, int count, int number) =>
        parts[index] + (number == 1 ? 0 : parts[count + index] * (double)TwoFloats.RestUnit);
}
