using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TinyNet.Core;

/// <summary>Copies operands into the order in which the kernels read them, and transposed results back.</summary>
internal static unsafe class ProductPacking
{
    // Rows of the source that become one cache line of a row of C.
    private const int RowsAtOnce = 8;

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
            StridedCopy.Gather(b.Pointer + first * b.ColumnStride, b.RowStride, b.ColumnStride, depth, count, target, width);
        }
    }

    /// <summary>
    /// Packs rows of A tile by tile, <paramref name="tileStep"/> floats apart, so that the elements that a register tile needs for
    /// one k are neighbors.
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
                StridedCopy.Gather(source, a.ColumnStride, a.RowStride, depth, Math.Min(rows, tileRows), target, tileRows);
            }
        }
    }

    /// <summary>Packs columns one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void StoreTransposed(float* source, nint sourceStride, int rows, int columns, float* c, nint cRowStride, float* bias,
        bool accumulate)
    {
        if (bias == null && !accumulate && StridedCopy.TryTranspose(source, sourceStride, rows, columns, c, cRowStride))
        {
            return;
        }

        for (int row = 0; row < rows; row += RowsAtOnce)
        {
            int rowEnd = Math.Min(row + RowsAtOnce, rows);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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
}
