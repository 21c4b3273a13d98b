namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination)
    {
        var from = new ReferenceElements(x);
        var to = new ReferenceElements(destination);
        var totals = new double[destination.Length];
        totals.AsSpan().Fill(reduction.Identity<DoubleLane>().Value);

        // Broadcasting the destination to the shape of x finds the total that an element belongs to.
        var totalOf = new Layout(destination.Shape).Expand(x.Shape);
        for (int i = 0; i < x.Length; i++)
        {
            ref double total = ref totals[totalOf.OffsetOf(i)];
            total = reduction.Combine(new DoubleLane(total), reduction.Map(new DoubleLane(from[i]))).Value;
        }

        for (int i = 0; i < totals.Length; i++)
        {
            to[i] = reduction.Finish(new DoubleLane(totals[i]), new DoubleLane(x.Length / totals.Length)).Value;
        }
    }

    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices)
    {
        var lines = new ReferenceLines(x, axis);
        var results = indices.Overwrite("ArgExtreme");
        for (int line = 0; line < lines.Count; line++)
        {
            int best = 0;
            for (int k = 1; k < lines.Length; k++)
            {
                double extreme = lines[line, best], candidate = lines[line, k];
                bool isBeyond = largest ? candidate > extreme : candidate < extreme;
                if (isBeyond || (double.IsNaN(candidate) && !double.IsNaN(extreme)))
                {
                    best = k;
                }
            }

            results[line] = best;
        }
    }

    /// <inheritdoc/>
    protected internal override void ArgSort(Tensor x, int axis, bool descending, IndexTensor indices)
    {
        var lines = new ReferenceLines(x, axis);
        int count = indices.Shape.Sizes[axis], inner = 1;
        for (int i = axis + 1; i < x.Rank; i++)
        {
            inner *= x.Shape.Sizes[i];
        }

        var keys = new SortKey[lines.Length];
        var results = indices.Overwrite("ArgSort");
        for (int line = 0; line < lines.Count && count > 0; line++)
        {
            for (int k = 0; k < keys.Length; k++)
            {
                keys[k] = SortKey.Of(lines[line, k], k, descending);
            }

            keys.AsSpan().Sort();
            SortKey.WriteIndices(keys.AsSpan(0, count), results[(line / inner * count * inner + line % inner)..], inner);
        }
    }

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination)
    {
        var from = new ReferenceLines(x, axis);
        var to = new ReferenceLines(destination, axis);
        for (int line = 0; line < from.Count; line++)
        {
            double sum = 0;
            for (int i = 0; i < from.Length; i++)
            {
                int k = reverse ? from.Length - 1 - i : i;
                sum += from[line, k];
                to[line, k] = sum;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination)
    {
        var rows = new ReferenceLines(a, a.Rank - 1);
        var columns = new ReferenceLines(b, b.Rank - 2);
        var to = new ReferenceElements(destination);
        var results = new double[destination.Length];
        int height = a.Shape[-2], width = b.Shape[-1];
        for (int i = 0; i < results.Length; i++)
        {
            // Rows are counted through all matrices of a, columns through all of b.
            int row = i / width, column = i % width, matrix = row / height;
            double sum = bias is null ? 0 : new ReferenceElements(bias)[column];
            for (int k = 0; k < rows.Length; k++)
            {
                sum += rows[row, k] * columns[matrix * width + column, k];
            }

            results[i] = accumulate ? to[i] + sum : sum;
        }

        // Written last, because the destination may be an operand.
        for (int i = 0; i < results.Length; i++)
        {
            to[i] = results[i];
        }
    }
}
