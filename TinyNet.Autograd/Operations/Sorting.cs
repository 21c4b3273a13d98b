using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Elements in their order along an axis. Equal ones keep the order in which they stood; nan counts as the largest, as in PyTorch. The
/// gradient goes back to where the elements came from. What is sorted is the axis: n log n comparisons for n elements.
/// </summary>
public static class Sorting
{
    extension(Tensor x)
    {
        /// <summary>The elements along an axis, sorted, and where they stood.</summary>
        /// <param name="axis">The axis; the last by default.</param>
        /// <param name="descending">Whether the largest comes first.</param>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public (Tensor Values, IndexTensor Indices) Sort(int axis = -1, bool descending = false)
        {
            Operation.Check("Sort", x);
            int along = x.Shape.AxisOrScalar(axis, "Sort");
            return Pick("Sort", x, along, x.Shape.SizeOrScalar(along), descending);
        }

        /// <summary>Where the elements along an axis would stand if they were sorted: y[i] is the index of the one at place i.</summary>
        /// <param name="axis">The axis; the last by default.</param>
        /// <param name="descending">Whether the largest comes first.</param>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public IndexTensor ArgSort(int axis = -1, bool descending = false)
        {
            Operation.Check("ArgSort", x);
            int along = x.Shape.AxisOrScalar(axis, "ArgSort");
            return Order("ArgSort", x, along, x.Shape.SizeOrScalar(along), descending);
        }

        /// <summary>The largest elements along an axis, from the largest on, and where they stood; or the smallest.</summary>
        /// <param name="count">How many.</param>
        /// <param name="axis">The axis; the last by default.</param>
        /// <param name="largest">Whether the largest are wanted, else the smallest.</param>
        /// <exception cref="ArgumentOutOfRangeException">The count is negative, or larger than the axis is long.</exception>
        /// <exception cref="ShapeException">There is no such axis, or no element of a scalar is asked for.</exception>
        public (Tensor Values, IndexTensor Indices) TopK(int count, int axis = -1, bool largest = true)
        {
            Operation.Check("TopK", x);
            int along = x.Shape.AxisOrScalar(axis, "TopK");
            Require.Between(0, x.Shape.SizeOrScalar(along), count);
            return Pick("TopK", x, along, count, descending: largest);
        }
    }

    private static (Tensor Values, IndexTensor Indices) Pick(string name, Tensor x, int axis, int count, bool descending)
    {
        var indices = Order(name, x, axis, count, descending);
        return (x.Rank == 0 ? x.Copy() : x.Gather(axis, indices), indices);
    }

    private static IndexTensor Order(string name, Tensor x, int axis, int count, bool descending)
    {
        if (x.Rank == 0)
        {
            var first = count == 1 ? IndexTensor.Result(name, [])
                : throw new ShapeException(name, "no element of a scalar", "a scalar has one element, and stays one");
            first.Overwrite(name)[0] = 0;
            return first;
        }

        var indices = IndexTensor.Result(name, x.Shape.With(axis, count));
        x.Device.ArgSort(x, axis, descending, indices);
        return indices;
    }
}
