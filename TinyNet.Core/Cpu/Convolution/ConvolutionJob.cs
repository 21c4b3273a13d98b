using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The sweeps of a convolution, or of its gradient to the input, on one vector width. A unit is a band of rows of an image: its rows of the
/// source, with the zeros around them, are packed channels last, and the windows of neighboring pixels are read from there where they
/// overlap. The result is channels last.
/// </summary>
internal unsafe struct ConvolutionJob<TMap>(
    ImageBatch source,
    ImageBatch result,
    TapWeights weights,
    TapPlan* sweeps,
    ConvolutionPlan plan,
    float* packedWeights,
    SumFinish<TMap> finish) : IVectorJob
    where TMap : struct, IUnaryMap
{
    private const int TilePixels = 8;

    // Multiply-adds of a chain; the result adds up the chains of an element.
    private const int MostTerms = 2 * FloatChain.Terms;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        (int image, int band) = Math.DivRem(unit, plan.Bands);
        int firstRow = band * plan.BandRows;
        var scratch = ThreadScratch.Of(plan.ScratchLength);
        nint* segments = scratch.Take<nint>(plan.MaximumSegments);
        int* sources = scratch.Take<int>(plan.BandPixels), results = scratch.Take<int>(plan.BandPixels);
        float* pixels = plan.Prepare(source, sweeps[0], image, firstRow, scratch, out nint rowStride);
        float* target = result.Pointer + image * result.ImageStride;
        for (int i = 0; i < plan.Sweeps; i++)
        {
            int rows = Math.Min(plan.BandRows, sweeps[i].Rows.Count - firstRow);
            if (rows > 0)
            {
                Sweep<TOps, TVector>(sweeps[i], firstRow, rows, pixels, rowStride, target, segments, sources, results);
            }
        }

        Finish<TLane>(target, firstRow);
    }

    /// <summary>Normalizes the rows of a band, and applies f.</summary>
    private readonly void Finish<TLane>(float* target, int firstRow) where TLane : struct, IVectorLane<TLane>
    {
        int step = sweeps[0].Rows.Step, from = firstRow * step, to = Math.Min((firstRow + plan.BandRows) * step, result.Height);
        int pixels = (to - from) * result.Width;
        float* rows = target + from * result.RowStride;
        if (finish.Factors != null)
        {
            var blocks = new ChannelBlocks(1, pixels, result.Channels, result.Channels);
            var kernel = new ChannelNormalizeKernel<TMap>(rows, finish.Factors, hasRoots: false, blocks, finish.Map, rows);
            var job = new ChannelJob<ChannelNormalizeKernel<TMap>>(kernel, result.Channels);
            for (int block = 0; block < blocks.Blocks; block++)
            {
                job.Run<TLane>(block);
            }
        }
        else if (typeof(TMap) != typeof(IdentityOp))
        {
            CpuMaps.RunDense<TMap, TLane>(finish.Map, rows, pixels * result.Channels);
        }
    }

    private readonly void Sweep<TOps, TVector>(
        in TapPlan sweep,
        int firstRow,
        int rows,
        float* pixels,
        nint rowStride,
        float* target,
        nint* segments,
        int* sources,
        int* results)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int count = rows * sweep.Columns.Count, groupChannels = weights.ResultChannels, n = TOps.Count;
        LocatePixels(sweep, firstRow, rows, rowStride, sources, results);
        sweep.Locate(rowStride, source.Channels, segments);
        ConvolutionTile tile;
        tile.Segments = segments;
        tile.SegmentCount = sweep.Segments;
        tile.SegmentLength = sweep.SegmentLength;
        tile.Add = false;
        float* panel = packedWeights + sweep.WeightOffset;
        for (int group = 0; group < weights.Groups; group++)
        {
            float* from = pixels + group * weights.SourceChannels;
            for (int column = 0; column < groupChannels; column += 2 * n)
            {
                int columns = Math.Min(2 * n, groupChannels - column), channel = group * groupChannels + column;
                float* to = target + channel, start = finish.Bias == null ? null : finish.Bias + channel;
                tile.TailCount = columns > n ? columns - n : columns;
                if (columns == 2 * n)
                {
                    Panel<TOps, TVector, TwoVectors>(tile, from, sources, panel, start, to, results, count);
                }
                else if (columns > n)
                {
                    Panel<TOps, TVector, TwoVectorsMasked>(tile, from, sources, panel, start, to, results, count);
                }
                else
                {
                    Panel<TOps, TVector, OneVectorMasked>(tile, from, sources, panel, start, to, results, count);
                }

                panel += (nint)sweep.Depth * TapPlan.PanelWidth(columns, n);
            }
        }
    }

    /// <summary>Where the pixels of a band lie in the source and in the result.</summary>
    private readonly void LocatePixels(in TapPlan sweep, int firstRow, int rows, nint rowStride, int* sources, int* results)
    {
        TapAxis vertical = sweep.Rows, horizontal = sweep.Columns;
        for (int row = 0; row < rows; row++)
        {
            int sourceAt = (int)(row * vertical.SourceStep * rowStride), sourceStep = horizontal.SourceStep * source.Channels;
            int resultRow = vertical.First + (firstRow + row) * vertical.Step, resultStep = horizontal.Step * result.Channels;
            int resultAt = (int)(resultRow * result.RowStride) + horizontal.First * result.Channels;
            for (int column = 0; column < horizontal.Count; column++, sourceAt += sourceStep, resultAt += resultStep)
            {
                *sources++ = sourceAt;
                *results++ = resultAt;
            }
        }
    }

    /// <summary>A panel, piece by piece of the depth, so that no chain is long. The pieces depend on the window alone.</summary>
    private static void Panel<TOps, TVector, TColumns>(
        ConvolutionTile tile, float* source, int* sources, float* panel, float* start, float* target, int* results, int count)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        int n = TOps.Count, width = TColumns.Two ? 2 * n : n, segments = tile.SegmentCount, length = tile.SegmentLength;
        int part = Math.Max(1, BlockCount.Of(length, Math.Max(1, BlockCount.Of(length, MostTerms))));
        int group = Math.Max(1, MostTerms / part), pieces = 0;
        var deep = new DeepSums(target, results, count, width - n + tile.TailCount);
        for (int first = 0; first == 0 || first < segments; first += group, tile.Segments += group)
        {
            tile.SegmentCount = Math.Min(group, segments - first);
            for (int at = 0; at == 0 || at < length; at += part)
            {
                tile.SegmentLength = Math.Min(part, length - at);
                Pixels<TOps, TVector, TColumns>(tile, source + at, sources, panel, start, target, results, count);
                panel += (nint)tile.SegmentCount * tile.SegmentLength * width;
                tile.Add = true;
                start = null;
                if (++pieces % FloatChain.Totals == 0)
                {
                    deep.Take();
                    tile.Add = false;
                }
            }
        }

        if (pieces >= FloatChain.Totals)
        {
            if (tile.Add)
            {
                deep.Take();
            }

            deep.Store();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pixels<TOps, TVector, TColumns>(
        in ConvolutionTile tile, float* source, int* sources, float* panel, float* start, float* target, int* results, int count)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        int step = TOps.TileRows;
        for (int pixel = 0; pixel < count; pixel += step)
        {
            int pixels = Math.Min(step, count - pixel);
            int* from = sources + pixel, to = results + pixel;
            if (pixels > TilePixels / 2)
            {
                ConvolutionTiles<TOps, TVector>.Pixels8<TColumns>(tile, source, from, panel, start, target, to, pixels);
            }
            else
            {
                ConvolutionTiles<TOps, TVector>.Pixels4<TColumns>(tile, source, from, panel, start, target, to, pixels);
            }
        }
    }
}
