namespace TinyNet.Core;

/// <summary>Searches and sums along an axis, and elements by their index.</summary>
internal static unsafe class CpuIndexing
{
    /// <summary>The first index of the largest, or smallest, elements along an axis.</summary>
    public static void ArgExtreme(CpuSettings cpu, Tensor x, int axis, bool largest, IndexTensor indices)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        var dense = x.ToDense(cpu);
        using var alive = KeepAlive.Of(dense);
        float* values = dense.Pointer();
        var result = indices.Overwrite("ArgExtreme");
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                float* column = values + (nint)o * count * inner + i;
                int best = 0;
                for (int k = 1; k < count && !float.IsNaN(column[(nint)best * inner]); k++)
                {
                    float candidate = column[(nint)k * inner], extreme = column[(nint)best * inner];
                    if ((largest ? candidate > extreme : candidate < extreme) || float.IsNaN(candidate))
                    {
                        best = k;
                    }
                }

                result[o * inner + i] = best;
            }
        }
    }

    /// <summary>Sums up to and including each element along an axis.</summary>
    public static void CumulativeSum(CpuSettings cpu, Tensor x, int axis, bool reverse, Tensor destination)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        Tensor source = x.ToDense(cpu), dense = destination.DenseStandIn();
        using var alive = KeepAlive.Of(source);
        float* from = source.Pointer(), to = dense.Pointer();
        nint step = reverse ? -inner : inner;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner && count > 0; i++)
            {
                nint at = ((nint)o * count + (reverse ? count - 1 : 0)) * inner + i;
                double sum = 0;
                for (int k = 0; k < count; k++, at += step)
                {
                    sum += from[at];
                    to[at] = (float)sum;
                }
            }
        }

        dense.DeliverTo(destination, cpu);
    }

    /// <summary>destination[.., i, ..] = x[.., index[i], ..].</summary>
    public static void IndexSelect(CpuSettings cpu, Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        Tensor source = x.ToDense(cpu), dense = destination.DenseStandIn(x);
        using var alive = KeepAlive.Of(source);
        float* from = source.Pointer(), to = dense.Pointer();
        var indices = index.Values;
        for (int o = 0; o < outer; o++)
        {
            foreach (int k in indices)
            {
                float* taken = from + ((nint)o * count + k) * inner;
                if (inner == 1)
                {
                    // The call that copies one number costs more than the number.
                    *to = *taken;
                }
                else
                {
                    new ReadOnlySpan<float>(taken, inner).CopyTo(new Span<float>(to, inner));
                }

                to += inner;
            }
        }

        dense.DeliverTo(destination, cpu);
    }

    /// <summary>destination[.., index[i], ..] += source[.., i, ..].</summary>
    public static void IndexAdd(CpuSettings cpu, Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var (outer, count, inner) = Around(destination.Shape, axis);
        Tensor terms = source.ToDense(cpu), dense = destination.ToDense(cpu);
        using var alive = KeepAlive.Of(terms);
        fixed (int* indices = index.Values)
        {
            using var repeated = new RepeatedIndices(destination.Device, indices, index.Length, count, inner);
            var job = new IndexAddJob(terms.Pointer(), indices, index.Length, dense.Pointer(), outer, count, inner, repeated.Totals);
            WorkSplitter.Run(IndexAddJob.Units, job, cpu.ThreadsFor(source.Length));
        }

        dense.DeliverTo(destination, cpu);
    }

    /// <summary>destination[i, j, k] = x[index[i, j, k], j, k] (for axis 0).</summary>
    public static void Gather(CpuSettings cpu, Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var walk = new IndexedWalk(x, axis, index.Shape);
        var dense = destination.DenseStandIn(x);
        using var alive = KeepAlive.Of(x);
        float* from = x.Pointer(), to = dense.Pointer();
        var indices = index.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            to[i] = from[walk.Offset(i) + indices[i] * walk.AxisStride];
        }

        dense.DeliverTo(destination, cpu);
    }

    /// <summary>destination[index[i, j, k], j, k] += source[i, j, k] (for axis 0).</summary>
    public static void ScatterAdd(CpuSettings cpu, Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        if (index.Rank > 0 && index.Shape[axis] > FloatChain.Terms && AddsOften(axis, index, destination))
        {
            ScatterAddOften(cpu, source, axis, index, destination);
            return;
        }

        var sourceWalk = new IndexedWalk(source, -1, index.Shape);
        var walk = new IndexedWalk(destination, axis, index.Shape);
        using var alive = KeepAlive.Of(source, destination);
        float* from = source.Pointer(), to = destination.Pointer();
        var indices = index.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            to[walk.Offset(i) + indices[i] * walk.AxisStride] += from[sourceWalk.Offset(i)];
        }
    }

    /// <summary>Whether there may be an element that more is added to than one float should take up; few are taken for one.</summary>
    private static bool AddsOften(int axis, IndexTensor index, Tensor destination)
    {
        const int bits = 12;
        int* counts = stackalloc int[1 << bits];
        new Span<int>(counts, 1 << bits).Clear();
        var walk = new IndexedWalk(destination, axis, index.Shape);
        var indices = index.Values;
        int most = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            // Offsets that differ by a power of 2 must not share a count: Knuth's multiplier, 2^32 / golden ratio.
            uint mixed = (uint)(walk.Offset(i) + indices[i] * walk.AxisStride) * 2654435769u;
            most = Math.Max(most, ++counts[mixed >> (32 - bits)]);
        }

        return most > FloatChain.Terms;
    }

    /// <summary>The same with the sums of each element in double precision.</summary>
    private static void ScatterAddOften(CpuSettings cpu, Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var dense = destination.ToDense(cpu);
        var sourceWalk = new IndexedWalk(source, -1, index.Shape);
        var walk = new IndexedWalk(dense, axis, index.Shape);
        using var totals = new Scratch<double>(destination.Device, dense.Length, "ScatterAdd");
        using var alive = KeepAlive.Of(source, dense);
        float* from = source.Pointer(), to = dense.Pointer();
        double* sums = totals.Pointer;
        var indices = index.Values;
        for (int i = 0; i < dense.Length; i++)
        {
            sums[i] = to[i];
        }

        for (int i = 0; i < indices.Length; i++)
        {
            sums[walk.Offset(i) + indices[i] * walk.AxisStride] += from[sourceWalk.Offset(i)];
        }

        for (int i = 0; i < dense.Length; i++)
        {
            to[i] = (float)sums[i];
        }

        dense.DeliverTo(destination, cpu);
    }

    /// <summary>The sizes before, along and after an axis.</summary>
    private static (int Outer, int Count, int Inner) Around(in Shape shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < shape.Rank; i++)
        {
            outer *= i < axis ? shape.Sizes[i] : 1;
            inner *= i > axis ? shape.Sizes[i] : 1;
        }

        return (outer, shape.Sizes[axis], inner);
    }
}
