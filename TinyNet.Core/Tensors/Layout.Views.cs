namespace TinyNet.Core;

// All views: other shapes and strides over the same elements.
public readonly partial struct Layout
{
    /// <summary>The layout with its axes in another order: axis k of the result is axis order[k] of this.</summary>
    /// <exception cref="ShapeException">Not every axis is named once.</exception>
    public Layout Permute(ReadOnlySpan<int> order)
    {
        EnsureRank("Permute", order.Length);
        AxisValues sizes = default, strides = default;
        int seen = 0;
        for (int axis = 0; axis < order.Length; axis++)
        {
            int from = order[axis];
            if ((uint)from >= (uint)Shape.Rank || (seen & (1 << from)) != 0)
            {
                throw new ShapeException(
                    "Permute", $"axis {from} as axis {axis} of a view of shape {Shape}", "name every axis exactly once");
            }

            seen |= 1 << from;
            sizes[axis] = Shape.Sizes[from];
            strides[axis] = _strides[from];
        }

        return new Layout(new Shape(((ReadOnlySpan<int>)sizes)[..order.Length]), strides, Offset);
    }

    /// <summary>The layout with two axes exchanged.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Layout Transpose(int axis0, int axis1)
    {
        Span<int> order = stackalloc int[Shape.Rank];
        Exchange(Shape.Axis(axis0, "Transpose"), Shape.Axis(axis1, "Transpose"), order);
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
    /// <exception cref="ShapeException">There is no such axis, or not all of the indices are on it.</exception>
    public Layout Slice(int axis, int start, int count, int step)
    {
        axis = Shape.Axis(axis, "Slice");
        if (count > 0 && (start < 0 || step < 1 || start + (count - 1L) * step >= Shape.Sizes[axis]))
        {
            throw new ShapeException("Slice", $"{count} indices from {start} in steps of {step} along axis {axis} of shape {Shape}",
                $"indices run from 0 to {Shape.Sizes[axis] - 1}, in steps of 1 or more");
        }

        var strides = _strides;
        int offset = count == 0 ? Offset : Offset + start * strides[axis];
        // An axis of one element or none has no step: the product could be beyond any memory.
        strides[axis] *= count > 1 ? step : 1;
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
    /// <exception cref="ShapeException">There is no such axis, or not all windows lie on it.</exception>
    public Layout Slide(int axis, int windows, int stride, int size, int dilation)
    {
        axis = Shape.Axis(axis, "Slide");
        if (windows < 0 || size < 0 || stride < 1 || dilation < 1
            || (windows > 0 && size > 0 && (windows - 1L) * stride + (size - 1L) * dilation >= Shape.Sizes[axis]))
        {
            throw new ShapeException("Slide",
                $"{windows} windows of {size} elements in steps of {stride} and {dilation} along axis {axis} of shape {Shape}",
                "all windows lie on the axis, and steps are 1 or more");
        }

        var slid = Unsqueeze(axis + 1);
        var strides = slid._strides;
        strides[axis + 1] = strides[axis] * dilation;
        strides[axis] *= stride;
        return new Layout(slid.Shape.With(axis, windows).With(axis + 1, size), strides, Offset);
    }

    /// <summary>Where the lines along an axis start, which may be empty: the layout with size 1 there.</summary>
    internal Layout Starts(int axis) => new(Shape.With(axis, 1), _strides, Offset);

    /// <summary>The first elements along every axis, as many as a shape has; an axis of size 1 is stretched to it.</summary>
    internal Layout Corner(in Shape shape)
    {
        var corner = this;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            corner = corner.Slice(axis, start: 0, count: Math.Min(corner.Shape.Sizes[axis], shape.Sizes[axis]), step: 1);
        }

        return corner.Expand(shape);
    }

    /// <summary>One index along an axis, which is removed.</summary>
    /// <exception cref="ShapeException">There is no such axis, or no such index on it.</exception>
    public Layout Select(int axis, int index)
    {
        axis = Shape.Axis(axis, "Select");
        return (uint)index < (uint)Shape.Sizes[axis]
            ? new Layout(Shape.Without(axis), Remove(axis), Offset + index * _strides[axis])
            : throw new ShapeException("Select", $"index {index} along axis {axis} of shape {Shape}",
                $"indices run from 0 to {Shape.Sizes[axis] - 1}");
    }

    /// <summary>Without an axis of size 1.</summary>
    /// <exception cref="ShapeException">There is no such axis, or it has another size.</exception>
    public Layout Squeeze(int axis)
    {
        axis = Shape.Axis(axis, "Squeeze");
        return Shape.Sizes[axis] == 1
            ? new Layout(Shape.Without(axis), Remove(axis), Offset)
            : throw new ShapeException("Squeeze", $"axis {axis} of shape {Shape}", "only an axis of size 1 can be left out");
    }

    /// <summary>With a new axis of size 1 before the given one.</summary>
    /// <exception cref="ShapeException">There is no such place, or the rank would exceed <see cref="Shape.MaxRank"/>.</exception>
    public Layout Unsqueeze(int axis)
    {
        var shape = Shape.Insert(axis, 1);
        AxisValues strides = default;
        for (int i = 0, k = 0; i <= Shape.Rank; i++)
        {
            strides[i] = i == axis ? 0 : _strides[k++];
        }

        return new Layout(shape, strides, Offset);
    }

    /// <summary>The elements at equal indices of two axes, along the first of them; the second is removed.</summary>
    /// <exception cref="ShapeException">There are no two such axes of one size.</exception>
    public Layout Diagonal(int axis0, int axis1)
    {
        (axis0, axis1) = (Shape.Axis(axis0, "Diagonal"), Shape.Axis(axis1, "Diagonal"));
        if (axis0 == axis1 || Shape.Sizes[axis0] != Shape.Sizes[axis1])
        {
            throw new ShapeException("Diagonal", $"axes {axis0} and {axis1} of shape {Shape}", "name two axes of one size");
        }

        var strides = Remove(axis1);
        strides[axis0 < axis1 ? axis0 : axis0 - 1] += _strides[axis1];
        return new Layout(Shape.Without(axis1), strides, Offset);
    }

    /// <summary>Stretches axes of size 1, and adds leading axes, to a shape this one broadcasts to.</summary>
    /// <exception cref="ShapeException">An axis of another size than 1 would have to stretch, or one would have to go.</exception>
    public Layout Expand(in Shape target)
    {
        AxisValues strides = default;
        int added = target.Rank - Shape.Rank;
        for (int axis = 0; axis < Shape.Rank; axis++)
        {
            if (added < 0 || (Shape.Sizes[axis] != 1 && Shape.Sizes[axis] != target.Sizes[axis + added]))
            {
                throw new ShapeException("Expand", $"shape {Shape} does not stretch to {target}", "only axes of size 1 stretch");
            }

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

    private void EnsureRank(string operation, int axes)
    {
        if (axes != Shape.Rank)
        {
            throw new ShapeException(operation, $"{axes} axes for shape {Shape}", $"give {Shape.Rank}");
        }
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
