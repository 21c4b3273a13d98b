using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>What a group of attention makes: a square of rows and columns of the result of one product of the batch.</summary>
internal struct AttentionSquare
{
    /// <summary>The first row and column.</summary>
    public int Row, Column;

    /// <summary>The product that they are of; its sums are whole.</summary>
    public TilePlace At;

    /// <summary>The square of the thread's group.</summary>
    /// <param name="batches">The products.</param>
    /// <param name="rowSquares">The squares along the rows.</param>
    /// <param name="columnSquares">The squares along the columns.</param>
    /// <param name="side">The rows and columns of a square.</param>
    public static AttentionSquare OfGroup(in WalkAxes batches, int rowSquares, int columnSquares, int side)
    {
        int row = Grid.IdxX / columnSquares, batch = row / rowSquares;
        return new()
        {
            Row = row % rowSquares * side,
            Column = Grid.IdxX % columnSquares * side,
            At = new() { Batch = batches.At(batch), BatchIndex = batch, IsFirst = true, IsLast = true },
        };
    }
}
