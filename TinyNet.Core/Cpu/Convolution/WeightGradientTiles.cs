using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>What the register tiles of a weight gradient have in common: lines of pixels to sum over. Steps are in elements.</summary>
internal struct WeightGradientTile
{
    public int Lines;
    public int LineLength;
    public nint SourceLineStep;
    public nint SourceStep;
    public nint GradientLineStep;
    public nint GradientStep;
    public nint ResultStep;

    /// <summary>Elements of the last vector where a tile is masked.</summary>
    public int TailCount;

    /// <summary>The sums are added to the result instead of replacing it.</summary>
    public bool Add;
}

/// <summary>
/// Register tiles of a weight gradient: neighboring elements of the source times channels of the gradient, summed over pixels. Every
/// element is one chain of fused multiply-adds in the order of the pixels.
/// </summary>
internal static unsafe class WeightGradientTiles<TOps, TVector>
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    /// <summary>8 elements of the source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Rows8<TColumns>(in WeightGradientTile tile, float* source, float* gradient, float* result)
        where TColumns : struct, ITileColumns
    {
        var mask = TOps.FirstElements(tile.TailCount);
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        nint sourceStep = tile.SourceStep, gradientStep = tile.GradientStep;
        for (int line = tile.Lines; line > 0; line--, source += tile.SourceLineStep, gradient += tile.GradientLineStep)
        {
            float* a = source, g = gradient;
            for (int k = tile.LineLength; k > 0; k--, a += sourceStep, g += gradientStep)
            {
                ProductTiles<TOps, TVector>.LoadPair<TColumns>(g, mask, out var b0, out var b1);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)a, b0, b1, ref c00, ref c01);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 1), b0, b1, ref c10, ref c11);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 2), b0, b1, ref c20, ref c21);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 3), b0, b1, ref c30, ref c31);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 4), b0, b1, ref c40, ref c41);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 5), b0, b1, ref c50, ref c51);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 6), b0, b1, ref c60, ref c61);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + 7), b0, b1, ref c70, ref c71);
            }
        }

        bool add = tile.Add;
        nint step = tile.ResultStep;
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result, mask, c00, c01, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + step, mask, c10, c11, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 2 * step, mask, c20, c21, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 3 * step, mask, c30, c31, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 4 * step, mask, c40, c41, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 5 * step, mask, c50, c51, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 6 * step, mask, c60, c61, add);
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 7 * step, mask, c70, c71, add);
    }

    /// <summary>1 to 4 elements of the source; a tile with fewer repeats its first and does not store the repetitions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Rows4<TColumns>(in WeightGradientTile tile, float* source, float* gradient, float* result, int rows)
        where TColumns : struct, ITileColumns
    {
        var mask = TOps.FirstElements(tile.TailCount);
        nint o1 = rows > 1 ? 1 : 0, o2 = rows > 2 ? 2 : 0, o3 = rows > 3 ? 3 : 0;
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        nint sourceStep = tile.SourceStep, gradientStep = tile.GradientStep;
        for (int line = tile.Lines; line > 0; line--, source += tile.SourceLineStep, gradient += tile.GradientLineStep)
        {
            float* a = source, g = gradient;
            for (int k = tile.LineLength; k > 0; k--, a += sourceStep, g += gradientStep)
            {
                ProductTiles<TOps, TVector>.LoadPair<TColumns>(g, mask, out var b0, out var b1);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)a, b0, b1, ref c00, ref c01);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + o1), b0, b1, ref c10, ref c11);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + o2), b0, b1, ref c20, ref c21);
                ProductTiles<TOps, TVector>.MultiplyAdd<TColumns>((byte*)(a + o3), b0, b1, ref c30, ref c31);
            }
        }

        bool add = tile.Add;
        nint step = tile.ResultStep;
        ProductTiles<TOps, TVector>.StorePair<TColumns>(result, mask, c00, c01, add);
        if (rows > 1)
        {
            ProductTiles<TOps, TVector>.StorePair<TColumns>(result + step, mask, c10, c11, add);
        }

        if (rows > 2)
        {
            ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 2 * step, mask, c20, c21, add);
        }

        if (rows > 3)
        {
            ProductTiles<TOps, TVector>.StorePair<TColumns>(result + 3 * step, mask, c30, c31, add);
        }
    }
}
