namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>destination [N, C, H', W'] = the average of each part of x [N, C, H, W]: its sum over the size of the part.</summary>
    protected internal virtual void AveragePool(Tensor x, in PoolGrid grid, Tensor destination)
    {
        Tensor rows = Temporary(x.Shape.With(2, grid.Height.Parts), "AveragePool"), sizes = PartSizes(grid);
        SumParts(x, 2, grid.Height, rows);
        SumParts(rows, 3, grid.Width, destination);
        Map(new DivideOp(), destination, sizes, destination);
        Release(rows, sizes);
    }

    /// <summary>
    /// The gradient of <see cref="AveragePool"/> to x: that of each part, divided by the size of the part, goes to every element of it.
    /// </summary>
    protected internal virtual void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        Tensor shares = Temporary(gradient.Shape, "AveragePool"), sizes = PartSizes(grid);
        var rows = Temporary(gradient.Shape.With(3, grid.Width.Length), "AveragePool");
        Map(new DivideOp(), gradient, sizes, shares);
        SpreadParts(shares, 3, grid.Width, rows);
        SpreadParts(rows, 2, grid.Height, xGradient);
        Release(shares, sizes, rows);
    }

    /// <summary>The sum of each part of an axis: of the first elements of all parts, of the second ones, and so on.</summary>
    private void SumParts(Tensor x, int axis, in PoolAxis parts, Tensor destination)
    {
        var elements = Temporary(destination.Shape, "AveragePool");
        Fill(destination, 0);
        for (int k = 0; PartElements(parts, k, axis) is ({ } index, { } counts); k++)
        {
            IndexSelect(x, axis, index, elements);
            Map(new MaskMap(whereZero: false), counts, elements, elements);
            Map(new SumMap(), destination, elements, destination);
            Release(counts);
        }

        Release(elements);
    }

    /// <summary>The gradient of <see cref="SumParts"/>: what stands at a part goes to each of its elements.</summary>
    private void SpreadParts(Tensor gradient, int axis, in PoolAxis parts, Tensor xGradient)
    {
        var elements = Temporary(gradient.Shape, "AveragePool");
        Fill(xGradient, 0);
        for (int k = 0; PartElements(parts, k, axis) is ({ } index, { } counts); k++)
        {
            Map(new MaskMap(whereZero: false), counts, gradient, elements);
            IndexAdd(elements, axis, index, xGradient);
            Release(counts);
        }

        Release(elements);
    }

    /// <summary>
    /// Where element k of each part of an axis of images stands, and a mask: 1 where the part has such an element, else 0. Null where no
    /// part has one.
    /// </summary>
    private (IndexTensor? Index, Tensor? Counts) PartElements(in PoolAxis parts, int k, int axis)
    {
        bool isAny = false;
        for (int i = 0; i < parts.Parts && !isAny; i++)
        {
            isAny = k < parts.Part(i).Count;
        }

        if (!isAny)
        {
            return default;
        }

        var index = IndexTensor.Result("AveragePool", [parts.Parts]);
        var places = index.Overwrite("AveragePool");
        for (int i = 0; i < places.Length; i++)
        {
            var part = parts.Part(i);
            places[i] = k < part.Count ? part.First + k * part.Step : 0;
        }

        var counts = FromHost(axis == 2 ? [parts.Parts, 1] : [parts.Parts], "AveragePool", (parts, k),
            static (at, i) => at.k < at.parts.Part(i).Count ? 1 : 0);
        return (index, counts);
    }

    /// <summary>[H', W']: by what the sums of the parts are divided; 1 where a part is empty.</summary>
    private Tensor PartSizes(in PoolGrid grid) => FromHost([grid.Height.Parts, grid.Width.Parts], "AveragePool", grid, static (grid, i) =>
    {
        var (row, column) = Math.DivRem(i, grid.Width.Parts);
        return Math.Max(1, (float)grid.Height.Part(row).Size * grid.Width.Part(column).Size);
    });
}
