using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Computes rows of pixels, counted through all images; the channels of a pixel lie beside each other.</summary>
internal interface IPixelRowKernel
{
    /// <summary>The elements of a row of the result.</summary>
    int RowLength { get; }

    /// <summary>The channels of a pixel.</summary>
    int Channels { get; }

    /// <summary>Computes a row for the channels from one on that fill whole lanes, and returns the first that is left.</summary>
    int Run<TLane>(int row, int channel) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Loops over the rows of pixels of a result.</summary>
internal static unsafe class PixelRows
{
    /// <summary>Computes a result of some elements, as much work as an element-wise loop over <paramref name="work"/> elements.</summary>
    public static void Run<TKernel>(CpuSettings cpu, TKernel kernel, int length, int work) where TKernel : struct, IPixelRowKernel
    {
        if (length > 0)
        {
            var job = new PixelRowsJob<TKernel>(kernel, length / kernel.RowLength);
            cpu.RunLanes(job.Units, job, cpu.ThreadsFor(work));
        }
    }

    /// <summary>The first of the channels from one on that fills no whole lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfLanes<TLane>(int channel, int channels) where TLane : struct, IVectorLane<TLane> =>
        channel + (channels - channel) / TLane.Count * TLane.Count;
}

/// <summary>Several rows of pixels a unit.</summary>
internal readonly struct PixelRowsJob<TKernel>(TKernel kernel, int rows) : ILaneJob where TKernel : struct, IPixelRowKernel
{
    private const int UnitLength = 16384;

    private readonly int _rowsPerUnit = Math.Max(1, UnitLength / Math.Max(1, kernel.RowLength));

    public int Units => BlockCount.Of(rows, _rowsPerUnit);

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
