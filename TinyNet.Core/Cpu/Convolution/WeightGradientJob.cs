using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The weight gradient of a convolution: for a tap, source under the tap times gradient, summed over pixels. A unit sums a range of bands
/// for a part of the columns.
/// </summary>
internal unsafe struct WeightGradientJob(
    ImageBatch source,
    ImageBatch gradient,
    TapWeights weights,
    TapPlan sweep,
    WeightGradientPlan plan,
    float* partials,
    nint length) : IVectorJob
{
    private const int TileRows = 8;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        (int block, int cut) = Math.DivRem(unit, plan.Cuts);
        var bands = plan.Bands;
        var scratch = ThreadScratch.Of(bands.ScratchLength);
        nint* segments = scratch.Take<nint>(bands.MaximumSegments);
        var (firstItem, endItem) = plan.Range(block);
        int chain = 0, columns = sweep.Columns.Count;
        for (int item = firstItem; item < endItem; item++)
        {
            (int image, int band) = Math.DivRem(item, bands.Bands);
            int row = band * bands.BandRows, rows = Math.Min(bands.BandRows, sweep.Rows.Count - row);
            float* pixels = bands.Prepare(source, sweep, image, row, scratch, out nint rowStride);
            sweep.Locate(rowStride, source.Channels, segments);
            WeightGradientTile tile;
            tile.Lines = rows;
            tile.SourceLineStep = sweep.Rows.SourceStep * rowStride;
            tile.SourceStep = sweep.Columns.SourceStep * source.Channels;
            tile.GradientLineStep = gradient.RowStride;
            tile.GradientStep = gradient.Channels;
            tile.ResultStep = gradient.Channels;
            tile.TailCount = TOps.Count;
            float* gradients = gradient.Pointer + image * gradient.ImageStride + row * gradient.RowStride;
            for (int column = 0; column < columns; column += plan.LinePixels, chain++)
            {
                (int sum, tile.Add) = plan.At(block, chain);
                tile.LineLength = Math.Min(plan.LinePixels, columns - column);
                float* from = pixels + column * tile.SourceStep, slopes = gradients + column * tile.GradientStep;
                AddBand<TOps, TVector>(tile, cut, from, slopes, segments, partials + sum * length);
            }
        }

        if (cut == 0)
        {
            var (first, end) = plan.Unwritten(block, chain);
            for (int sum = first; sum < end; sum++)
            {
                new Span<float>(partials + sum * length, (int)length).Clear();
            }
        }
    }

    private readonly void AddBand<TOps, TVector>(
        WeightGradientTile tile, int cut, float* pixels, float* gradients, nint* segments, float* result)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count, panels = BlockCount.Of(weights.ResultChannels, 2 * n), all = weights.Groups * panels;
        for (int index = all * cut / plan.Cuts; index < all * (cut + 1) / plan.Cuts; index++)
        {
            (int group, int panel) = Math.DivRem(index, panels);
            int columns = Math.Min(2 * n, weights.ResultChannels - panel * 2 * n);
            int channel = group * weights.ResultChannels + panel * 2 * n;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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
            int count = Math.Min(TileRows / 2, rows - row);
            WeightGradientTiles<TOps, TVector>.Rows4<TColumns>(tile, source + row, gradients, result + row * tile.ResultStep, count);
        }
    }
}
