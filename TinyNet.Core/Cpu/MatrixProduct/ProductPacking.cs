using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>Copies operands into the order in which the kernels read them, and transposed results back.</summary>
internal static unsafe class ProductPacking
{
    private const int SquareSize = 8;

    /// <summary>
    /// Packs <paramref name="depth"/> rows and <paramref name="columns"/> columns of B into panels as wide as a register tile, each
    /// with contiguous rows. The last panel is not filled up: the kernels mask it.
    /// </summary>
    public static void PackColumns<TOps, TVector>(in MatrixOperand b, int depth, int columns, float* target)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int width = 2 * TOps.Count;
        if (b.ColumnStride == 1)
        {
            int whole = columns / width * width;
            CopyPanels<TOps, TVector>(b.Pointer, b.RowStride, depth, whole / width, target);
            if (whole < columns)
            {
                CopyLastPanel<TOps, TVector>(b.Pointer + whole, b.RowStride, depth, columns - whole, target + (nint)depth * whole);
            }

            return;
        }
        for (int first = 0; first < columns; first += width, target += (nint)depth * width)
        {
            int count = Math.Min(width, columns - first);
            GatherPanel(b.Pointer + first * b.ColumnStride, b.RowStride, b.ColumnStride, depth, count, target, width);
        }
    }

    /// <summary>
    /// Packs rows of A tile by tile, <paramref name="tileStep"/> floats apart, so that the elements that a register tile needs for
    /// one k are neighbours.
    /// </summary>
    public static void PackRows(in MatrixOperand a, int depth, int rows, int tileRows, float* target, nint tileStep)
    {
        float* source = a.Pointer;
        for (; rows > 0; rows -= tileRows, source += tileRows * a.RowStride, target += tileStep)
        {
            if (a.RowStride == 1 && rows >= tileRows)
            {
                CopyRows(source, a.ColumnStride, depth, tileRows, target);
            }
            else
            {
                GatherPanel(source, a.ColumnStride, a.RowStride, depth, Math.Min(rows, tileRows), target, tileRows);
            }
        }
    }

    /// <summary>Packs columns one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackVectors(in MatrixOperand b, int depth, int columns, float* target)
    {
        float* source = b.Pointer;
        for (int k = 0; k < depth; k++, source += b.RowStride)
        {
            for (int column = 0; column < columns; column++)
            {
                target[(nint)column * depth + k] = source[column * b.ColumnStride];
            }
        }
    }

    /// <summary>Cᵀ → C, adding the bias of C's columns (the source's rows) and, if asked to, what C held before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StoreTransposed(float* source, nint sourceStride, int rows, int columns, float* c, nint cRowStride, float* bias,
        bool accumulate)
    {
        if (bias == null && !accumulate && rows >= SquareSize && columns >= SquareSize && Avx.IsSupported)
        {
            for (int row = 0; row < rows; row = Next(row, rows))
            {
                for (int column = 0; column < columns; column = Next(column, columns))
                {
                    Transpose8x8(source + row * sourceStride + column, sourceStride, c + column * cRowStride + row, cRowStride);
                }
            }
            return;
        }
        for (int row = 0; row < rows; row += SquareSize)
        {
            int rowEnd = Math.Min(row + SquareSize, rows);
            for (int column = 0; column < columns; column++)
            {
                float* target = c + column * cRowStride;
                for (int i = row; i < rowEnd; i++)
                {
                    float sum = source[i * sourceStride + column];
                    if (bias != null)
                    {
                        sum += bias[i];
                    }

                    target[i] = accumulate ? target[i] + sum : sum;
                }
            }
        }
    }

    // All panels row by row, because the processor foresees reads that follow on each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPanels<TOps, TVector>(float* source, nint rowStride, int depth, int panels, float* target)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count;
        nint panelStride = (nint)depth * 2 * n;
        for (int k = 0; k < depth; k++, source += rowStride, target += 2 * n)
        {
            float* from = source, to = target;
            for (int panel = 0; panel < panels; panel++, from += 2 * n, to += panelStride)
            {
                TOps.Store(to, TOps.Load(from));
                TOps.Store(to + n, TOps.Load(from + n));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLastPanel<TOps, TVector>(float* source, nint rowStride, int depth, int columns, float* target)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count, secondCount = columns - n;
        var firstMask = TOps.FirstElements(Math.Min(columns, n));
        var secondMask = TOps.FirstElements(Math.Max(secondCount, 1));
        for (int k = 0; k < depth; k++, source += rowStride, target += 2 * n)
        {
            TOps.Store(target, TOps.LoadMasked(source, firstMask));
            if (secondCount > 0)
            {
                TOps.Store(target + n, TOps.LoadMasked(source + n, secondMask));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* source, nint stride, int depth, int rows, float* target)
    {
        if (rows == Vector256<float>.Count)
        {
            for (int k = 0; k < depth; k++, source += stride, target += rows)
            {
                Vector256.Load(source).Store(target);
            }

            return;
        }
        for (int k = 0; k < depth; k++, source += stride, target += rows)
        {
            Vector128.Load(source).Store(target);
        }
    }

    /// <summary>Packs a panel from any strides; fast if the columns are neighbours, or the rows, which is a transposition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherPanel(float* source, nint rowStride, nint columnStride, int depth, int columns, float* target, int width)
    {
        if (rowStride == 1 && depth >= SquareSize && columns >= SquareSize && Avx.IsSupported)
        {
            for (int column = 0; column < columns; column = Next(column, columns))
            {
                for (int k = 0; k < depth; k = Next(k, depth))
                {
                    Transpose8x8(source + column * columnStride + k, columnStride, target + (nint)k * width + column, width);
                }
            }
            return;
        }
        for (int k = 0; k < depth; k++, source += rowStride, target += width)
        {
            if (columnStride == 1)
            {
                new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, columns));
                continue;
            }

            for (int column = 0; column < columns; column++)
            {
                target[column] = source[column * columnStride];
            }
        }
    }

    /// <summary>Where the next square begins: the last one overlaps the one before, so that all are whole.</summary>
    private static int Next(int position, int end)
    {
        int next = position + SquareSize;
        return next < end ? Math.Min(next, end - SquareSize) : end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x8(float* source, nint sourceStride, float* target, nint targetStride)
    {
        Transpose8x4(source, sourceStride, target, targetStride);
        Transpose8x4(source + 4, sourceStride, target + 4 * targetStride, targetStride);
    }

    // Half rows four apart are loaded into one register, so that two rounds of shuffles within halves do the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x4(float* source, nint sourceStride, float* target, nint targetStride)
    {
        float* lower = source + 4 * sourceStride;
        var r0 = Vector256.Create(Vector128.Load(source), Vector128.Load(lower));
        var r1 = Vector256.Create(Vector128.Load(source + sourceStride), Vector128.Load(lower + sourceStride));
        var r2 = Vector256.Create(Vector128.Load(source + 2 * sourceStride), Vector128.Load(lower + 2 * sourceStride));
        var r3 = Vector256.Create(Vector128.Load(source + 3 * sourceStride), Vector128.Load(lower + 3 * sourceStride));
        var low01 = Avx.UnpackLow(r0, r1);
        var high01 = Avx.UnpackHigh(r0, r1);
        var low23 = Avx.UnpackLow(r2, r3);
        var high23 = Avx.UnpackHigh(r2, r3);
        Avx.Shuffle(low01, low23, 0x44).Store(target);
        Avx.Shuffle(low01, low23, 0xEE).Store(target + targetStride);
        Avx.Shuffle(high01, high23, 0x44).Store(target + 2 * targetStride);
        Avx.Shuffle(high01, high23, 0xEE).Store(target + 3 * targetStride);
    }
}
