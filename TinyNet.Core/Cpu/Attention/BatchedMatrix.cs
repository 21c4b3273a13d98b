namespace TinyNet.Core;

/// <summary>A strided matrix for every index of the leading axes of a tensor. A null tensor gives null pointers.</summary>
internal unsafe struct BatchedMatrix
{
    private readonly float* _pointer;
    private readonly nint _rowStride, _columnStride;
    private readonly int _batchRank;
    private AxisValues _sizes, _strides;

    public BatchedMatrix(Tensor? tensor)
    {
        if (tensor is null)
        {
            return;
        }

        _pointer = tensor.Pointer();
        _batchRank = tensor.Rank - 2;
        var strides = tensor.Layout.Strides;
        (_rowStride, _columnStride) = (strides[_batchRank], strides[_batchRank + 1]);
        for (int axis = 0; axis < _batchRank; axis++)
        {
            (_sizes[axis], _strides[axis]) = (tensor.Shape.Sizes[axis], strides[axis]);
        }
    }

    /// <summary>Whether there is one.</summary>
    public readonly bool IsSet => _pointer != null;

    /// <summary>A matrix, from a row on.</summary>
    public readonly MatrixOperand At(int matrix, int row)
    {
        if (_pointer == null)
        {
            return default;
        }

        nint offset = row * _rowStride;
        for (int axis = _batchRank - 1; axis >= 0; axis--)
        {
            (matrix, int index) = Math.DivRem(matrix, _sizes[axis]);
            offset += (nint)index * _strides[axis];
        }

        return new MatrixOperand(_pointer + offset, _rowStride, _columnStride);
    }
}
