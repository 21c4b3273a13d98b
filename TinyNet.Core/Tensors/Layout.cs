using System.Diagnostics.CodeAnalysis;

namespace TinyNet.Core;

/// <summary>
/// Where the elements of a tensor lie in its storage: element (i₀, i₁, …) is at offset + Σ iₖ · strideₖ. All views are
/// made here; strides are 0 or more. Elements repeat along an axis of stride 0, and where windows overlap (<see cref="Slide"/>).
/// </summary>
public readonly partial struct Layout
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
    /// <exception cref="ShapeException">The shape has no four axes.</exception>
    public static Layout ChannelsLast(in Shape shape)
    {
        ReadOnlySpan<int> sizes = shape.Sizes;
        if (sizes.Length != 4)
        {
            throw new ShapeException("ChannelsLast", $"shape {shape}", "images have the axes [batch, channels, height, width]");
        }

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

    /// <summary>Where an element, counted in row-major order, lies in the storage.</summary>
    internal int OffsetOf(int index)
    {
        int offset = Offset;
        for (int axis = Shape.Rank - 1; axis >= 0; axis--)
        {
            offset += index % Shape.Sizes[axis] * _strides[axis];
            index /= Shape.Sizes[axis];
        }

        return offset;
    }

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
    /// <exception cref="ShapeException">There is not one place for each axis.</exception>
    public void MemoryOrder(Span<int> order)
    {
        EnsureRank("MemoryOrder", order.Length);
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
}
