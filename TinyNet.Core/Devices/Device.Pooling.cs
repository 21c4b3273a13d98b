namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>destination [N, C, H', W'] = the average of each part of x [N, C, H, W]: its sum over the size of the part.</summary>
    protected internal virtual void AveragePool(Tensor x, in PoolGrid grid, Tensor destination)
    {
        var rows = Temporary(x.Shape.With(2, grid.Height.Parts), "AveragePool");
        AverageParts(x, 2, grid.Height, rows);
        AverageParts(rows, 3, grid.Width, destination);
        Release(rows);
    }

    /// <summary>
    /// The gradient of <see cref="AveragePool"/> to x: that of each part, divided by the size of the part, goes to every element of it.
    /// </summary>
    protected internal virtual void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        var rows = Temporary(gradient.Shape.With(3, grid.Width.Length), "AveragePool");
        SpreadParts(gradient, 3, grid.Width, rows);
        SpreadParts(rows, 2, grid.Height, xGradient);
        Release(rows);
    }

    /// <summary>
    /// The average of each part of an axis: the shares of the first elements of all parts, of the second ones, and so on. Sums of elements
    /// might be no floats where averages are.
    /// </summary>
    private void AverageParts(Tensor x, int axis, in PoolAxis parts, Tensor destination)
    {
        var elements = Temporary(destination.Shape, "AveragePool");
        Fill(destination, 0);
        for (int k = 0; PartElements(parts, k, axis) is ({ } index, { } shares); k++)
        {
            IndexSelect(x, axis, index, elements);
            Map(new ShareMap(), elements, shares, elements);
            Map(new SumMap(), destination, elements, destination);
            Release(shares);
        }

        Release(elements);
    }

    /// <summary>The gradient of <see cref="AverageParts"/>: the share of what stands at a part goes to each of its elements.</summary>
    private void SpreadParts(Tensor gradient, int axis, in PoolAxis parts, Tensor xGradient)
    {
        var elements = Temporary(gradient.Shape, "AveragePool");
        Fill(xGradient, 0);
        for (int k = 0; PartElements(parts, k, axis) is ({ } index, { } shares); k++)
        {
            Map(new ShareMap(), gradient, shares, elements);
            IndexAdd(elements, axis, index, xGradient);
            Release(shares);
        }

        Release(elements);
    }

    /// <summary>
    /// Where element k of each part of an axis of images stands, and its share in the average: one over the size of the part, 0 where the
    /// part has no such element. Null where no part has one.
    /// </summary>
    private (IndexTensor? Index, Tensor? Shares) PartElements(in PoolAxis parts, int k, int axis)
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

        var shares = FromHost(axis == 2 ? [parts.Parts, 1] : [parts.Parts], "AveragePool", (parts, k), static (at, i) =>
        {
            var part = at.parts.Part(i);
            return at.k < part.Count ? 1f / part.Size : 0;
        });
        return (index, shares);
    }
}
