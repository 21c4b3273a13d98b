using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A batch of matrix products on one vector width. A unit is some products, or a block of rows and columns of one.</summary>
internal unsafe struct ProductJob<TOps, TVector>(MatrixProductTask* task, ProductPlan plan) : IJob
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    // Floats of B that the first-level cache holds beside the rows of A that pass by.
    private const long NearElements = 8 * 1024;

    // A that is not contiguous along K is packed from this depth on: each step of k is then a cache line of its own.
    private const int PackingDepth = 48;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int unit)
    {
        var block = plan.Block(unit, *task);
        float* scratch = ProductScratch.Rent(plan.ScratchLength);
        float* bias = task->Bias == null ? null : task->Bias + block.Column;
        for (int product = block.FirstProduct; product < block.EndProduct; product++)
        {
            task->Locate(product, out var a, out var b, out float* c);
            a.Pointer += block.Row * a.RowStride;
            b.Pointer += block.Column * b.ColumnStride;
            if (!plan.TransposeC)
            {
                c += block.Row * task->CRowStride + block.Column;
                MultiplyBlock(a, b, c, task->CRowStride, block.Rows, block.Columns, bias, task->Accumulate, scratch);
                continue;
            }
            // Here rows and columns of the task are those of the transposed C, and so is the bias.
            float* transposed = scratch + plan.PackedLength;
            MultiplyBlock(a, b, transposed, plan.StripColumns, block.Rows, block.Columns, null, false, scratch);
            ProductPacking.StoreTransposed(transposed, plan.StripColumns, block.Rows, block.Columns,
                c + block.Row + block.Column * task->CRowStride, task->CRowStride,
                task->Bias == null ? null : task->Bias + block.Row, task->Accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MultiplyBlock(MatrixOperand a, MatrixOperand b, float* c, nint cRowStride, int rows, int columns, float* bias,
        bool accumulate, float* scratch)
    {
        int width = 2 * TOps.Count, tileRows = TOps.TileRows, tail = columns % TOps.Count;
        bool packA = a.ColumnStride != 1 && plan.Depth >= PackingDepth && columns > width;
        bool rowsOutside = plan.PackB || packA || (long)plan.Depth * columns <= NearElements;
        float* packedA = scratch + plan.Depth * plan.StripColumns;
        TileLayout layout;
        layout.ARow = (packA ? 1 : a.RowStride) * sizeof(float);
        layout.AStep = (packA ? tileRows : a.ColumnStride) * sizeof(float);
        layout.BStep = (plan.PackB ? width : b.RowStride) * sizeof(float);
        layout.CRow = cRowStride * sizeof(float);
        layout.Add = accumulate;
        layout.TailCount = tail == 0 ? TOps.Count : tail;
        int k = 0;
        do
        {
            int depth = Math.Min(plan.Depth, task->K - k);
            layout.Depth = depth;
            nint panelStride = plan.PackB ? (nint)depth * width : width;
            float* blockOfA = a.Pointer + k * a.ColumnStride;
            float* blockOfB = b.Pointer + k * b.RowStride;
            if (plan.PackB)
            {
                ProductPacking.PackColumns<TOps, TVector>(b with { Pointer = blockOfB }, depth, columns, scratch);
                blockOfB = scratch;
            }
            int stretch = rowsOutside || rows <= 2 ? columns : width;
            for (int column = 0; column < columns; column += stretch)
            {
                for (int row = 0; row < rows; row += tileRows)
                {
                    int count = Math.Min(tileRows, rows - row);
                    float* rowsOfA = blockOfA + row * a.RowStride;
                    if (packA)
                    {
                        ProductPacking.PackRows(a with { Pointer = rowsOfA }, depth, count, tileRows, packedA);
                        rowsOfA = packedA;
                    }
                    MultiplyRows(layout, rowsOfA, blockOfB + column, panelStride, c + row * cRowStride + column,
                        bias == null ? null : bias + column, count, Math.Min(stretch, columns - column));
                }
            }
            bias = null;
            layout.Add = true;
            k += depth;
        }
        while (k < task->K);
    }

    /// <summary>The rows of one tile times a strip of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRows(in TileLayout layout, float* a, float* b, nint panelStride, float* c, float* bias, int rows, int columns)
    {
        int width = 2 * TOps.Count;
        int wide = ProductTiles<TOps, TVector>.RowTileVectors * TOps.Count;
        if (rows <= 2 && panelStride == width)
        {
            for (; columns >= wide; columns -= wide, b += wide, c += wide, bias = Advance(bias, wide))
            {
                ProductTiles<TOps, TVector>.Row1(layout, a, b, c, bias);
                if (rows == 2)
                    ProductTiles<TOps, TVector>.Row1(layout, (float*)((byte*)a + layout.ARow), b, (float*)((byte*)c + layout.CRow), bias);
            }
        }
        for (; columns >= width; columns -= width, b += panelStride, c += width, bias = Advance(bias, width))
            MultiplyTile<TwoVectors>(layout, a, b, c, bias, rows);
        if (columns > TOps.Count) MultiplyTile<TwoVectorsMasked>(layout, a, b, c, bias, rows);
        else if (columns > 0) MultiplyTile<OneVectorMasked>(layout, a, b, c, bias, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<TColumns>(in TileLayout layout, float* a, float* b, float* c, float* start, int rows)
        where TColumns : struct, ITileColumns
    {
        if (rows > 4) ProductTiles<TOps, TVector>.Rows8<TColumns>(layout, a, b, c, start, rows);
        else ProductTiles<TOps, TVector>.Rows4<TColumns>(layout, a, b, c, start, rows);
    }

    private static float* Advance(float* pointer, int count) => pointer == null ? null : pointer + count;
}
