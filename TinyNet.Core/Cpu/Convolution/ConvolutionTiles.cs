using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// What the register tiles of a convolution have in common. A segment is a run of source elements that meets a run of weights.
/// </summary>
internal unsafe struct ConvolutionTile
{
    /// <summary>Where each segment lies from the pixel on, in elements.</summary>
    public nint* Segments;
    public int SegmentCount;
    public int SegmentLength;

    /// <summary>Elements of the last vector where a tile is masked.</summary>
    public int TailCount;

    /// <summary>The sums are added to the result instead of replacing it.</summary>
    public bool Add;
}

/// <summary>
/// Register tiles of a convolution: a few pixels and channels of the result. Pixels lie anywhere, so that tiles go on from one row
/// of the image to the next. Every element is one chain of fused multiply-adds in the order of the taps and channels that a tile is given.
/// </summary>
internal static unsafe class ConvolutionTiles<TOps, TVector>
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    /// <summary>
    /// 1 to 8 pixels: where they are in the source and in the result, and the weights of a panel one or two vectors wide.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Pixels8<TColumns>(
        in ConvolutionTile tile, float* source, int* sources, float* weights, float* start, float* result, int* results, int pixels)
        where TColumns : struct, ITileColumns
    {
        int n = TOps.Count, last = pixels - 1;
        var mask = TOps.FirstElements(tile.TailCount);
        float* p0 = source + sources[0], p1 = source + sources[Math.Min(1, last)];
        float* p2 = source + sources[Math.Min(2, last)], p3 = source + sources[Math.Min(3, last)];
        float* p4 = source + sources[Math.Min(4, last)], p5 = source + sources[Math.Min(5, last)];
        float* p6 = source + sources[Math.Min(6, last)], p7 = source + sources[last];
        TVector c00 = default, c01 = default;
        if (start != null)
        {
            ProductTiles<TOps, TVector>.LoadPair<TColumns>(start, mask, out c00, out c01);
        }

        TVector c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        TVector c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        float* w = weights;
        for (int segment = 0; segment < tile.SegmentCount; segment++)
        {
            nint at = tile.Segments[segment] * sizeof(float), end = at + (nint)tile.SegmentLength * sizeof(float);
            for (; at < end; at += sizeof(float))
            {
                var b0 = TOps.Load(w);
                var b1 = TColumns.Two ? TOps.Load(w + n) : default;
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p0 + at, b0, b1, ref c00, ref c01);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p1 + at, b0, b1, ref c10, ref c11);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p2 + at, b0, b1, ref c20, ref c21);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p3 + at, b0, b1, ref c30, ref c31);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p4 + at, b0, b1, ref c40, ref c41);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p5 + at, b0, b1, ref c50, ref c51);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p6 + at, b0, b1, ref c60, ref c61);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p7 + at, b0, b1, ref c70, ref c71);
                w += TColumns.Two ? 2 * n : n;
            }
        }

        if (tile.Add)
        {
            // All is read before anything is stored, as a pixel may stand in for others.
            Add<TColumns>(result + results[0], mask, ref c00, ref c01);
            Add<TColumns>(result + results[Math.Min(1, last)], mask, ref c10, ref c11);
            Add<TColumns>(result + results[Math.Min(2, last)], mask, ref c20, ref c21);
            Add<TColumns>(result + results[Math.Min(3, last)], mask, ref c30, ref c31);
            Add<TColumns>(result + results[Math.Min(4, last)], mask, ref c40, ref c41);
            Add<TColumns>(result + results[Math.Min(5, last)], mask, ref c50, ref c51);
            Add<TColumns>(result + results[Math.Min(6, last)], mask, ref c60, ref c61);
            Add<TColumns>(result + results[last], mask, ref c70, ref c71);
        }

        // Backwards, so that the pixel that stands in for those past the last is stored last, with the same value.
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[last], mask, c70, c71, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(6, last)], mask, c60, c61, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(5, last)], mask, c50, c51, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(4, last)], mask, c40, c41, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(3, last)], mask, c30, c31, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(2, last)], mask, c20, c21, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(1, last)], mask, c10, c11, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[0], mask, c00, c01, false);
    }

    /// <summary>1 to 4 pixels, otherwise as <see cref="Pixels8"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Pixels4<TColumns>(
        in ConvolutionTile tile, float* source, int* sources, float* weights, float* start, float* result, int* results, int pixels)
        where TColumns : struct, ITileColumns
    {
        int n = TOps.Count, last = pixels - 1;
        var mask = TOps.FirstElements(tile.TailCount);
        float* p0 = source + sources[0], p1 = source + sources[Math.Min(1, last)];
        float* p2 = source + sources[Math.Min(2, last)], p3 = source + sources[last];
        TVector c00 = default, c01 = default;
        if (start != null)
        {
            ProductTiles<TOps, TVector>.LoadPair<TColumns>(start, mask, out c00, out c01);
        }

        TVector c10 = c00, c20 = c00, c30 = c00;
        TVector c11 = c01, c21 = c01, c31 = c01;
        float* w = weights;
        for (int segment = 0; segment < tile.SegmentCount; segment++)
        {
            nint at = tile.Segments[segment] * sizeof(float), end = at + (nint)tile.SegmentLength * sizeof(float);
            for (; at < end; at += sizeof(float))
            {
                var b0 = TOps.Load(w);
                var b1 = TColumns.Two ? TOps.Load(w + n) : default;
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p0 + at, b0, b1, ref c00, ref c01);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p1 + at, b0, b1, ref c10, ref c11);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p2 + at, b0, b1, ref c20, ref c21);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)p3 + at, b0, b1, ref c30, ref c31);
                w += TColumns.Two ? 2 * n : n;
            }
        }

        if (tile.Add)
        {
            Add<TColumns>(result + results[0], mask, ref c00, ref c01);
            Add<TColumns>(result + results[Math.Min(1, last)], mask, ref c10, ref c11);
            Add<TColumns>(result + results[Math.Min(2, last)], mask, ref c20, ref c21);
            Add<TColumns>(result + results[last], mask, ref c30, ref c31);
        }

        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[last], mask, c30, c31, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(2, last)], mask, c20, c21, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[Math.Min(1, last)], mask, c10, c11, false);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + results[0], mask, c00, c01, false);
    }

    /// <summary>Adds what a pixel of the result holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TColumns>(float* held, TVector mask, ref TVector first, ref TVector second)
        where TColumns : struct, ITileColumns
    {
        ProductTiles<TOps, TVector>.LoadPair<TColumns>(held, mask, out var heldFirst, out var heldSecond);
        first = TOps.Add(heldFirst, first);
        if (TColumns.Two)
        {
            second = TOps.Add(heldSecond, second);
        }
    }
}

/// <summary>
/// What becomes of the sums of a convolution: they start from a bias, are normalized by factors whose roots are 1, and f is applied.
/// </summary>
/// <param name="bias">The bias of every channel of the result, or null.</param>
/// <param name="factors">The centers, scales and shifts of every channel of the result, or null.</param>
/// <param name="map">f.</param>
internal readonly unsafe struct SumFinish<TMap>(float* bias, float* factors, TMap map) where TMap : struct, IUnaryMap
{
    public float* Bias => bias;

    public float* Factors => factors;

    public TMap Map => map;
}
