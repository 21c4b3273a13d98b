using System.Diagnostics.CodeAnalysis;

namespace TinyNet.Core;

/// <summary>
/// Where the elements of a tensor lie in its storage: element (i₀, i₁, …) is at offset + Σ iₖ · strideₖ. All views are
/// made here; strides are 0 or more. Elements repeat along an axis of stride 0, and where windows overlap (<see cref="Slide"/>).
/// </summary>
public readonly struct Layout
{
    private readonly Shape _shape;
    private readonly AxisValues _strides;

    private Layout(in Shape shape, in AxisValues strides, int offset)
    {
        _shape = shape;
        _strides = strides;
        Offset = offset;
    }

    /// <summary>A dense row-major layout.</summary>
    public Layout(in Shape shape)
    {
        _shape = shape;
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            _strides[axis] = stride;
            stride *= shape.Sizes[axis];
        }
    }

    /// <summary>A dense layout of images [N, C, H, W] with the channels of a pixel beside each other.</summary>
    public static Layout ChannelsLast(in Shape shape)
    {
        ReadOnlySpan<int> sizes = shape.Sizes;
        return new Layout(new Shape([sizes[0], sizes[2], sizes[3], sizes[1]])).Permute([0, 3, 1, 2]);
    }

    /// <summary>The sizes along the axes.</summary>
    [UnscopedRef]
    public ref readonly Shape Shape => ref _shape;

    /// <summary>Where the first element is.</summary>
    public int Offset { get; }

    /// <summary>The distance of neighboring elements along each axis.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> Strides => ((ReadOnlySpan<int>)_strides)[..Shape.Rank];

    /// <summary>Whether the elements lie densely in row-major order (axes of size 1 may have any stride).</summary>
    public bool IsContiguous
    {
        get
        {
            int expected = 1;
            for (int axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                int size = Shape.Sizes[axis];
                if (size != 1 && _strides[axis] != expected)
                {
                    return Shape.Length == 0;
                }

                expected *= size;
            }

            return true;
        }
    }

    /// <summary>Whether an element is shown more than once, as in an expanded view.</summary>
    public bool Repeats
    {
        get
        {
            for (int axis = 0; Shape.Length > 0 && axis < Shape.Rank; axis++)
            {
                if (Shape.Sizes[axis] > 1 && _strides[axis] == 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>
    /// The layout for a result computed element by element: where the elements lie densely in some order of the axes, as
    /// channels-last images do, the same order; else row-major.
    /// </summary>
    public Layout ForResult()
    {
        Span<int> order = stackalloc int[Shape.Rank];
        if (IsContiguous || !IsDense(order))
        {
            return new Layout(Shape);
        }

        AxisValues strides = default;
        int stride = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            strides[order[i]] = stride;
            stride *= Shape.Sizes[order[i]];
        }

        return new Layout(Shape, strides, 0);
    }

    /// <summary>Writes the order in which the axes lie in memory, outermost first; axes of size 1 stay where they are.</summary>
    public void MemoryOrder(Span<int> order)
    {
        for (int axis = 0; axis < order.Length; axis++)
        {
            order[axis] = axis;
            if (Shape.Sizes[axis] == 1)
            {
                continue;
            }

            int at = axis;
            for (int i = axis - 1; i >= 0; i--)
            {
                if (Shape.Sizes[order[i]] != 1 && _strides[order[i]] < _strides[order[at]])
                {
                    (order[i], order[at]) = (order[at], order[i]);
                    at = i;
                }
            }
        }
    }

    /// <summary>The layout with its axes in another order: axis k of the result is axis order[k] of this.</summary>
    public Layout Permute(ReadOnlySpan<int> order)
    {
        AxisValues sizes = default, strides = default;
        for (int axis = 0; axis < order.Length; axis++)
        {
            sizes[axis] = Shape.Sizes[order[axis]];
            strides[axis] = _strides[order[axis]];
        }

        return new Layout(new Shape(((ReadOnlySpan<int>)sizes)[..order.Length]), strides, Offset);
    }

    /// <summary>The layout with two axes exchanged.</summary>
    public Layout Transpose(int axis0, int axis1)
    {
        Span<int> order = stackalloc int[Shape.Rank];
        Exchange(axis0, axis1, order);
        return Permute(order);
    }

    /// <summary>Writes the order of axes that exchanges two of them.</summary>
    internal static void Exchange(int axis0, int axis1, Span<int> order)
    {
        for (int axis = 0; axis < order.Length; axis++)
        {
            order[axis] = axis == axis0 ? axis1 : axis == axis1 ? axis0 : axis;
        }
    }

    /// <summary>Every step-th index from start along an axis, count of them.</summary>
    public Layout Slice(int axis, int start, int count, int step)
    {
        var strides = _strides;
        int offset = count == 0 ? Offset : Offset + start * strides[axis];
        strides[axis] *= step;
        return new Layout(Shape.With(axis, count), strides, offset);
    }

    /// <summary>
    /// Windows along an axis, which may overlap: the axis counts the windows, a new one behind it the elements of a window.
    /// </summary>
    /// <param name="axis">The axis the windows slide over.</param>
    /// <param name="windows">How many windows there are; all lie on the axis.</param>
    /// <param name="stride">The step from one window to the next.</param>
    /// <param name="size">The elements of a window.</param>
    /// <param name="dilation">The step from one element of a window to the next.</param>
    public Layout Slide(int axis, int windows, int stride, int size, int dilation)
    {
        var slid = Unsqueeze(axis + 1);
        var strides = slid._strides;
        strides[axis + 1] = strides[axis] * dilation;
        strides[axis] *= stride;
        return new Layout(slid.Shape.With(axis, windows).With(axis + 1, size), strides, Offset);
    }

    /// <summary>One index along an axis, which is removed.</summary>
    public Layout Select(int axis, int index) => new(Shape.Without(axis), Remove(axis), Offset + index * _strides[axis]);

    /// <summary>Without an axis of size 1.</summary>
    public Layout Squeeze(int axis) => new(Shape.Without(axis), Remove(axis), Offset);

    /// <summary>With a new axis of size 1 before the given one.</summary>
    public Layout Unsqueeze(int axis)
    {
        AxisValues strides = default;
        for (int i = 0, k = 0; i <= Shape.Rank; i++)
        {
            strides[i] = i == axis ? 0 : _strides[k++];
        }

        return new Layout(Shape.Insert(axis, 1), strides, Offset);
    }

    /// <summary>The elements at equal indices of two axes, along the first of them; the second is removed.</summary>
    public Layout Diagonal(int axis0, int axis1)
    {
        var strides = Remove(axis1);
        strides[axis0 < axis1 ? axis0 : axis0 - 1] += _strides[axis1];
        return new Layout(Shape.Without(axis1), strides, Offset);
    }

    /// <summary>Stretches axes of size 1, and adds leading axes, to a shape this one broadcasts to.</summary>
    public Layout Expand(in Shape target)
    {
        AxisValues strides = default;
        int added = target.Rank - Shape.Rank;
        for (int axis = 0; axis < Shape.Rank; axis++)
        {
            strides[axis + added] = Shape.Sizes[axis] == target.Sizes[axis + added] ? _strides[axis] : 0;
        }

        return new Layout(target, strides, Offset);
    }

    /// <summary>The same elements in the same order under another shape, where strides allow it without a copy.</summary>
    public bool TryReshape(in Shape target, out Layout result)
    {
        result = default;
        if (target.Length != Shape.Length)
        {
            return false;
        }

        if (IsContiguous)
        {
            result = new Layout(target, new Layout(target)._strides, Offset);
            return true;
        }

        // Walk both shapes from the left; every group of source axes that a group of target axes covers must be dense.
        AxisValues strides = default;
        int source = 0, made = 0;
        while (source < Shape.Rank || made < target.Rank)
        {
            int sourceStart = source, targetStart = made;
            long sourceLength = source < Shape.Rank ? Shape.Sizes[source++] : 1;
            long targetLength = made < target.Rank ? target.Sizes[made++] : 1;
            while (sourceLength != targetLength)
            {
                if (sourceLength < targetLength)
                {
                    sourceLength *= Shape.Sizes[source++];
                }
                else
                {
                    targetLength *= target.Sizes[made++];
                }
            }

            int stride = 0;
            for (int axis = source - 1; axis >= sourceStart; axis--)
            {
                if (Shape.Sizes[axis] == 1)
                {
                    continue;
                }

                if (stride == 0)
                {
                    stride = _strides[axis];
                    sourceLength = Shape.Sizes[axis];
                    if (stride == 0 && HasOtherAxes(sourceStart, axis))
                    {
                        return false;
                    }
                }
                else if (_strides[axis] != stride * sourceLength)
                {
                    return false;
                }
                else
                {
                    sourceLength *= Shape.Sizes[axis];
                }
            }

            for (int axis = made - 1; axis >= targetStart; axis--)
            {
                strides[axis] = stride;
                stride *= target.Sizes[axis];
            }
        }

        result = new Layout(target, strides, Offset);
        return true;
    }

    /// <summary>Whether the elements lie densely in the order of their axes in memory, which it writes.</summary>
    private bool IsDense(Span<int> order)
    {
        MemoryOrder(order);
        int expected = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int axis = order[i], size = Shape.Sizes[axis];
            if (size != 1 && _strides[axis] != expected)
            {
                return false;
            }

            expected *= size;
        }

        return true;
    }

    private bool HasOtherAxes(int from, int to)
    {
        for (int axis = from; axis < to; axis++)
        {
            if (Shape.Sizes[axis] != 1)
            {
                return true;
            }
        }

        return false;
    }

    private AxisValues Remove(int removed)
    {
        AxisValues strides = default;
        for (int i = 0, k = 0; i < Shape.Rank; i++)
        {
            if (i != removed)
            {
                strides[k++] = _strides[i];
            }
        }

        return strides;
    }
}
