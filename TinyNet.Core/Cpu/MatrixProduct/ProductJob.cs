using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>A batch of matrix products on one vector width. A unit is some products, or a block of rows and columns of one.</summary>
internal unsafe struct ProductJob<TOps, TVector>(MatrixProductTask* task, ProductPlan plan, float* partials) : IJob
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    // Floats of B that the first-level cache holds beside the rows of A that pass by.
    private const long NearElements = 8 * 1024;

    // A that is not contiguous along K is packed from this depth on: each step of k is then a cache line of its own.
    private const int PackingDepth = 48;

    private const int CacheLineElements = 16;

    // A shallower tile is done before what is fetched ahead would come.
    private const int PrefetchingDepth = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run(int unit)
    {
        var block = plan.Block(unit, *task);
        float* scratch = ThreadScratch.Rent(plan.ScratchLength);
        for (int product = block.FirstProduct; product < block.EndProduct; product++)
        {
            task->Locate(product, out var a, out var b, out float* c);
            a.Pointer += block.Row * a.RowStride;
            b.Pointer += block.Column * b.ColumnStride;
            if (plan.PartialStride > 0)
            {
                float* partial = partials + (nint)(block.FirstDepth / plan.Depth) * plan.PartialStride;
                MultiplyBlock(a, b, partial, task->N, block, block.FirstDepth == 0 ? task->Bias : null, false, scratch);
                continue;
            }

            if (!plan.TransposeC)
            {
                c += block.Row * task->CRowStride + block.Column;
                MultiplyBlock(a, b, c, task->CRowStride, block, task->BiasOf(product, block.Column), task->Accumulate, scratch);
                continue;
            }
            // Here rows and columns of the task are those of the transposed C, and so is the bias.
            float* transposed = scratch + plan.PackedLength;
            MultiplyBlock(a, b, transposed, plan.StripColumns, block, null, false, scratch);
            ProductPacking.StoreTransposed(transposed, plan.StripColumns, block.Rows, block.Columns,
                c + block.Row + block.Column * task->CRowStride, task->CRowStride,
                task->BiasOf(product, block.Row), task->Accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void MultiplyBlock(MatrixOperand a, MatrixOperand b, float* c, nint cRowStride, in ProductBlock range, float* bias,
        bool accumulate, float* scratch)
    {
        int rows = range.Rows, columns = range.Columns, width = 2 * TOps.Count, tileRows = TOps.TileRows, tail = columns % TOps.Count;
        bool packA = a.ColumnStride != 1 && plan.Depth >= PackingDepth && columns > width;
        int groupRows = plan.PackB || packA ? ProductPlan.GroupRows : (long)plan.Depth * columns <= NearElements ? tileRows : rows;
        float* packedA = scratch + plan.Depth * plan.StripColumns;
        TileLayout layout;
        layout.ARow = (packA ? 1 : a.RowStride) * sizeof(float);
        layout.AStep = (packA ? tileRows : a.ColumnStride) * sizeof(float);
        layout.BStep = (plan.PackB ? width : b.RowStride) * sizeof(float);
        layout.CRow = cRowStride * sizeof(float);
        layout.Add = accumulate;
        layout.TailCount = tail == 0 ? TOps.Count : tail;
        nint tileStep = packA ? tileRows * plan.Depth : tileRows * a.RowStride;
        int k = range.FirstDepth;
        do
        {
            int depth = Math.Min(plan.Depth, range.EndDepth - k);
            layout.Depth = depth;
            nint panelStep = plan.PackB ? depth : 1;
            float* blockOfA = a.Pointer + k * a.ColumnStride;
            float* blockOfB = b.Pointer + k * b.RowStride;
            if (plan.PackB)
            {
                ProductPacking.PackColumns<TOps, TVector>(b with { Pointer = blockOfB }, depth, columns, scratch);
                blockOfB = scratch;
            }
            for (int row = 0; row < rows; row += groupRows)
            {
                int count = Math.Min(groupRows, rows - row);
                var group = a with { Pointer = blockOfA + row * a.RowStride };
                float* ahead = null;
                if (packA)
                {
                    ProductPacking.PackRows(group, depth, count, tileRows, packedA, tileStep);
                    group.Pointer = packedA;
                }
                else if (plan.PackB && a.ColumnStride == 1)
                {
                    // What comes after this group: the next, or the first of the next block.
                    ahead = row + groupRows < rows ? group.Pointer + groupRows * a.RowStride : blockOfA + depth;
                }
                MultiplyGroup(layout, group.Pointer, tileStep, blockOfB, panelStep, c + row * cRowStride, bias, count, columns, ahead);
            }
            bias = null;
            layout.Add = plan.PartialStride == 0;
            c += plan.PartialStride;
            k += depth;
        }
        while (k < range.EndDepth);
    }

    /// <summary>A group of rows times a strip, tile by tile; all rows pass by a panel while it is near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyGroup(in TileLayout layout, float* a, nint tileStep, float* b, nint panelStep, float* c, float* bias,
        int rows, int columns, float* ahead)
    {
        int width = 2 * TOps.Count, tileRows = TOps.TileRows;
        int column = rows <= 2 && panelStep == 1 ? MultiplyWide(layout, a, b, c, bias, rows, columns) : 0;
        int panels = BlockCount.Of(columns, width), fetchLength = BlockCount.Of(layout.Depth, panels);
        for (; column < columns; column += width, ahead = Advance(ahead, fetchLength))
        {
            float* start = Advance(bias, column), panel = b + column * panelStep, tileOfA = a;
            byte* tileOfC = (byte*)(c + column), rowsAhead = (byte*)ahead;
            int left = columns - column;
            for (int row = 0; row < rows; row += tileRows, tileOfA += tileStep, tileOfC += tileRows * layout.CRow)
            {
                int count = Math.Min(tileRows, rows - row);
                if (ahead != null)
                {
                    PrefetchRows(rowsAhead, layout.ARow, count, fetchLength);
                    rowsAhead += tileRows * layout.ARow;
                }
                if (left >= width)
                {
                    MultiplyTile<TwoVectors>(layout, tileOfA, panel, (float*)tileOfC, start, count);
                }
                else if (left > TOps.Count)
                {
                    MultiplyTile<TwoVectorsMasked>(layout, tileOfA, panel, (float*)tileOfC, start, count);
                }
                else
                {
                    MultiplyTile<OneVectorMasked>(layout, tileOfA, panel, (float*)tileOfC, start, count);
                }
            }
        }
    }

    /// <summary>One or two rows times the columns that fill whole wide tiles; returns how many those are.</summary>
    private static int MultiplyWide(in TileLayout layout, float* a, float* b, float* c, float* bias, int rows, int columns)
    {
        int width = ProductTiles<TOps, TVector>.RowTileVectors * TOps.Count, column = 0;
        for (; column <= columns - width; column += width)
        {
            float* start = Advance(bias, column);
            for (int row = 0; row < rows; row++)
            {
                ProductTiles<TOps, TVector>.Row1(layout, (float*)((byte*)a + row * layout.ARow), b + column,
                    (float*)((byte*)(c + column) + row * layout.CRow), start);
            }
        }
        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<TColumns>(in TileLayout layout, float* a, float* b, float* c, float* start, int rows)
        where TColumns : struct, ITileColumns
    {
        if (layout.Depth >= PrefetchingDepth)
        {
            PrefetchTile(layout, c, rows);
        }

        if (rows > 4)
        {
            ProductTiles<TOps, TVector>.Rows8<TColumns>(layout, a, b, c, start, rows);
        }
        else
        {
            ProductTiles<TOps, TVector>.Rows4<TColumns>(layout, a, b, c, start, rows);
        }
    }

    /// <summary>Has the lines of C brought near while the products are summed up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchTile(in TileLayout layout, float* c, int rows)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        byte* line = (byte*)c;
        for (int row = 0; row < rows; row++, line += layout.CRow)
        {
            Sse.Prefetch0(line);
            Sse.Prefetch0(line + (2 * TOps.Count - 1) * sizeof(float));
        }
    }

    /// <summary>
    /// Has a part of a few rows of A brought into the second-level cache, each tile its part of the next group: the stretches
    /// are too short for the processor to foresee.
    /// </summary>
    private static void PrefetchRows(byte* a, nint rowStride, int rows, int length)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int row = 0; row < rows; row++, a += rowStride)
        {
            for (int i = 0; i < length; i += CacheLineElements)
            {
                Sse.Prefetch1(a + i * sizeof(float));
            }
        }
    }

    /// <summary>C from the results of all blocks of K, in their order.</summary>
    public readonly void AddPartials()
    {
        int length = plan.PartialsLength(*task);
        for (int row = 0; row < task->M; row++)
        {
            var c = new Span<float>(task->C + row * task->CRowStride, task->N);
            bool add = task->Accumulate;
            for (int at = row * task->N; at < length; at += plan.PartialStride, add = true)
            {
                var partial = new ReadOnlySpan<float>(partials + at, task->N);
                if (add)
                {
                    TensorPrimitives.Add(c, partial, c);
                }
                else
                {
                    partial.CopyTo(c);
                }
            }
        }
    }

    private static float* Advance(float* pointer, int count) => pointer == null ? null : pointer + count;
}
