using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>What the register tiles of one block have in common. Strides and steps are in bytes.</summary>
internal struct TileLayout
{
    public nint ARow;
    public nint AStep;
    public nint BStep;
    public nint CRow;
    public int Depth;

    /// <summary>Elements of the last vector where a tile is masked.</summary>
    public int TailCount;

    /// <summary>The block's products are added to C instead of replacing it.</summary>
    public bool Add;
}

/// <summary>The columns of a register tile: one or two vectors, the last of them whole or masked.</summary>
internal interface ITileColumns
{
    static abstract bool Two { get; }

    static abstract bool Masked { get; }
}

internal readonly struct TwoVectors : ITileColumns
{
    public static bool Two => true;

    public static bool Masked => false;
}

internal readonly struct TwoVectorsMasked : ITileColumns
{
    public static bool Two => true;

    public static bool Masked => true;
}

internal readonly struct OneVectorMasked : ITileColumns
{
    public static bool Two => false;

    public static bool Masked => true;
}

/// <summary>
/// Register tiles: a few rows and columns of C, accumulated along the depth of a block. Every element is one chain of fused
/// multiply-adds in the order of k, whatever the tile, so that the choice of tiles does not show in the bits.
/// </summary>
/// <remarks>A tile with fewer rows than it has registers for repeats its last row and does not store the repetitions.</remarks>
internal static unsafe class ProductTiles<TOps, TVector>
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    /// <summary>Vectors of the tile of a single row.</summary>
    public const int RowTileVectors = 8;

    /// <summary>5 to 8 rows. <paramref name="start"/> holds what the chains start with, or is null for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Rows8<TColumns>(in TileLayout layout, float* a, float* b, float* c, float* start, int rows)
        where TColumns : struct, ITileColumns
    {
        var mask = TOps.FirstElements(layout.TailCount);
        nint aRow = layout.ARow;
        byte* a0 = (byte*)a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow;
        byte* a5 = rows > 5 ? a4 + aRow : a4, a6 = rows > 6 ? a5 + aRow : a5, a7 = rows > 7 ? a6 + aRow : a6;
        TVector c00 = default, c01 = default;
        if (start != null)
        {
            LoadPair<TColumns>(start, mask, out c00, out c01);
        }

        TVector c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        TVector c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        nint aStep = layout.AStep, bStep = layout.BStep, step = 0;
        byte* bRow = (byte*)b;
        for (int k = layout.Depth; k > 0; k--)
        {
            LoadPair<TColumns>((float*)bRow, mask, out var b0, out var b1);
            MultiplyAdd<TColumns>(a0 + step, b0, b1, ref c00, ref c01);
            MultiplyAdd<TColumns>(a1 + step, b0, b1, ref c10, ref c11);
            MultiplyAdd<TColumns>(a2 + step, b0, b1, ref c20, ref c21);
            MultiplyAdd<TColumns>(a3 + step, b0, b1, ref c30, ref c31);
            MultiplyAdd<TColumns>(a4 + step, b0, b1, ref c40, ref c41);
            MultiplyAdd<TColumns>(a5 + step, b0, b1, ref c50, ref c51);
            MultiplyAdd<TColumns>(a6 + step, b0, b1, ref c60, ref c61);
            MultiplyAdd<TColumns>(a7 + step, b0, b1, ref c70, ref c71);
            step += aStep;
            bRow += bStep;
        }
        bool add = layout.Add;
        nint cRow = layout.CRow;
        byte* row = (byte*)c;
        StorePair<TColumns>((float*)row, mask, c00, c01, add);
        StorePair<TColumns>((float*)(row += cRow), mask, c10, c11, add);
        StorePair<TColumns>((float*)(row += cRow), mask, c20, c21, add);
        StorePair<TColumns>((float*)(row += cRow), mask, c30, c31, add);
        StorePair<TColumns>((float*)(row += cRow), mask, c40, c41, add);
        if (rows > 5)
        {
            StorePair<TColumns>((float*)(row += cRow), mask, c50, c51, add);
        }

        if (rows > 6)
        {
            StorePair<TColumns>((float*)(row += cRow), mask, c60, c61, add);
        }

        if (rows > 7)
        {
            StorePair<TColumns>((float*)(row + cRow), mask, c70, c71, add);
        }
    }

    /// <summary>1 to 4 rows, otherwise as <see cref="Rows8"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Rows4<TColumns>(in TileLayout layout, float* a, float* b, float* c, float* start, int rows)
        where TColumns : struct, ITileColumns
    {
        var mask = TOps.FirstElements(layout.TailCount);
        nint aRow = layout.ARow;
        byte* a0 = (byte*)a, a1 = rows > 1 ? a0 + aRow : a0, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
        TVector c00 = default, c01 = default;
        if (start != null)
        {
            LoadPair<TColumns>(start, mask, out c00, out c01);
        }

        TVector c10 = c00, c20 = c00, c30 = c00;
        TVector c11 = c01, c21 = c01, c31 = c01;
        nint aStep = layout.AStep, bStep = layout.BStep, step = 0;
        byte* bRow = (byte*)b;
        for (int k = layout.Depth; k > 0; k--)
        {
            LoadPair<TColumns>((float*)bRow, mask, out var b0, out var b1);
            MultiplyAdd<TColumns>(a0 + step, b0, b1, ref c00, ref c01);
            MultiplyAdd<TColumns>(a1 + step, b0, b1, ref c10, ref c11);
            MultiplyAdd<TColumns>(a2 + step, b0, b1, ref c20, ref c21);
            MultiplyAdd<TColumns>(a3 + step, b0, b1, ref c30, ref c31);
            step += aStep;
            bRow += bStep;
        }
        bool add = layout.Add;
        nint cRow = layout.CRow;
        byte* row = (byte*)c;
        StorePair<TColumns>((float*)row, mask, c00, c01, add);
        if (rows > 1)
        {
            StorePair<TColumns>((float*)(row += cRow), mask, c10, c11, add);
        }

        if (rows > 2)
        {
            StorePair<TColumns>((float*)(row += cRow), mask, c20, c21, add);
        }

        if (rows > 3)
        {
            StorePair<TColumns>((float*)(row + cRow), mask, c30, c31, add);
        }
    }

    /// <summary>One row, <see cref="RowTileVectors"/> whole vectors wide: as many chains as hide the latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Row1(in TileLayout layout, float* a, float* b, float* c, float* start)
    {
        int n = TOps.Count;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        if (start != null)
        {
            c0 = TOps.Load(start);
            c1 = TOps.Load(start + n);
            c2 = TOps.Load(start + 2 * n);
            c3 = TOps.Load(start + 3 * n);
            c4 = TOps.Load(start + 4 * n);
            c5 = TOps.Load(start + 5 * n);
            c6 = TOps.Load(start + 6 * n);
            c7 = TOps.Load(start + 7 * n);
        }
        nint aStep = layout.AStep, bStep = layout.BStep;
        byte* x = (byte*)a, bRow = (byte*)b;
        for (int k = layout.Depth; k > 0; k--)
        {
            var factor = TOps.Broadcast((float*)x);
            float* row = (float*)bRow;
            c0 = TOps.FusedMultiplyAdd(TOps.Load(row), factor, c0);
            c1 = TOps.FusedMultiplyAdd(TOps.Load(row + n), factor, c1);
            c2 = TOps.FusedMultiplyAdd(TOps.Load(row + 2 * n), factor, c2);
            c3 = TOps.FusedMultiplyAdd(TOps.Load(row + 3 * n), factor, c3);
            c4 = TOps.FusedMultiplyAdd(TOps.Load(row + 4 * n), factor, c4);
            c5 = TOps.FusedMultiplyAdd(TOps.Load(row + 5 * n), factor, c5);
            c6 = TOps.FusedMultiplyAdd(TOps.Load(row + 6 * n), factor, c6);
            c7 = TOps.FusedMultiplyAdd(TOps.Load(row + 7 * n), factor, c7);
            x += aStep;
            bRow += bStep;
        }
        bool add = layout.Add;
        StorePair<TwoVectors>(c, default, c0, c1, add);
        StorePair<TwoVectors>(c + 2 * n, default, c2, c3, add);
        StorePair<TwoVectors>(c + 4 * n, default, c4, c5, add);
        StorePair<TwoVectors>(c + 6 * n, default, c6, c7, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd<TColumns>(byte* a, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
        where TColumns : struct, ITileColumns
    {
        var factor = TOps.Broadcast((float*)a);
        c0 = TOps.FusedMultiplyAdd(factor, b0, c0);
        if (TColumns.Two)
        {
            c1 = TOps.FusedMultiplyAdd(factor, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<TColumns>(float* source, TVector mask, out TVector first, out TVector second)
        where TColumns : struct, ITileColumns
    {
        second = default;
        if (!TColumns.Two)
        {
            first = TOps.LoadMasked(source, mask);
            return;
        }
        first = TOps.Load(source);
        second = TColumns.Masked ? TOps.LoadMasked(source + TOps.Count, mask) : TOps.Load(source + TOps.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePair<TColumns>(float* target, TVector mask, TVector first, TVector second, bool add)
        where TColumns : struct, ITileColumns
    {
        if (add)
        {
            LoadPair<TColumns>(target, mask, out var old0, out var old1);
            first = TOps.Add(old0, first);
            if (TColumns.Two)
            {
                second = TOps.Add(old1, second);
            }
        }
        if (!TColumns.Two)
        {
            TOps.StoreMasked(target, mask, first);
            return;
        }
        TOps.Store(target, first);
        if (TColumns.Masked)
        {
            TOps.StoreMasked(target + TOps.Count, mask, second);
        }
        else
        {
            TOps.Store(target + TOps.Count, second);
        }
    }
}
