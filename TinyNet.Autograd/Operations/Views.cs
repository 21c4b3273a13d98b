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
            return RecordedView.Of("Reshape", x.Layout.TryReshape(shape, out _) ? x : x.Copy(), ViewStep.Reshape(shape));
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
                return RecordedView.Of("Transpose", x, ViewStep.Permute([]));
            }

            int first = x.Shape.Axis(axis0, "Transpose"), second = x.Shape.Axis(axis1, "Transpose");
            Span<int> order = stackalloc int[x.Rank];
            Layout.Exchange(first, second, order);
            return RecordedView.Of("Transpose", x, ViewStep.Permute(order));
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

            return RecordedView.Of("Permute", x, ViewStep.Permute(order));
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

            return RecordedView.Of("Squeeze", x, ViewStep.Reshape(layout.Shape));
        }

        /// <summary>Inserts an axis of size 1 before the given one; −1 appends it.</summary>
        public Tensor Unsqueeze(int axis)
        {
            Operation.Check("Unsqueeze", x);
            int index = axis < 0 ? axis + x.Rank + 1 : axis;
            return (uint)index <= (uint)x.Rank
                ? RecordedView.Of("Unsqueeze", x, ViewStep.Reshape(x.Shape.Insert(index, 1)))
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

            return RecordedView.Of("Expand", x, ViewStep.Expand(shape));
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
            return RecordedView.Of("Slice", x, ViewStep.Slice(index, from, count, step));
        }

        /// <summary>One index along an axis, which is removed; a negative index counts from the end.</summary>
        /// <exception cref="TensorException">The index is out of range.</exception>
        public Tensor Select(int axis, int index)
        {
            Operation.Check("Select", x);
            int at = x.Shape.Axis(axis, "Select"), size = x.Shape.Sizes[at], element = index < 0 ? index + size : index;
            return (uint)element < (uint)size
                ? RecordedView.Of("Select", x, ViewStep.Select(at, element))
                : throw new TensorException("Select", $"index {index} along axis {axis} of shape {x.Shape}",
                    $"indices run from {-size} to {size - 1}");
        }

        /// <summary>The elements at equal indices of two axes; the second axis is removed.</summary>
        internal Tensor Diagonal(int axis0, int axis1) => RecordedView.Of("Diagonal", x, ViewStep.Diagonal(axis0, axis1));

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

            return RecordedView.Of(x.Origin, x, ViewStep.Permute(order), isAlias: true);
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
}
