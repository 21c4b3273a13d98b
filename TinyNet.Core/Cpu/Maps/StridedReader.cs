using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// An operand of an element-wise loop: the elements of a strided layout, broadcast to a shape, by their row-major index.
/// Axes that lie densely behind each other are merged, so most operands end up dense or with one or two axes.
/// </summary>
internal unsafe struct StridedReader
{
    private readonly float* _pointer;
    private readonly int _rank;
    private AxisValues _sizes, _strides;

    private StridedReader(float* pointer, in Layout layout)
    {
        _pointer = pointer + layout.Offset;
        _rank = 0;
        var sizes = layout.Shape.Sizes;
        var strides = layout.Strides;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] == 1)
            {
                continue;
            }

            if (_rank > 0 && _strides[_rank - 1] == strides[axis] * sizes[axis])
            {
                _sizes[_rank - 1] *= sizes[axis];
                _strides[_rank - 1] = strides[axis];
            }
            else
            {
                _sizes[_rank] = sizes[axis];
                _strides[_rank++] = strides[axis];
            }
        }

        IsDense = _rank == 0 || (_rank == 1 && _strides[0] == 1);
    }

    /// <summary>The elements of a tensor.</summary>
    public static StridedReader Of(Tensor tensor) => new(Unsafe.As<CpuStorage>(tensor.Storage).Pointer, tensor.Layout);

    /// <summary>The elements of an operand, broadcast to the shape of a destination, in the order in which that lies in memory.</summary>
    public static StridedReader Of(Tensor tensor, Tensor destination)
    {
        float* pointer = Unsafe.As<CpuStorage>(tensor.Storage).Pointer;
        bool isExpanded = !tensor.Shape.Equals(destination.Shape);
        if (destination.IsContiguous)
        {
            return new(pointer, isExpanded ? tensor.Layout.Expand(destination.Shape) : tensor.Layout);
        }

        Span<int> order = stackalloc int[destination.Rank];
        destination.Layout.MemoryOrder(order);
        return new(pointer, (isExpanded ? tensor.Layout.Expand(destination.Shape) : tensor.Layout).Permute(order));
    }

    /// <summary>Whether element i is simply at <c>Dense[i]</c>.</summary>
    public bool IsDense { get; }

    /// <summary>The first element of a dense operand.</summary>
    public readonly float* Dense => _pointer;

    /// <summary>
    /// Whether this is a batch of matrices whose columns are dense: then element (i, row, column) is at row + column · columnStride from
    /// the start of matrix i. Matrices have columns.
    /// </summary>
    public readonly bool IsTransposed(out int matrices, out nint matrixStride, out int rows, out int columns, out nint columnStride)
    {
        bool isTransposed = _rank is 2 or 3 && _strides[_rank - 2] == 1 && _strides[_rank - 1] > 1 && _sizes[_rank - 1] > 0;
        (rows, columns, columnStride) = isTransposed ? (_sizes[_rank - 2], _sizes[_rank - 1], _strides[_rank - 1]) : (0, 0, 0);
        (matrices, matrixStride) = _rank == 3 ? (_sizes[0], _strides[0]) : (1, 0);
        return isTransposed;
    }

    /// <summary>Copies a run of elements to dense memory.</summary>
    public readonly void Gather(int start, int count, float* destination) => Transfer(start, count, destination, scatter: false);

    /// <summary>Copies dense memory to a run of elements.</summary>
    public readonly void Scatter(int start, int count, float* source) => Transfer(start, count, source, scatter: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Transfer(int start, int count, float* dense, bool scatter)
    {
        if (_rank == 0)
        {
            *(scatter ? _pointer : dense) = *(scatter ? dense : _pointer);
            return;
        }

        AxisValues index = default;
        float* row = _pointer;
        int rest = start, inner = _rank - 1;
        for (int axis = inner; axis >= 0; axis--)
        {
            index[axis] = rest % _sizes[axis];
            rest /= _sizes[axis];
            row += (nint)index[axis] * _strides[axis];
        }

        nint stride = _strides[inner];
        while (true)
        {
            int run = Math.Min(_sizes[inner] - index[inner], count);
            if (scatter)
            {
                for (int i = 0; i < run; i++)
                {
                    row[i * stride] = dense[i];
                }
            }
            else if (stride == 1)
            {
                new ReadOnlySpan<float>(row, run).CopyTo(new Span<float>(dense, run));
            }
            else if (stride == 0)
            {
                new Span<float>(dense, run).Fill(*row);
            }
            else
            {
                for (int i = 0; i < run; i++)
                {
                    dense[i] = row[i * stride];
                }
            }

            dense += run;
            count -= run;
            if (count == 0)
            {
                return;
            }

            // The next row: back to the start of the inner axis, then one step along the axes outside, with carry.
            row -= index[inner] * stride;
            index[inner] = 0;
            for (int axis = inner - 1; axis >= 0; axis--)
            {
                row += _strides[axis];
                if (++index[axis] < _sizes[axis])
                {
                    break;
                }

                row -= (nint)_sizes[axis] * _strides[axis];
                index[axis] = 0;
            }
        }
    }
}
