namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        ReferenceGrid from = new(x), to = new(destination);
        Fill(destination, float.NegativeInfinity);
        if (positions is not null)
        {
            Fill(positions, 0);
        }

        foreach (var (n, c, i, j, y, column, position, _) in Pooled(destination.Shape, grid))
        {
            double value = from[n, c, y, column];
            if (value > to[n, c, i, j] || double.IsNaN(value))
            {
                to[n, c, i, j] = value;
                if (positions is not null)
                {
                    new ReferenceGrid(positions)[n, c, i, j] = position;
                }
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        ReferenceGrid chosen = new(positions), from = new(gradient), to = new(xGradient);
        Fill(xGradient, 0);
        foreach (var (n, c, i, j, y, column, position, _) in Pooled(gradient.Shape, grid))
        {
            if (chosen[n, c, i, j] == position)
            {
                to[n, c, y, column] += from[n, c, i, j];
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void AveragePool(Tensor x, in PoolGrid grid, Tensor destination)
    {
        ReferenceGrid from = new(x), to = new(destination);
        Fill(destination, 0);
        foreach (var (n, c, i, j, y, column, _, size) in Pooled(destination.Shape, grid))
        {
            to[n, c, i, j] += from[n, c, y, column] / size;
        }
    }

    /// <inheritdoc/>
    protected internal override void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        ReferenceGrid from = new(gradient), to = new(xGradient);
        Fill(xGradient, 0);
        foreach (var (n, c, i, j, y, column, _, size) in Pooled(gradient.Shape, grid))
        {
            to[n, c, y, column] += from[n, c, i, j] / size;
        }
    }

    /// <summary>
    /// Every part (i, j) of every channel with every element (y, x) in it, its position in the part, and the size of the part.
    /// </summary>
    private static IEnumerable<(int Image, int Channel, int I, int J, int Y, int X, int Position, int Size)> Pooled(
        Shape output, PoolGrid grid)
    {
        for (int n = 0; n < output[0]; n++)
        {
            for (int c = 0; c < output[1]; c++)
            {
                for (int i = 0; i < output[2]; i++)
                {
                    for (int j = 0; j < output[3]; j++)
                    {
                        PoolPart rows = grid.Height.Part(i), columns = grid.Width.Part(j);
                        for (int k = 0; k < rows.Count * columns.Count; k++)
                        {
                            var (row, column) = Math.DivRem(k, columns.Count);
                            int y = rows.First + row * rows.Step, x = columns.First + column * columns.Step;
                            yield return (n, c, i, j, y, x, k, rows.Size * columns.Size);
                        }
                    }
                }
            }
        }
    }
}
