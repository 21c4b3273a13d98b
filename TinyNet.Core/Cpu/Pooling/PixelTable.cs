namespace TinyNet.Core;

/// <summary>What the rows and then the columns of a grid over images are made of, worked out once a call.</summary>
internal readonly unsafe struct PixelTable<TPart>(int height, int width, int rows, int columns, TPart* parts) where TPart : unmanaged
{
    /// <summary>The rows and columns of an image.</summary>
    public int Height => height;

    public int Width => width;

    /// <summary>The rows and columns of the grid.</summary>
    public int RowCount => rows;

    public int ColumnCount => columns;

    public TPart* Rows => parts;

    public TPart* Columns => parts + rows;
}
