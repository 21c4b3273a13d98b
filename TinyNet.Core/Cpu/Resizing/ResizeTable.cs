namespace TinyNet.Core;

/// <summary>The taps of a resized image, made once a call: rows, then columns.</summary>
internal readonly unsafe struct ResizeTable(ResizeGrid grid, ResizeTap* taps)
{
    /// <summary>The taps of an image.</summary>
    public static long Count(in ResizeGrid grid) => (long)grid.Height.Results + grid.Width.Results;

    public int Height => grid.Height.Length;

    public int Width => grid.Width.Length;

    public int RowCount => grid.Height.Results;

    public int ColumnCount => grid.Width.Results;

    public ResizeTap* Rows => taps;

    public ResizeTap* Columns => taps + grid.Height.Results;

    /// <summary>Writes the taps of a grid to memory.</summary>
    public static ResizeTable Fill(in ResizeGrid grid, ResizeTap* taps)
    {
        var table = new ResizeTable(grid, taps);
        for (int i = 0; i < table.RowCount; i++)
        {
            table.Rows[i] = grid.Height.Tap(i);
        }

        for (int j = 0; j < table.ColumnCount; j++)
        {
            table.Columns[j] = grid.Width.Tap(j);
        }

        return table;
    }
}
