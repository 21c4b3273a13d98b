using System.Buffers;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Comparisons of indices, whose results are masks of 0 and 1.</summary>
public static class IndexComparisons
{
    extension(IndexTensor x)
    {
        /// <summary>1 where x = other, else 0, after broadcasting.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor IsEqual(IndexTensor other, Device? device = null) => Compare("IsEqual", x, other, equal: 1, device);

        /// <summary>1 where x is the number, else 0.</summary>
        public Tensor IsEqual(int other, Device? device = null) => Compare("IsEqual", x, other, equal: 1, device);

        /// <summary>1 where x ≠ other, else 0, after broadcasting.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor IsNotEqual(IndexTensor other, Device? device = null) => Compare("IsNotEqual", x, other, equal: 0, device);

        /// <summary>1 where x is another number, else 0: of tokens what is no padding, say.</summary>
        public Tensor IsNotEqual(int other, Device? device = null) => Compare("IsNotEqual", x, other, equal: 0, device);
    }

    private static Tensor Compare(string name, IndexTensor x, int other, int equal, Device? device)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Mask(name, x.Shape, x.Read(name), new Layout(x.Shape), [other], new Layout(default(Shape)).Expand(x.Shape), equal, device);
    }

    private static Tensor Compare(string name, IndexTensor x, IndexTensor other, int equal, Device? device)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(other);
        var shape = Shape.Broadcast(x.Shape, other.Shape, name);
        Layout ofX = new Layout(x.Shape).Expand(shape), ofOther = new Layout(other.Shape).Expand(shape);
        return Mask(name, shape, x.Read(name), ofX, other.Read(name), ofOther, equal, device);
    }

    private static Tensor Mask(
        string name, in Shape shape, ReadOnlySpan<int> x, in Layout ofX, ReadOnlySpan<int> other, in Layout ofOther, int equal,
        Device? device)
    {
        var mask = Tensor.Result(name, shape, device ?? Device.Default);
        float[] values = Allocation.RentOnHost<float>(shape.Length, name);
        for (int i = 0; i < shape.Length; i++)
        {
            values[i] = x[ofX.OffsetOf(i)] == other[ofOther.OffsetOf(i)] ? equal : 1 - equal;
        }

        mask.Device.Upload(values.AsSpan(0, shape.Length), mask);
        ArrayPool<float>.Shared.Return(values);
        AttentionMasks.MarkZerosAndOnes(mask);
        return mask;
    }
}
