using System.Buffers;

namespace TinyNet.Core;

// The default sorts on the host, where the indices lie.
public abstract partial class Device
{
    /// <summary>
    /// Which elements come first along an axis when they are sorted: as many as there is room for in the indices. Equal ones keep their
    /// order; nan counts as the largest.
    /// </summary>
    /// <param name="x">The elements.</param>
    /// <param name="axis">The axis along which they are sorted.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <param name="indices">The indices: the shape of x with the axis as long or shorter, in row-major order.</param>
    protected internal virtual void ArgSort(Tensor x, int axis, bool descending, IndexTensor indices)
    {
        int length = x.Shape.Sizes[axis], count = indices.Shape.Sizes[axis], inner = 1;
        for (int i = axis + 1; i < x.Rank; i++)
        {
            inner *= x.Shape.Sizes[i];
        }

        if (indices.Length == 0)
        {
            return;
        }

        float[] values = Allocation.RentOnHost<float>(x.Length, "ArgSort");
        var keys = Allocation.RentOnHost<SortKey>(length, "ArgSort");
        Download(x, values.AsSpan(0, x.Length));
        var results = indices.Overwrite("ArgSort");
        for (int outer = 0; outer < x.Length / length / inner; outer++)
        {
            for (int i = 0; i < inner; i++)
            {
                for (int k = 0; k < length; k++)
                {
                    keys[k] = SortKey.Of(values[(outer * length + k) * inner + i], k, descending);
                }

                SortKey.SortFirst(keys.AsSpan(0, length), count);
                SortKey.WriteIndices(keys.AsSpan(0, count), results[(outer * count * inner + i)..], inner);
            }
        }

        ArrayPool<SortKey>.Shared.Return(keys);
        ArrayPool<float>.Shared.Return(values);
    }
}
