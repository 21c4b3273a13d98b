using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable picking of elements by integer indices.</summary>
public static class Indexing
{
    extension(Tensor x)
    {
        /// <summary>The slices of x at the given indices along an axis; indices may repeat, their gradients add up.</summary>
        /// <exception cref="ShapeException">The index is no vector.</exception>
        /// <exception cref="TensorException">An entry is out of range.</exception>
        public Tensor IndexSelect(int axis, IndexTensor index)
        {
            Operation.Check("IndexSelect", x);
            ArgumentNullException.ThrowIfNull(index);
            int along = x.Shape.AxisOrScalar(axis, "IndexSelect");
            if (x.Rank == 0 && index.Length == 1)
            {
                return x.Unsqueeze(0).IndexSelect(0, index).Squeeze(0);
            }

            if (index.Rank != 1 || x.Rank == 0)
            {
                throw new ShapeException("IndexSelect", $"indices of shape {index.Shape} for a tensor of shape {x.Shape}",
                    x.Rank == 0 ? "a scalar has one element: give one index" : "give a vector of indices; Gather takes more axes");
            }

            index.EnsureInRange(x.Shape.Sizes[along], "IndexSelect", "index");
            var y = Tensor.Result("IndexSelect", x.Shape.With(along, index.Length), x.Device);
            if (y.Length > 0)
            {
                x.Device.IndexSelect(x, along, index, y);
            }

            if (Tape.Records(x))
            {
                var node = Node<IndexRule>.Rent();
                node.Rule.Set(node, x, along, index, isGather: false);
                Tape.Push(node, y);
            }

            return y;
        }

        /// <summary>y[i, j, k] = x[index[i, j, k], j, k] (for axis 0): one element of x for every index.</summary>
        /// <exception cref="ShapeException">The ranks differ, or the index is larger than x along another axis.</exception>
        /// <exception cref="TensorException">An entry is out of range.</exception>
        public Tensor Gather(int axis, IndexTensor index)
        {
            Operation.Check("Gather", x);
            ArgumentNullException.ThrowIfNull(index);
            if (x.Rank == 0 && index.Rank == 0)
            {
                Operation.CheckScalarAxis("Gather", axis);
                return x.Unsqueeze(0).Gather(0, index.Reshape([1])).Squeeze(0);
            }

            int along = x.Shape.Axis(axis, "Gather");
            EnsureWithin("Gather", x.Shape, along, index);
            var y = Tensor.Result("Gather", index.Shape, x.Device);
            x.Device.Gather(x, along, index, y);
            if (Tape.Records(x))
            {
                var node = Node<IndexRule>.Rent();
                node.Rule.Set(node, x, along, index, isGather: true);
                Tape.Push(node, y);
            }

            return y;
        }

        /// <summary>A copy of x to which y[index[i, j, k], j, k] += source[i, j, k] (for axis 0) is done; indices may repeat.</summary>
        /// <exception cref="ShapeException">The ranks differ, or the index is larger than source or x.</exception>
        /// <exception cref="TensorException">An entry is out of range.</exception>
        public Tensor ScatterAdd(int axis, IndexTensor index, Tensor source)
        {
            Operation.Check("ScatterAdd", x, source);
            ArgumentNullException.ThrowIfNull(index);
            if (x.Rank == 0 && index.Rank == 0 && source.Rank == 0)
            {
                Operation.CheckScalarAxis("ScatterAdd", axis);
                return x.Unsqueeze(0).ScatterAdd(0, index.Reshape([1]), source.Unsqueeze(0)).Squeeze(0);
            }

            int along = x.Shape.Axis(axis, "ScatterAdd");
            EnsureWithin("ScatterAdd", x.Shape, along, index);
            for (int i = 0; i < index.Rank || source.Rank != index.Rank; i++)
            {
                if (source.Rank != index.Rank || index.Shape.Sizes[i] > source.Shape.Sizes[i])
                {
                    throw new ShapeException("ScatterAdd", $"indices of shape {index.Shape} for a source of shape {source.Shape}",
                        "the source must be at least as large as the index along every axis");
                }
            }

            var y = Tensor.Result("ScatterAdd", x.Shape, x.Device);
            x.Device.Copy(x, y);
            x.Device.ScatterAdd(source, along, index, y);
            if (Tape.Records(x, source))
            {
                var node = Node<ScatterRule>.Rent();
                node.Rule.Set(node, x, source, along, index);
                Tape.Push(node, y);
            }

            Tape.CheckResult(y);
            return y;
        }
    }

    extension(IndexTensor index)
    {
        /// <summary>1 at the index along a new last axis of the given size, 0 elsewhere.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number of classes is negative.</exception>
        /// <exception cref="TensorException">An entry is out of range.</exception>
        public Tensor OneHot(int classes, Device? device = null)
        {
            ArgumentNullException.ThrowIfNull(index);
            Require.NotNegative(classes);
            index.EnsureInRange(classes, "OneHot", "class");
            device ??= Device.Default;
            Tensor flat = Tensor.Result("OneHot", [index.Length, classes], device),
                ones = Tensor.Result("OneHot", [index.Length, 1], device);
            device.Fill(flat, 0);
            device.Fill(ones, 1);
            device.ScatterAdd(ones, 1, index.Reshape([index.Length, 1]), flat);
            return flat.Reshape(index.Shape.Insert(index.Rank, classes).Sizes);
        }
    }

    private static void EnsureWithin(string operation, in Shape shape, int axis, IndexTensor index)
    {
        for (int i = 0; i < shape.Rank; i++)
        {
            if (index.Rank != shape.Rank || (i != axis && index.Shape.Sizes[i] > shape.Sizes[i]))
            {
                throw new ShapeException(operation, $"indices of shape {index.Shape} for a tensor of shape {shape}, axis {axis}",
                    "the index needs the same rank and must not be larger along the other axes");
            }
        }

        index.EnsureInRange(shape.Sizes[axis], operation, "index");
    }

    /// <summary>The gradient of picked elements is added where they were picked.</summary>
    private struct IndexRule : IGradientRule
    {
        private Edge _x;
        private int _axis;
        private IndexTensor? _index;
        private bool _isGather;

        public void Set(Node node, Tensor x, int axis, IndexTensor index, bool isGather) =>
            (_x, _axis, _index, _isGather) = (new Edge(x), axis, index, isGather);

        public readonly void Backward(Node node, Tensor gradient)
        {
            var own = _x.Own();
            if (_isGather)
            {
                node.Device.ScatterAdd(gradient, _axis, _index!, own);
            }
            else
            {
                node.Device.IndexAdd(gradient, _axis, _index!, own);
            }
        }
    }

    private struct ScatterRule : IGradientRule
    {
        private Edge _x, _source;
        private int _axis;
        private IndexTensor? _index;

        public void Set(Node node, Tensor x, Tensor source, int axis, IndexTensor index) =>
            (_x, _source, _axis, _index) = (new Edge(x), new Edge(source), axis, index);

        public readonly void Backward(Node node, Tensor gradient)
        {
            _x.Pass(gradient);
            if (_source.IsNeeded)
            {
                var picked = Tensor.Result(node.Operation, _index!.Shape, node.Device);
                node.Device.Gather(gradient, _axis, _index, picked);
                var own = _source.Own();
                var layout = own.Layout;
                for (int axis = 0; axis < picked.Rank; axis++)
                {
                    layout = layout.Slice(axis, 0, picked.Shape.Sizes[axis], 1);
                }

                var region = own.View(layout, node.Operation);
                node.Device.Map(new SumMap(), region, picked, region);
                Node.Drop(picked);
            }
        }
    }
}
