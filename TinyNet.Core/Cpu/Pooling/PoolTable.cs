namespace TinyNet.Core;

/// <summary>The parts of an image, made once a call: rows of parts, then columns.</summary>
internal readonly unsafe struct PoolTable(PoolGrid grid, PoolPart* parts)
{
    /// <summary>The parts of an image.</summary>
    public static long Count(in PoolGrid grid) => (long)grid.Height.Parts + grid.Width.Parts;

    public int Height => grid.Height.Length;

    public int Width => grid.Width.Length;

    /// <summary>The rows and columns of parts.</summary>
    public int RowCount => grid.Height.Parts;

    public int ColumnCount => grid.Width.Parts;

    public PoolPart* Rows => parts;

    public PoolPart* Columns => parts + grid.Height.Parts;

    /// <summary>The first and the last row of parts that may hold row y of an image; those before and behind do not.</summary>
    public (int First, int Last) RowsAround(int y) => grid.Height.PartsAround(y);

    /// <summary>Writes the parts of a grid to memory.</summary>
    public static PoolTable Fill(in PoolGrid grid, PoolPart* parts)
    {
        var table = new PoolTable(grid, parts);
        for (int i = 0; i < table.RowCount; i++)
        {
            table.Rows[i] = grid.Height.Part(i);
        }

        for (int j = 0; j < table.ColumnCount; j++)
        {
            table.Columns[j] = grid.Width.Part(j);
        }

        return table;
    }
}
