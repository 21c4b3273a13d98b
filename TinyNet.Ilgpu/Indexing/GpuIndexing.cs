using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Elements by their indices, and what is found or summed along an axis: a thread an element, or a thread a line.</summary>
internal static class GpuIndexing
{
    public static void IndexSelect(IlgpuDevice device, Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        // Along the axis each index counts; along all others it is the same.
        Shape alongAxis = Ones(x.Rank).With(axis, index.Length);
        Gather(device, x, axis, index, new Layout(alongAxis).Expand(destination.Shape), destination);
    }

    public static void Gather(IlgpuDevice device, Tensor x, int axis, IndexTensor index, Tensor destination) =>
        Gather(device, x, axis, index, new Layout(index.Shape), destination);

    private static void Gather(IlgpuDevice device, Tensor x, int axis, IndexTensor index, in Layout indices, Tensor destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, index, destination);
        Span<Steps> steps = stackalloc Steps[3];
        var axes = Walk.Over([destination.Layout, x.Layout.Starts(axis).Corner(destination.Shape), indices], steps);
        device.Launch(new GatherJob
        {
            Count = destination.Length,
            AxisStep = x.Layout.Strides[axis],
            Axes = axes,
            X = x.Memory(),
            Index = device.IndicesOf(index),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtX = steps[1],
            AtIndex = steps[2],
        }, destination.Length);
    }

    public static void ScatterAdd(IlgpuDevice device, Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        if (index.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(source, index, destination);
        Shape lines = index.Shape.With(axis, 1);
        var indices = new Layout(index.Shape);
        Span<Steps> steps = stackalloc Steps[3];
        var axes = Walk.Over(
            [destination.Layout.Starts(axis).Corner(lines), source.Layout.Starts(axis).Corner(lines), indices.Starts(axis)], steps);
        device.Launch(new ScatterAddJob
        {
            Lines = lines.Length,
            Length = index.Shape.Sizes[axis],
            SourceStep = source.Layout.Strides[axis],
            IndexStep = indices.Strides[axis],
            DestinationStep = destination.Layout.Strides[axis],
            Axes = axes,
            Source = source.Memory(),
            Index = device.IndicesOf(index),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtSource = steps[1],
            AtIndex = steps[2],
        }, lines.Length);
    }

    public static void IndexAdd(IlgpuDevice device, Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        if (source.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(source, destination);
        using var scratch = device.Group(index, out int targets);
        var groups = scratch.View;
        int lines = source.Length / index.Length;
        Span<Steps> steps = stackalloc Steps[2];
        var axes = Walk.Over([destination.Layout.Starts(axis), source.Layout.Starts(axis)], steps);
        device.Launch(new IndexAddJob
        {
            Lines = lines,
            Targets = targets,
            SourceStep = source.Layout.Strides[axis],
            DestinationStep = destination.Layout.Strides[axis],
            Axes = axes,
            Source = source.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtSource = steps[1],
            Starts = groups.SubView(0, targets + 1),
            Target = groups.SubView(targets + 1, targets),
            Places = groups.SubView(2 * targets + 1, index.Length),
        }, lines * targets);
    }

    public static void ArgExtreme(IlgpuDevice device, Tensor x, int axis, bool largest, IndexTensor indices)
    {
        if (indices.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x);

        // In row-major order of the lines, as the result is.
        var lines = x.Layout.Starts(axis);
        var axes = Walk.InOrder(lines, out var steps);
        using var results = device.Scratch<int>(indices.Length);
        device.Launch(new ArgExtremeJob
        {
            Lines = indices.Length,
            Length = x.Shape.Sizes[axis],
            Step = x.Layout.Strides[axis],
            Largest = largest,
            Axes = axes,
            X = x.Memory(),
            AtX = steps,
            Indices = results.View,
        }, indices.Length);
        device.Download(results.View, indices.Overwrite("ArgExtreme"));
    }

    public static void CumulativeSum(IlgpuDevice device, Tensor x, int axis, bool reverse, Tensor destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, destination);
        int length = x.Shape.Sizes[axis], last = reverse ? length - 1 : 0, sign = reverse ? -1 : 1;
        Layout from = x.Layout.Slice(axis, last, 1, 1), to = destination.Layout.Slice(axis, last, 1, 1);
        Span<Steps> steps = stackalloc Steps[2];
        var axes = Walk.Over([to, from], steps);
        device.Launch(new CumulativeSumJob
        {
            Lines = destination.Length / length,
            Length = length,
            Step = sign * x.Layout.Strides[axis],
            DestinationStep = sign * destination.Layout.Strides[axis],
            Axes = axes,
            X = x.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtX = steps[1],
        }, destination.Length / length);
    }

    private static Shape Ones(int rank)
    {
        Span<int> sizes = stackalloc int[rank];
        sizes.Fill(1);
        return new Shape(sizes);
    }
}
