namespace TinyNet.Core;

/// <summary>Offsets in a tensor of the elements of an index of another shape, the indexed axis left out.</summary>
internal readonly ref struct IndexedWalk
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

    /// <summary>From one element to the next along the indexed axis.</summary>
    public nint AxisStride { get; }

    /// <summary>Where an element of the index, counted in row-major order, is in the tensor at position 0 of the axis.</summary>
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
