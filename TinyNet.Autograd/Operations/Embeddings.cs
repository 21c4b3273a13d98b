using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable look-up of rows of a table.</summary>
public static class Embeddings
{
    extension(Tensor weight)
    {
        /// <summary>y[.., :] = weight[index[..], :]: for every index, of any shape, its row of the table [count, features].</summary>
        /// <param name="index">The indices; they may repeat, their gradients add up.</param>
        /// <param name="paddingIndex">An index whose row gets no gradient; negative ones count from the end.</param>
        /// <exception cref="ArgumentOutOfRangeException">The padding index is out of range.</exception>
        /// <exception cref="ShapeException">The table is no matrix.</exception>
        /// <exception cref="TensorException">An index is out of range.</exception>
        public Tensor Embed(IndexTensor index, int? paddingIndex = null)
        {
            Operation.Check("Embed", weight);
            ArgumentNullException.ThrowIfNull(index);
            if (weight.Rank != 2)
            {
                throw new ShapeException("Embed", $"a table of shape {weight.Shape}", "give a matrix [count, features]");
            }

            index.EnsureInRange(weight.Shape[0], "Embed", "index");
            var flat = index.Rank == 1 ? index : index.Reshape([index.Length]);
            var y = Tensor.Result("Embed", index.Shape.Insert(index.Rank, weight.Shape[1]), weight.Device);
            weight.Device.IndexSelect(weight, 0, flat, y.View(new Layout([index.Length, weight.Shape[1]]), "Embed"));
            if (Tape.Records(weight))
            {
                var node = Node<EmbedRule>.Rent();
                node.Rule.Set(node, weight, flat, PaddingRow(weight.Shape[0], paddingIndex));
                Tape.Push(node, y);
            }

            return y;
        }
    }

    /// <summary>The row of a padding index that may count from the end; −1 for none.</summary>
    internal static int PaddingRow(int count, int? paddingIndex)
    {
        int row = paddingIndex is { } index && index < 0 ? index + count : paddingIndex ?? 0;
        return paddingIndex is null ? -1 : (uint)row < (uint)count ? row
            : throw new ArgumentOutOfRangeException(nameof(paddingIndex), $"Embed: padding index {paddingIndex} for {count} rows; "
                + $"valid are {-count} to {count - 1}");
    }

    /// <summary>The gradient of each look-up is added to the row that was looked up.</summary>
    private struct EmbedRule : IGradientRule
    {
        private Edge _weight;
        private IndexTensor? _index;
        private int _paddingRow;

        public void Set(Node node, Tensor weight, IndexTensor index, int paddingRow) =>
            (_weight, _index, _paddingRow) = (new Edge(weight), index, paddingRow);

        public readonly void Backward(Node node, Tensor gradient)
        {
            var own = _weight.Own();
            Shape shape = [_index!.Length, own.Shape[1]];
            if (gradient.Layout.TryReshape(shape, out var layout))
            {
                Add(node, gradient.View(layout, node.Operation), own);
                return;
            }

            var dense = Tensor.Result(node.Operation, node.Shape, node.Device);
            node.Device.Copy(gradient, dense);
            Add(node, dense.View(new Layout(shape), node.Operation), own);
            Node.Drop(dense);
        }

        private readonly void Add(Node node, Tensor rows, Tensor own)
        {
            if (_paddingRow < 0)
            {
                node.Device.IndexAdd(rows, 0, _index!, own);
                return;
            }

            // What was there before (from another use of the table) is put back: cheaper than sorting out the padding.
            var padding = own.View(own.Layout.Slice(0, _paddingRow, 1, 1), node.Operation);
            var before = Tensor.Result(node.Operation, padding.Shape, node.Device);
            node.Device.Copy(padding, before);
            node.Device.IndexAdd(rows, 0, _index!, own);
            node.Device.Copy(before, padding);
            Node.Drop(before);
        }
    }
}
