using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>Copies of matrices from any strides to dense rows.</summary>
internal static unsafe class StridedCopy
{
    private const int SquareSize = 8;

    /// <summary>
    /// Copies rows and columns of any strides to rows of <paramref name="width"/>; fast if the columns are neighbors, or the rows, which
    /// is a transposition.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Gather(float* source, nint rowStride, nint columnStride, int rows, int columns, float* target, int width)
    {
        if (rowStride == 1 && TryTranspose(source, columnStride, columns, rows, target, width))
        {
            return;
        }

        for (int row = 0; row < rows; row++, source += rowStride, target += width)
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

    /// <summary>Transposes a matrix of dense rows in squares; gives up where it is smaller than one, or the machine cannot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static bool TryTranspose(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        if (rows < SquareSize || columns < SquareSize || !Avx.IsSupported)
        {
            return false;
        }

        for (int row = 0; row < rows; row = Next(row, rows))
        {
            for (int column = 0; column < columns; column = Next(column, columns))
            {
                Transpose8x8(source + row * sourceStride + column, sourceStride, target + column * targetStride + row, targetStride);
            }
        }

        return true;
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
