namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Resize(Tensor x, in ResizeGrid grid, Tensor destination)
    {
        ReferenceGrid from = new(x), to = new(destination);
        Fill(destination, 0);
        foreach (var (n, c, i, j, y, column, share) in Resized(destination.Shape, grid))
        {
            to[n, c, i, j] += share * from[n, c, y, column];
        }
    }

    /// <inheritdoc/>
    protected internal override void ResizeGradient(Tensor gradient, in ResizeGrid grid, Tensor xGradient)
    {
        ReferenceGrid from = new(gradient), to = new(xGradient);
        Fill(xGradient, 0);
        foreach (var (n, c, i, j, y, column, share) in Resized(gradient.Shape, grid))
        {
            to[n, c, y, column] += share * from[n, c, i, j];
        }
    }

    /// <summary>
    /// Every element (i, j) of resized images with the elements (y, x) that it is made of, and their shares, which are not 0.
    /// </summary>
    private static IEnumerable<(int Image, int Channel, int I, int J, int Y, int X, double Share)> Resized(Shape output, ResizeGrid grid)
    {
        for (int n = 0; n < output[0]; n++)
        {
            for (int c = 0; c < output[1]; c++)
            {
                for (int k = 0; k < output[2] * output[3]; k++)
                {
                    var (i, j) = Math.DivRem(k, output[3]);
                    ResizeTap rows = grid.Height.Tap(i), columns = grid.Width.Tap(j);
                    for (int corner = 0; corner < 4; corner++)
                    {
                        bool isBelow = corner / 2 == 1, isRight = corner % 2 == 1;
                        double share = (isBelow ? rows.Part : 1 - rows.Part) * (isRight ? columns.Part : 1 - columns.Part);
                        if (share != 0)
                        {
                            yield return (n, c, i, j, isBelow ? rows.Second : rows.First, isRight ? columns.Second : columns.First, share);
                        }
                    }
                }
            }
        }
    }
}
