using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable views: other shapes and strides over the same elements, without a copy.</summary>
public static class Views
{
    extension(Tensor x)
    {
        /// <summary>
        /// The same elements in the same order under another shape; one size may be −1 and is computed. Copies only where strides
        /// demand it.
        /// </summary>
        /// <exception cref="ShapeException">The number of elements differs.</exception>
        public Tensor Reshape(params ReadOnlySpan<int> sizes)
        {
            Operation.Check("Reshape", x);
            var shape = Resolve(x.Shape, sizes);
            return View("Reshape", x.Layout.TryReshape(shape, out _) ? x : x.Copy(), ViewStep.Reshape(shape));
        }

        /// <summary>Merges the axes from the first to the last given one, inclusive.</summary>
        public Tensor Flatten(int startAxis = 0, int endAxis = -1)
        {
            Operation.Check("Flatten", x);
            if (x.Rank == 0)
            {
                return x.Reshape(1);
            }

            int start = x.Shape.Axis(startAxis, "Flatten"), end = x.Shape.Axis(endAxis, "Flatten");
            if (start > end)
            {
                throw new ShapeException("Flatten", $"axes {startAxis} to {endAxis} of shape {x.Shape}",
                    "the first axis must not lie behind the last");
            }

            Span<int> sizes = stackalloc int[x.Rank - (end - start)];
            int merged = 1;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                int size = x.Shape.Sizes[axis];
                merged *= axis >= start && axis <= end ? size : 1;
                if (axis < start)
                {
                    sizes[axis] = size;
                }
                else if (axis > end)
                {
                    sizes[axis - (end - start)] = size;
                }
            }

            sizes[start] = merged;
            return x.Reshape(sizes);
        }

        /// <summary>Exchanges two axes.</summary>
        public Tensor Transpose(int axis0 = -2, int axis1 = -1)
        {
            Operation.Check("Transpose", x);
            if (x.Rank == 0)
            {
                Operation.CheckScalarAxis("Transpose", axis0);
                Operation.CheckScalarAxis("Transpose", axis1);
                return View("Transpose", x, ViewStep.Permute([]));
            }

            int first = x.Shape.Axis(axis0, "Transpose"), second = x.Shape.Axis(axis1, "Transpose");
            Span<int> order = stackalloc int[x.Rank];
            Layout.Exchange(first, second, order);
            return View("Transpose", x, ViewStep.Permute(order));
        }

        /// <summary>Reorders the axes: axis k of the result is the given axis k of x.</summary>
        /// <exception cref="ShapeException">Not every axis is named once.</exception>
        public Tensor Permute(params ReadOnlySpan<int> axes)
        {
            Operation.Check("Permute", x);
            EnsureRank("Permute", axes);
            Span<int> order = stackalloc int[axes.Length];
            int seen = 0;
            for (int i = 0; i < axes.Length; i++)
            {
                order[i] = x.Shape.Axis(axes[i], "Permute");
                seen |= 1 << order[i];
            }

            if (axes.Length != x.Rank || seen != (1 << x.Rank) - 1)
            {
                throw new ShapeException("Permute", $"axes {new Shape(order)} for a tensor of shape {x.Shape}",
                    "name every axis exactly once");
            }

            return View("Permute", x, ViewStep.Permute(order));
        }

        /// <summary>Removes an axis if its size is 1; without argument every such axis.</summary>
        public Tensor Squeeze(int? axis = null)
        {
            Operation.Check("Squeeze", x);
            if (x.Rank == 0)
            {
                Operation.CheckScalarAxis("Squeeze", axis ?? 0);
                axis = null;
            }

            var layout = x.Layout;
            int only = axis is { } given ? x.Shape.Axis(given, "Squeeze") : -1;
            for (int i = x.Rank - 1; i >= 0; i--)
            {
                if (x.Shape.Sizes[i] == 1 && (only < 0 || i == only))
                {
                    layout = layout.Squeeze(i);
                }
            }

            return View("Squeeze", x, ViewStep.Reshape(layout.Shape));
        }

        /// <summary>Inserts an axis of size 1 before the given one; −1 appends it.</summary>
        public Tensor Unsqueeze(int axis)
        {
            Operation.Check("Unsqueeze", x);
            int index = axis < 0 ? axis + x.Rank + 1 : axis;
            return (uint)index <= (uint)x.Rank
                ? View("Unsqueeze", x, ViewStep.Reshape(x.Shape.Insert(index, 1)))
                : throw new ShapeException("Unsqueeze", $"axis {axis} for shape {x.Shape}",
                    $"a new axis can be at {-x.Rank - 1} to {x.Rank}");
        }

        /// <summary>Stretches axes of size 1 and adds leading ones; −1 keeps a size. No copy is made.</summary>
        /// <exception cref="ShapeException">An axis of another size than 1 would have to stretch.</exception>
        public Tensor Expand(params ReadOnlySpan<int> sizes)
        {
            Operation.Check("Expand", x);
            EnsureRank("Expand", sizes);
            Span<int> resolved = stackalloc int[sizes.Length];
            int added = sizes.Length - x.Rank;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                resolved[axis] = sizes[axis] != -1 ? sizes[axis] : axis >= added ? x.Shape.Sizes[axis - added]
                    : throw new ShapeException("Expand", $"size -1 for new axis {axis}", "a new axis needs a size");
            }

            var shape = new Shape(resolved);
            if (added < 0 || Shape.Broadcast(x.Shape, shape, "Expand") != shape)
            {
                throw new ShapeException("Expand", $"shape {x.Shape} does not stretch to {shape}", "only axes of size 1 stretch");
            }

            return View("Expand", x, ViewStep.Expand(shape));
        }

        /// <summary>
        /// Every step-th index from start up to stop, exclusive, along an axis. As in Python, negative bounds count from the end and
        /// bounds outside are clipped.
        /// </summary>
        /// <exception cref="TensorException">The step is not positive.</exception>
        public Tensor Slice(int axis, int? start = null, int? stop = null, int step = 1)
        {
            Operation.Check("Slice", x);
            int index = x.Shape.Axis(axis, "Slice"), size = x.Shape.Sizes[index];
            if (step < 1)
            {
                throw new TensorException("Slice", $"step {step} along axis {axis} of shape {x.Shape}",
                    "steps are 1 or more; use Flip to reverse");
            }

            int from = Bound(start ?? 0, size), to = Bound(stop ?? size, size);
            int count = to <= from ? 0 : (to - from - 1) / step + 1;
            return View("Slice", x, ViewStep.Slice(index, from, count, step));
        }

        /// <summary>One index along an axis, which is removed; a negative index counts from the end.</summary>
        /// <exception cref="TensorException">The index is out of range.</exception>
        public Tensor Select(int axis, int index)
        {
            Operation.Check("Select", x);
            int at = x.Shape.Axis(axis, "Select"), size = x.Shape.Sizes[at], element = index < 0 ? index + size : index;
            return (uint)element < (uint)size
                ? View("Select", x, ViewStep.Select(at, element))
                : throw new TensorException("Select", $"index {index} along axis {axis} of shape {x.Shape}",
                    $"indices run from {-size} to {size - 1}");
        }

        /// <summary>The elements at equal indices of two axes; the second axis is removed.</summary>
        internal Tensor Diagonal(int axis0, int axis1) => View("Diagonal", x, ViewStep.Diagonal(axis0, axis1));

        /// <summary>
        /// Another tensor over the same elements, with a history of its own: its gradient is what flows to x through it alone.
        /// </summary>
        internal Tensor Alias()
        {
            Operation.Check(x.Origin, x);
            Span<int> order = stackalloc int[x.Rank];
            for (int axis = 0; axis < order.Length; axis++)
            {
                order[axis] = axis;
            }

            return View(x.Origin, x, ViewStep.Permute(order), isAlias: true);
        }

        /// <summary>x itself where its elements lie densely in row-major order, else a copy that does.</summary>
        public Tensor Contiguous()
        {
            Operation.Check("Contiguous", x);
            return x.IsContiguous ? x : x.Copy();
        }

        /// <summary>A copy in row-major order, with history.</summary>
        public Tensor Copy() => ElementwiseOperations.Apply(x, new IdentityOp(), "Copy", rowMajor: true);

        /// <summary>The same elements without history: no gradient flows through.</summary>
        public Tensor Detach()
        {
            Operation.Check("Detach", x);
            return x.View(x.Layout, "Detach");
        }
    }

    private static int Bound(int bound, int size) => Math.Clamp(bound < 0 ? bound + size : bound, 0, size);

    private static void EnsureRank(string operation, ReadOnlySpan<int> values)
    {
        if (values.Length > Shape.MaxRank)
        {
            throw new ShapeException(operation, $"{values.Length} axes", $"a tensor has at most {Shape.MaxRank}");
        }
    }

    private static Shape Resolve(in Shape from, ReadOnlySpan<int> sizes)
    {
        EnsureRank("Reshape", sizes);
        Span<int> resolved = stackalloc int[sizes.Length];
        sizes.CopyTo(resolved);
        long known = 1;
        int open = -1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] == -1 && open < 0)
            {
                open = axis;
            }
            else
            {
                known *= sizes[axis];
            }
        }

        if (open >= 0 && known > 0 && from.Length % known == 0)
        {
            resolved[open] = (int)(from.Length / known);
            known *= resolved[open];
        }

        return known == from.Length && (open < 0 || resolved[open] >= 0)
            ? new Shape(resolved)
            : throw new ShapeException("Reshape",
                $"{from.Length} elements of shape {from} do not fill [{string.Join(", ", sizes.ToArray())}]",
                "keep the number of elements; at most one size may be -1");
    }

    private static Tensor View(string name, Tensor x, in ViewStep step, bool isAlias = false)
    {
        var y = x.View(step.Apply(x.Layout), name);
        if (Tape.Records(x))
        {
            var node = Node<ViewRule>.Rent();
            node.Rule.Set(node, x, step);
            Tape.Push(node, y, isAlias);
        }

        return y;
    }

    /// <summary>How a view is made of any layout: once of the operand's, and again of its gradient's.</summary>
    private readonly struct ViewStep
    {
        private readonly Shape _values;
        private readonly int _axis, _start, _count, _stride;

        private ViewStep(Kind kind, in Shape values, int axis = 0, int start = 0, int count = 0, int stride = 0)
        {
            Way = kind;
            _values = values;
            (_axis, _start, _count, _stride) = (axis, start, count, stride);
        }

        public enum Kind
        {
            Permute,
            Reshape,
            Expand,
            Slice,
            Select,
            Diagonal,
        }

        public Kind Way { get; }

        public static ViewStep Permute(ReadOnlySpan<int> order) => new(Kind.Permute, new Shape(order));

        public static ViewStep Reshape(in Shape shape) => new(Kind.Reshape, shape);

        public static ViewStep Expand(in Shape shape) => new(Kind.Expand, shape);

        public static ViewStep Slice(int axis, int start, int count, int stride) => new(Kind.Slice, default, axis, start, count, stride);

        public static ViewStep Select(int axis, int index) => new(Kind.Select, default, axis, index);

        public static ViewStep Diagonal(int axis0, int axis1) => new(Kind.Diagonal, default, axis0, axis1);

        public Layout Apply(in Layout layout)
        {
            switch (Way)
            {
                case Kind.Permute:
                    return layout.Permute(_values.Sizes);
                case Kind.Expand:
                    return layout.Expand(_values);
                case Kind.Slice:
                    return layout.Slice(_axis, _start, _count, _stride);
                case Kind.Select:
                    return layout.Select(_axis, _start);
                case Kind.Diagonal:
                    return layout.Diagonal(_axis, _start);
                default:
                    layout.TryReshape(_values, out var reshaped);
                    return reshaped;
            }
        }

        /// <summary>The layout that a permutation undone gives.</summary>
        public Layout Undo(in Layout layout)
        {
            Span<int> inverse = stackalloc int[_values.Rank];
            for (int axis = 0; axis < inverse.Length; axis++)
            {
                inverse[_values.Sizes[axis]] = axis;
            }

            return layout.Permute(inverse);
        }
    }

    /// <summary>The gradient of a view is a view of the gradient, except where elements repeat (a sum) or are left out (zeros).</summary>
    private struct ViewRule : IGradientRule
    {
        private Edge _x;
        private ViewStep _step;

        public void Set(Node node, Tensor x, in ViewStep step) => (_x, _step) = (new Edge(x), step);

        public readonly void Backward(Node node, Tensor gradient)
        {
            switch (_step.Way)
            {
                case ViewStep.Kind.Permute:
                    _x.Pass(gradient.View(_step.Undo(gradient.Layout), node.Operation));
                    break;
                case ViewStep.Kind.Reshape when gradient.Layout.TryReshape(_x.Shape, out var reshaped):
                    _x.Pass(gradient.View(reshaped, node.Operation));
                    break;
                case ViewStep.Kind.Reshape:
                    var dense = Tensor.Result(node.Operation, node.Shape, node.Device);
                    node.Device.Copy(gradient, dense);
                    _x.Pass(dense.View(new Layout(_x.Shape), node.Operation));
                    Node.Drop(dense);
                    break;
                case ViewStep.Kind.Expand:
                    _x.PassBroadcast(gradient);
                    break;
                default:
                    var own = _x.Own();
                    var region = own.View(_step.Apply(own.Layout), node.Operation);
                    node.Device.Map(new SumMap(), region, gradient, region);
                    break;
            }
        }
    }
}
