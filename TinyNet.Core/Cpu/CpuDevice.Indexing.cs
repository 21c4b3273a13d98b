namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        var dense = Dense(x);
        float* values = Pointer(dense);
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

        GC.KeepAlive(dense);
    }

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        Tensor source = Dense(x), dense = StandIn(destination);
        float* from = Pointer(source), to = Pointer(dense);
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

        Deliver(dense, destination);
        GC.KeepAlive(source);
    }

    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var (outer, count, inner) = Around(x.Shape, axis);
        Tensor source = Dense(x), dense = StandIn(destination, x);
        float* from = Pointer(source), to = Pointer(dense);
        var indices = index.Values;
        for (int o = 0; o < outer; o++)
        {
            foreach (int k in indices)
            {
                new ReadOnlySpan<float>(from + ((nint)o * count + k) * inner, inner).CopyTo(new Span<float>(to, inner));
                to += inner;
            }
        }

        Deliver(dense, destination);
        GC.KeepAlive(source);
    }

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var (outer, count, inner) = Around(destination.Shape, axis);
        Tensor terms = Dense(source), dense = Dense(destination);
        fixed (int* indices = index.Values)
        {
            var job = new IndexAddJob(Pointer(terms), indices, index.Length, Pointer(dense), outer, count, inner);
            WorkSplitter.Run(IndexAddJob.Units, ref job, ThreadsFor(source.Length));
        }

        Deliver(dense, destination);
        GC.KeepAlive(terms);
    }

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var walk = new IndexedWalk(x, axis, index.Shape);
        var dense = StandIn(destination, x);
        float* from = Pointer(x), to = Pointer(dense);
        var indices = index.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            to[i] = from[walk.Offset(i) + indices[i] * walk.AxisStride];
        }

        Deliver(dense, destination);
        GC.KeepAlive(x);
    }

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var sourceWalk = new IndexedWalk(source, -1, index.Shape);
        var walk = new IndexedWalk(destination, axis, index.Shape);
        float* from = Pointer(source), to = Pointer(destination);
        var indices = index.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            to[walk.Offset(i) + indices[i] * walk.AxisStride] += from[sourceWalk.Offset(i)];
        }

        GC.KeepAlive(source);
        GC.KeepAlive(destination);
    }

    /// <summary>A unit adds to a range of the indexed axis, and so goes through all indices: each element is added to in their order.</summary>
    private readonly struct IndexAddJob(float* source, int* indices, int indexCount, float* destination, int outer, int count, int inner) : IJob
    {
        public const int Units = 8;

        public void Run(int unit)
        {
            int start = (int)((long)count * unit / Units), end = (int)((long)count * (unit + 1) / Units);
            float* from = source;
            for (int o = 0; o < outer && start < end; o++)
            {
                for (int i = 0; i < indexCount; i++, from += inner)
                {
                    int k = indices[i];
                    if (k >= start && k < end)
                    {
                        var row = new Span<float>(destination + ((nint)o * count + k) * inner, inner);
                        System.Numerics.Tensors.TensorPrimitives.Add(row, new ReadOnlySpan<float>(from, inner), row);
                    }
                }
            }
        }
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

    /// <summary>Offsets in a tensor of the elements of an index of another shape, the indexed axis left out.</summary>
    private readonly ref struct IndexedWalk
    {
        private readonly Shape _shape;
        private readonly AxisValues _strides;

        public IndexedWalk(Tensor tensor, int axis, in Shape shape)
        {
            _shape = shape;
            for (int i = 0; i < shape.Rank; i++)
            {
                _strides[i] = i == axis ? 0 : tensor.Layout.Strides[i];
            }

            AxisStride = axis < 0 ? 0 : tensor.Layout.Strides[axis];
        }

        public nint AxisStride { get; }

        public nint Offset(int element)
        {
            nint offset = 0;
            for (int axis = _shape.Rank - 1; axis >= 0; axis--)
            {
                int size = _shape.Sizes[axis];
                offset += element % size * (nint)_strides[axis];
                element /= size;
            }

            return offset;
        }
    }
}
