using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable joining, splitting and rearranging of tensors.</summary>
public static class Joining
{
    private const int MostPieces = 1_000_000;

    extension(Tensor)
    {
        /// <summary>Joins tensors along an axis; their other sizes are equal.</summary>
        /// <exception cref="ArgumentException">There are none.</exception>
        /// <exception cref="ShapeException">Sizes differ, or the result would be larger than any tensor.</exception>
        public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> tensors)
        {
            if (tensors.Length == 0)
            {
                throw new ArgumentException("Concat: no tensors; give at least one", nameof(tensors));
            }

            var first = tensors[0];
            Operation.Check("Concat", first);
            int along = first.Shape.Axis(axis, "Concat");
            long total = 0;
            bool records = false;
            foreach (var tensor in tensors)
            {
                Operation.Check("Concat", first, tensor);
                if (tensor.Rank != first.Rank || tensor.Shape.With(along, 0) != first.Shape.With(along, 0))
                {
                    throw new ShapeException("Concat", $"shapes {first.Shape} and {tensor.Shape} along axis {axis}",
                        "all other sizes must be equal");
                }

                total += tensor.Shape.Sizes[along];
                records |= Tape.Records(tensor);
            }

            if (total > int.MaxValue)
            {
                throw new ShapeException("Concat", $"{tensors.Length} tensors, {total} elements long along axis {axis}",
                    $"a tensor is at most {int.MaxValue} long");
            }

            var y = Tensor.Result("Concat", first.Shape.With(along, (int)total), first.Device);
            int start = 0;
            foreach (var tensor in tensors)
            {
                int count = tensor.Shape.Sizes[along];
                first.Device.Copy(tensor, y.View(y.Layout.Slice(along, start, count, 1), "Concat"));
                start += count;
            }

            if (records)
            {
                var node = ConcatNode.Rent();
                node.Set(along, tensors);
                Tape.Push(node, y);
            }

            return y;
        }

        /// <summary>Joins tensors of one shape along a new axis.</summary>
        /// <exception cref="ArgumentException">There are none.</exception>
        /// <exception cref="ShapeException">Shapes differ.</exception>
        public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> tensors)
        {
            if (tensors.Length == 0)
            {
                throw new ArgumentException("Stack: no tensors; give at least one", nameof(tensors));
            }

            var parts = new Tensor[tensors.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                Operation.Check("Stack", tensors[i]);
                parts[i] = tensors[i].Shape == tensors[0].Shape
                    ? tensors[i].Unsqueeze(axis)
                    : throw new ShapeException("Stack", $"shapes {tensors[0].Shape} and {tensors[i].Shape}", "all shapes must be equal");
            }

            return Tensor.Concat(axis, parts);
        }
    }

    extension(Tensor x)
    {
        /// <summary>Views of consecutive pieces of the given sizes along an axis.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There are more than a million sizes.</exception>
        /// <exception cref="ShapeException">The sizes do not add up to the axis.</exception>
        public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
        {
            Operation.Check("Split", x);
            int along = x.Shape.AxisOrScalar(axis, "Split");
            EnsureFew("Split", sizes.Length, nameof(sizes));
            long total = 0;
            bool hasNegative = false;
            foreach (int size in sizes)
            {
                total += size;
                hasNegative |= size < 0;
            }

            if (hasNegative || total != x.Shape.SizeOrScalar(along))
            {
                throw new ShapeException("Split", $"sizes [{string.Join(", ", sizes.ToArray())}] along axis {axis} of shape {x.Shape}",
                    "sizes must be 0 or more and add up to the axis");
            }

            var pieces = new Tensor[sizes.Length];
            for (int i = 0, start = 0; i < pieces.Length; start += sizes[i++])
            {
                pieces[i] = x.Piece(along, start, start + sizes[i]);
            }

            return pieces;
        }

        /// <summary>Views of consecutive pieces of one size along an axis; the last may be smaller.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or gives more than a million pieces.</exception>
        public Tensor[] Split(int size, int axis = 0)
        {
            Operation.Check("Split", x);
            int along = x.Shape.AxisOrScalar(axis, "Split"), total = x.Shape.SizeOrScalar(along);
            Require.Positive(size);
            int count = total == 0 ? 1 : (total - 1) / size + 1;
            EnsureFew("Split", count, nameof(size));
            var pieces = new Tensor[count];
            for (int i = 0; i < pieces.Length; i++)
            {
                pieces[i] = x.Piece(along, i * size, (int)Math.Min((i + 1L) * size, total));
            }

            return pieces;
        }

        /// <summary>
        /// Splits an axis into at most the given number of pieces of size ⌈size / chunks⌉; an empty axis into that many empty pieces.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or gives more than a million pieces.</exception>
        public Tensor[] Chunk(int chunks, int axis = 0)
        {
            Operation.Check("Chunk", x);
            int size = x.Shape.SizeOrScalar(x.Shape.AxisOrScalar(axis, "Chunk"));
            Require.Positive(chunks);
            EnsureFew("Chunk", size == 0 ? chunks : Math.Min(chunks, size), nameof(chunks));
            return size == 0 ? x.Split(new int[chunks], axis) : x.Split((int)(((long)size + chunks - 1) / chunks), axis);
        }

        /// <summary>Reverses the order along axes.</summary>
        public Tensor Flip(Axes axes)
        {
            Operation.Check("Flip", x);
            axes.Reduce(x.Shape, "Flip");
            var y = x;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (axes.IsAll || Contains(axes, axis, x.Rank))
                {
                    int size = x.Shape.Sizes[axis];
                    y = y.Rearrange("Flip", axis, size, i => size - 1 - i);
                }
            }

            return y;
        }

        /// <summary>Shifts the elements along an axis; what leaves at one end enters at the other.</summary>
        public Tensor Roll(int shift, int axis)
        {
            Operation.Check("Roll", x);
            int size = x.Shape.SizeOrScalar(x.Shape.AxisOrScalar(axis, "Roll"));
            return size == 0 || x.Rank == 0
                ? x
                : x.Rearrange("Roll", axis, size, i => (int)((((long)i - shift) % size + size) % size));
        }

        /// <summary>Repeats the whole tensor along its axes; more factors than axes add leading ones.</summary>
        /// <exception cref="ArgumentOutOfRangeException">A factor is negative.</exception>
        /// <exception cref="ShapeException">There are fewer factors than axes, or the result would be larger than any tensor.</exception>
        public Tensor Repeat(params ReadOnlySpan<int> factors)
        {
            Operation.Check("Repeat", x);
            if (factors.Length < x.Rank)
            {
                throw new ShapeException("Repeat", $"{factors.Length} factors for shape {x.Shape}", "give at least one factor an axis");
            }

            var y = x;
            while (y.Rank < factors.Length)
            {
                y = y.Unsqueeze(0);
            }

            for (int axis = 0; axis < factors.Length; axis++)
            {
                int size = y.Shape[axis], factor = Require.NotNegative(factors[axis], nameof(factors));
                if (factor != 1)
                {
                    int repeated = y.Shape.With(axis, Shape.Product(size, factor, "Repeat")).Sizes[axis];
                    y = y.Rearrange("Repeat", axis, repeated, i => i % size);
                }
            }

            return y;
        }

        /// <summary>The lower triangle of the last two axes: 0 above the given diagonal.</summary>
        public Tensor LowerTriangle(int diagonal = 0) => x.Triangle("LowerTriangle", diagonal, lower: true);

        /// <summary>The upper triangle of the last two axes: 0 below the given diagonal.</summary>
        public Tensor UpperTriangle(int diagonal = 0) => x.Triangle("UpperTriangle", diagonal, lower: false);

        /// <summary>A piece of an axis; of a scalar, itself or nothing.</summary>
        private Tensor Piece(int along, int start, int stop) =>
            x.Rank > 0 ? x.Slice(along, start, stop) : stop > start ? x : x.Unsqueeze(0).Slice(0, 0, 0);

        private Tensor Triangle(string name, int diagonal, bool lower)
        {
            Operation.Check(name, x);
            if (x.Rank < 2)
            {
                throw new ShapeException(name, $"shape {x.Shape}", "a triangle needs at least two axes");
            }

            int rows = x.Shape[-2], columns = x.Shape[-1];
            float[] mask = Allocation.OnHost<float>([rows, columns], name);
            for (int i = 0; i < mask.Length; i++)
            {
                long beyond = (long)(i % columns) - i / columns - diagonal;
                mask[i] = (lower ? beyond > 0 : beyond < 0) ? 1 : 0;
            }

            return x.MaskedFill(Tensor.From(mask, [rows, columns], x.Device), 0);
        }

        /// <summary>Picks indices along an axis by a rule: element i of the result is element source(i) of x.</summary>
        internal Tensor Rearrange(string name, int axis, int count, Func<int, int> source)
        {
            var index = IndexTensor.Result(name, [count]);
            var values = index.Overwrite(name);
            for (int i = 0; i < count; i++)
            {
                values[i] = source(i);
            }

            return x.IndexSelect(axis, index);
        }
    }

    /// <summary>Refuses more pieces than anybody wants: each is an object, so that they would fill the memory.</summary>
    private static void EnsureFew(string operation, int pieces, string argument)
    {
        if (pieces > MostPieces)
        {
            throw new ArgumentOutOfRangeException(argument, $"{operation}: {pieces} pieces; there can be {MostPieces}");
        }
    }

    private static bool Contains(in Axes axes, int axis, int rank)
    {
        foreach (int given in axes)
        {
            if (given == axis || given + rank == axis)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class ConcatNode : PooledNode<ConcatNode>
    {
        private readonly List<(Edge Edge, int Start, int Count)> _parts = [];
        private int _axis;

        public void Set(int axis, ReadOnlySpan<Tensor> tensors)
        {
            _axis = axis;
            int start = 0;
            foreach (var tensor in tensors)
            {
                int count = tensor.Shape.Sizes[axis];
                _parts.Add((new Edge(tensor), start, count));
                start += count;
            }
        }

        public override void Backward(Tensor gradient)
        {
            foreach (var (edge, start, count) in _parts)
            {
                edge.Pass(gradient.View(gradient.Layout.Slice(_axis, start, count, 1), Operation));
            }
        }

        protected override void Clear() => _parts.Clear();
    }
}
