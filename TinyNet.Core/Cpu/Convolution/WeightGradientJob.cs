using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>How a weight gradient is cut. The sums shape the bits, so all of it depends on the shapes alone.</summary>
internal struct WeightGradientPlan
{
    // Pixels of the gradient that stay in the first-level cache while the rows of the result pass by.
    private const int BandPixels = 192;

    // Partial sums to share out among threads, and the memory that they may take.
    private const int MaximumBlocks = 16;
    private const long BlockElements = 4 * 1024 * 1024;

    // Columns of the result that a unit has at least, where blocks are few.
    private const int MinimumColumns = 64;

    public ConvolutionPlan Bands;

    /// <summary>Bands of all images.</summary>
    public int Items;

    /// <summary>Partial sums, each over a range of items.</summary>
    public int Blocks;

    /// <summary>Parts of the columns of the result.</summary>
    public int Cuts;

    /// <summary>The bands that a block sums over.</summary>
    public readonly (int First, int End) Range(int block) => ((int)((long)Items * block / Blocks), (int)((long)Items * (block + 1) / Blocks));

    public static WeightGradientPlan Of(in ImageBatch source, in TapPlan sweep, in TapWeights weights, long length)
    {
        WeightGradientPlan plan = default;
        int rows = Math.Clamp(BandPixels / Math.Max(1, sweep.Columns.Count), 1, Math.Max(1, sweep.Rows.Count));
        plan.Bands = ConvolutionPlan.WithBands(source, new ReadOnlySpan<TapPlan>(in sweep), rows);
        plan.Items = plan.Bands.Bands * source.Images;
        plan.Blocks = (int)Math.Clamp(Math.Min(plan.Items, BlockElements / Math.Max(1, length)), 1, MaximumBlocks);
        int columns = weights.IsDepthwise ? 1 : weights.Groups * weights.ResultChannels;
        plan.Cuts = Math.Clamp(columns / MinimumColumns, 1, Math.Max(1, MaximumBlocks / plan.Blocks));
        return plan;
    }
}

/// <summary>
/// The weight gradient of a convolution: for a tap, source under the tap times gradient, summed over pixels. A unit sums a range of bands
/// for a part of the columns.
/// </summary>
internal unsafe struct WeightGradientJob(ImageBatch source, ImageBatch gradient, TapWeights weights, TapPlan sweep, WeightGradientPlan plan, float* partials, nint length) : ITileJob
{
    private const int TileRows = 8;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IVectorLane<TLane>
    {
        (int block, int cut) = Math.DivRem(unit, plan.Cuts);
        var bands = plan.Bands;
        var segments = (nint*)ProductScratch.Rent(bands.ScratchLength);
        float* packed = (float*)(segments + bands.MaximumSegments);
        var (firstItem, endItem) = plan.Range(block);
        for (int item = firstItem; item < endItem; item++)
        {
            (int image, int band) = Math.DivRem(item, bands.Bands);
            int row = band * bands.BandRows, rows = Math.Min(bands.BandRows, sweep.Rows.Count - row);
            float* pixels = bands.Prepare(source, sweep, image, row, packed, out nint rowStride);
            sweep.Locate(rowStride, source.Channels, segments);
            WeightGradientTile tile;
            tile.Lines = rows;
            tile.LineLength = sweep.Columns.Count;
            tile.SourceLineStep = sweep.Rows.SourceStep * rowStride;
            tile.SourceStep = sweep.Columns.SourceStep * source.Channels;
            tile.GradientLineStep = gradient.RowStride;
            tile.GradientStep = gradient.Channels;
            tile.ResultStep = gradient.Channels;
            tile.TailCount = TOps.Count;
            tile.Add = item > firstItem;
            AddBand<TOps, TVector>(tile, cut, pixels, gradient.Pointer + image * gradient.ImageStride + row * gradient.RowStride, segments, partials + block * length);
        }
    }

    private readonly void AddBand<TOps, TVector>(WeightGradientTile tile, int cut, float* pixels, float* gradients, nint* segments, float* result)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count, panels = (weights.ResultChannels + 2 * n - 1) / (2 * n), all = weights.Groups * panels;
        for (int index = all * cut / plan.Cuts; index < all * (cut + 1) / plan.Cuts; index++)
        {
            (int group, int panel) = Math.DivRem(index, panels);
            int columns = Math.Min(2 * n, weights.ResultChannels - panel * 2 * n), channel = group * weights.ResultChannels + panel * 2 * n;
            float* from = pixels + group * weights.SourceChannels, to = result + channel;
            tile.TailCount = columns > n ? columns - n : columns;
            for (int segment = 0; segment < sweep.Segments; segment++, to += (nint)sweep.SegmentLength * tile.ResultStep)
            {
                if (columns == 2 * n)
                {
                    AddSegment<TOps, TVector, TwoVectors>(tile, from + segments[segment], gradients + channel, to);
                }
                else if (columns > n)
                {
                    AddSegment<TOps, TVector, TwoVectorsMasked>(tile, from + segments[segment], gradients + channel, to);
                }
                else
                {
                    AddSegment<TOps, TVector, OneVectorMasked>(tile, from + segments[segment], gradients + channel, to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddSegment<TOps, TVector, TColumns>(in WeightGradientTile tile, float* source, float* gradients, float* result)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        int row = 0, rows = sweep.SegmentLength;
        for (; TOps.TileRows == TileRows && row <= rows - TileRows; row += TileRows)
        {
            WeightGradientTiles<TOps, TVector>.Rows8<TColumns>(tile, source + row, gradients, result + row * tile.ResultStep);
        }

        for (; row < rows; row += TileRows / 2)
        {
            WeightGradientTiles<TOps, TVector>.Rows4<TColumns>(tile, source + row, gradients, result + row * tile.ResultStep, Math.Min(TileRows / 2, rows - row));
        }
    }
}
