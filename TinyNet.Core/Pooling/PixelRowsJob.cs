namespace TinyNet.Core;

/// <summary>Computes rows of pixels, counted through all images; the channels of a pixel lie beside each other.</summary>
internal interface IPoolKernel
{
    /// <summary>The elements of a row of the result.</summary>
    int RowLength { get; }

    int Channels { get; }

    /// <summary>Computes a row for the channels from one on that fill whole lanes, and returns the first that is left.</summary>
    int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Several rows of pooling a unit.</summary>
internal readonly struct PoolRowsJob<TKernel>(TKernel kernel, int rows, int laneBits) : IJob where TKernel : struct, IPoolKernel
{
    private const int UnitLength = 16384;

    private readonly int _rowsPerUnit = Math.Max(1, UnitLength / Math.Max(1, kernel.RowLength));

    public int Units => (rows + _rowsPerUnit - 1) / _rowsPerUnit;

    public void Run(int unit)
    {
        for (int row = unit * _rowsPerUnit, end = Math.Min(row + _rowsPerUnit, rows); row < end; row++)
        {
            int channel = laneBits switch
            {
                512 => kernel.Run<Lane512>(row, 0),
                256 => kernel.Run<Lane256>(row, 0),
                128 => kernel.Run<Lane128>(row, 0),
                _ => 0,
            };
            if (channel < kernel.Channels)
            {
                kernel.Run<ScalarLane>(row, channel);
            }
        }
    }
}

/// <summary>The parts of an image, made once a call: rows of parts, then columns.</summary>
internal readonly unsafe struct PoolTable(PoolGrid grid, PoolPart* parts)
{
    public static int Length(in PoolGrid grid) => (grid.Height.Parts + grid.Width.Parts) * sizeof(PoolPart) / sizeof(float);

    public int Height => grid.Height.Length;

    public int Width => grid.Width.Length;

    /// <summary>The rows and columns of parts.</summary>
    public int RowCount => grid.Height.Parts;

    public int ColumnCount => grid.Width.Parts;

    public PoolPart* Rows => parts;

    public PoolPart* Columns => parts + grid.Height.Parts;

    /// <summary>The first and the last row of parts that may hold row y of an image; those before and behind do not.</summary>
    public (int First, int Last) RowsAround(int y) => grid.Height.PartsAround(y);

    public void Fill()
    {
        for (int i = 0; i < RowCount; i++)
        {
            Rows[i] = grid.Height.Part(i);
        }

        for (int j = 0; j < ColumnCount; j++)
        {
            Columns[j] = grid.Width.Part(j);
        }
    }
}
