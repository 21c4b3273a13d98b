namespace TinyNet.Core;

/// <summary>Computes rows of pixels, counted through all images; the channels of a pixel lie beside each other.</summary>
internal interface IPixelRowKernel
{
    /// <summary>The elements of a row of the result.</summary>
    int RowLength { get; }

    int Channels { get; }

    /// <summary>Computes a row for the channels from one on that fill whole lanes, and returns the first that is left.</summary>
    int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Several rows of pixels a unit.</summary>
internal readonly struct PixelRowsJob<TKernel>(TKernel kernel, int rows) : ILaneJob where TKernel : struct, IPixelRowKernel
{
    private const int UnitLength = 16384;

    private readonly int _rowsPerUnit = Math.Max(1, UnitLength / Math.Max(1, kernel.RowLength));

    public int Units => (rows + _rowsPerUnit - 1) / _rowsPerUnit;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        for (int row = unit * _rowsPerUnit, end = Math.Min(row + _rowsPerUnit, rows); row < end; row++)
        {
            int channel = kernel.Run<TLane>(row, 0);
            if (channel < kernel.Channels)
            {
                kernel.Run<ScalarLane>(row, channel);
            }
        }
    }
}
