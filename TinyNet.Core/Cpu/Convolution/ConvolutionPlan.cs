namespace TinyNet.Core;

/// <summary>How the sweeps of a convolution are cut into units: bands of rows of an image.</summary>
internal unsafe struct ConvolutionPlan
{
    // A band of the padded source stays in the second-level cache.
    private const long BandElements = 96 * 1024;

    // Units that a thread gets, so that they even out.
    private const int UnitsPerThread = 2;

    // Below this many multiply-adds a unit is too small to be handed out.
    private const long UnitWork = 64 * 1024;

    public int Sweeps;

    /// <summary>Whether the source is read as it lies: channels last, and no window reaches beyond it.</summary>
    public bool ReadsInPlace;

    /// <summary>Pixels of a row of the packed source.</summary>
    public int PackedWidth;

    /// <summary>Rows of every sweep in one unit.</summary>
    public int BandRows;

    /// <summary>Bands of an image.</summary>
    public int Bands;

    /// <summary>Rows of the packed source in one unit.</summary>
    public int PackedRows;

    /// <summary>Most pixels of the result in one unit and sweep.</summary>
    public int BandPixels;

    /// <summary>Most segments of a window.</summary>
    public int MaximumSegments;

    /// <summary>Floats for the places of segments and pixels, and for the packed source.</summary>
    public long ScratchLength;

    /// <summary>Bands that keep the threads busy and the cache warm; how the work is cut does not show in the bits.</summary>
    public static ConvolutionPlan Of(in ImageBatch source, ReadOnlySpan<TapPlan> sweeps, int channels, int threads)
    {
        int rows = 0, reach = 0;
        long rowWork = 1;
        foreach (ref readonly var sweep in sweeps)
        {
            rows = Math.Max(rows, sweep.Rows.Count);
            reach = Math.Max(reach, sweep.Columns.Reach(sweep.Columns.Count));
            rowWork += (long)sweep.Columns.Count * sweep.Depth * channels;
        }

        int wanted = BlockCount.Of(UnitsPerThread * threads, Math.Max(1, source.Images));
        long band = Math.Max(rows / Math.Max(1, wanted), BlockCount.Of(UnitWork, rowWork));
        long fitting = BandElements / Math.Max(1, (long)reach * source.Channels * sweeps[0].Rows.SourceStep);
        return WithBands(source, sweeps, (int)Math.Clamp(Math.Min(band, fitting), 1, Math.Max(1, rows)));
    }

    /// <summary>
    /// Where the source rows of a band begin: in the image, or where that does not do, in scratch memory, to which they are copied with the
    /// zeros around them.
    /// </summary>
    public readonly float* Prepare(
        in ImageBatch source, in TapPlan sweep, int image, int firstRow, ThreadScratch scratch, out nint rowStride)
    {
        int sourceRow = firstRow * sweep.Rows.SourceStep;
        if (ReadsInPlace)
        {
            rowStride = source.RowStride;
            return source.Pointer + image * source.ImageStride + sourceRow * rowStride;
        }

        rowStride = (nint)PackedWidth * source.Channels;
        float* packed = scratch.Take<float>(PackedRows * rowStride);
        ImagePacking.Pack(source, image, sweep.Rows.SourcePad, sweep.Columns.SourcePad, sourceRow, PackedRows, PackedWidth, packed);
        return packed;
    }

    /// <summary>Bands of a given number of rows.</summary>
    public static ConvolutionPlan WithBands(in ImageBatch source, ReadOnlySpan<TapPlan> sweeps, int bandRows)
    {
        ConvolutionPlan plan = default;
        plan.Sweeps = sweeps.Length;
        plan.BandRows = bandRows;
        int rows = 0, columns = 0, reach = 0;
        foreach (ref readonly var sweep in sweeps)
        {
            rows = Math.Max(rows, sweep.Rows.Count);
            columns = Math.Max(columns, sweep.Columns.Count);
            reach = Math.Max(reach, sweep.Rows.Reach(sweep.Rows.Count));
            plan.PackedWidth = Math.Max(plan.PackedWidth, sweep.Columns.Reach(sweep.Columns.Count));
            plan.PackedRows = Math.Max(plan.PackedRows, sweep.Rows.Reach(bandRows));
            plan.MaximumSegments = Math.Max(plan.MaximumSegments, sweep.Segments);
        }

        plan.ReadsInPlace = source.IsChannelsLast && sweeps[0].Rows.SourcePad == 0 && sweeps[0].Columns.SourcePad == 0
            && reach <= source.Height && plan.PackedWidth <= source.Width;
        plan.Bands = BlockCount.Of(rows, bandRows);
        plan.BandPixels = bandRows * columns;
        plan.ScratchLength = (long)plan.MaximumSegments * (sizeof(nint) / sizeof(float)) + 2L * plan.BandPixels
            + (plan.ReadsInPlace ? 0 : (long)plan.PackedRows * plan.PackedWidth * source.Channels);
        return plan;
    }
}
