namespace TinyNet.Core;

/// <summary>How a product is cut: blocks of K, which shape the bits and so depend on the shape alone, and units of work.</summary>
internal struct ProductPlan
{
    // 256 rows of one panel stay in the first-level cache, those of 512 columns in a quarter of the second-level cache.
    private const int MaximumDepth = 256;
    private const int MaximumStripColumns = 512;
    private const int MinimumUnitRows = 16;

    // A transposed block of C waits in scratch memory: this many of its rows.
    private const int TransposedUnitRows = 256;

    /// <summary>Rows of A, packed if need be, that stay in the second-level cache while the panels of a strip pass by.</summary>
    public const int GroupRows = 48;

    // A row-major B is packed when it is read often enough and does not stay in the second-level cache as it is. Rows a page
    // or more apart do that less well: they compete for few cache sets.
    private const int PackingRows = 64;
    private const long PackingElements = 224 * 1024;
    private const int FarApart = 1024;
    private const long PackingElementsFarApart = 64 * 1024;

    // What the threads get evens out if they share a few more units than they are.
    private const int UnitsPerThread = 2;

    // With fewer rows a thread it does not pay that each reads all of B.
    private const int RowsPerThread = 64;

    // Below this many multiply-adds a unit is too small to be handed out.
    private const long UnitWork = 32 * 1024;

    private const int MaximumTileRows = 8;

    // A product of one or two rows reads B once, and best in whole rows: threads share out the depth.
    private const int DeepProductRows = 2;

    // Where cores are far from each other, the rows of a weight stay with the core that updates them, as its gradient does: threads share
    // out the depth of more rows too, though their sums must be added.
    private const int DeepProductRowsFar = 64;
    private const int MaximumPartials = 64 * 1024;

    // An A of this size has left the second-level cache before the next strip reads it again.
    private const long FarElements = 384 * 1024;

    public int Depth;
    public bool PackB;

    /// <summary>The task computes Cᵀ, which is transposed when it is stored.</summary>
    public bool TransposeC;
    public int StripColumns;
    public long ScratchLength;

    /// <summary>From the results of one block of K to those of the next; 0 where they are added up in C.</summary>
    public int PartialStride;
    private int _products;
    private int _unitProducts;
    private int _unitRows;
    private int _rowUnits;
    private int _strips;
    private int _unitDepth;

    public int Units { readonly get; private set; }

    /// <summary>Floats of scratch memory for packed operands; the transposed block follows.</summary>
    public readonly long PackedLength => (long)Depth * (StripColumns + GroupRows + MaximumTileRows);

    public static ProductPlan Of(
        in MatrixProductTask task, int products, int tileColumns, bool transposeC, bool areDotProducts, int threads)
    {
        ProductPlan plan = default;
        plan._products = products;
        int blocks = Math.Max(1, BlockCount.Of(task.K, MaximumDepth));
        plan.Depth = Math.Max(1, BlockCount.Of(task.K, blocks));
        long packingElements = Math.Abs(task.B.RowStride) < FarApart ? PackingElements : PackingElementsFarApart;
        plan.PackB = task.B.ColumnStride != 1 || (task.M >= PackingRows && (long)task.K * task.N >= packingElements);
        plan.TransposeC = transposeC;
        plan.StripColumns = RoundUp(task.N, tileColumns);
        if (plan.PackB)
        {
            plan.StripColumns = Math.Min(MaximumStripColumns, plan.StripColumns);
        }

        plan._unitRows = transposeC ? Math.Min(task.M, TransposedUnitRows) : task.M;
        plan._unitProducts = products;
        plan._unitDepth = Math.Max(1, task.K);
        if (threads > 1)
        {
            plan.CutForThreads(task, tileColumns, areDotProducts, threads);
        }

        plan._strips = BlockCount.Of(task.N, plan.StripColumns);
        plan._rowUnits = BlockCount.Of(task.M, plan._unitRows);
        plan.Units = BlockCount.Of(products, plan._unitProducts) * plan._strips * plan._rowUnits * plan.DepthUnits(task);
        plan.ScratchLength = plan.PackedLength;
        if (transposeC)
        {
            plan.ScratchLength += (long)plan._unitRows * plan.StripColumns;
        }

        return plan;
    }

    private void CutForThreads(in MatrixProductTask task, int tileColumns, bool areDotProducts, int threads)
    {
        int wanted = UnitsPerThread * threads;
        if (_products == 1 && !PackB && !TransposeC && task.M >= (long)RowsPerThread * threads)
        {
            // Rows: what works on the result next, row by row, finds it in the cache of its own core.
            _unitRows = RoundUp(BlockCount.Of(task.M, wanted), MaximumTileRows);
            return;
        }
        int blocks = BlockCount.Of(task.K, Depth);
        int deepRows = WorkSplitter.AreCoresFar ? DeepProductRowsFar : DeepProductRows;
        bool sharesDepth = _products == 1 && !PackB && !TransposeC && !areDotProducts && task.M <= deepRows;
        if (sharesDepth && blocks >= wanted && (long)task.M * task.N * blocks <= MaximumPartials)
        {
            PartialStride = task.M * task.N;
            _unitDepth = BlockCount.Of(blocks, wanted) * Depth;
            return;
        }

        long work = Math.Max(1, (long)task.M * task.N * task.K);
        _unitProducts = (int)Math.Max(BlockCount.Of(_products, wanted), Math.Min(_products, UnitWork / work));
        int groups = BlockCount.Of(_products, _unitProducts);
        if ((long)task.M * task.K >= FarElements)
        {
            wanted = threads;
        }

        int cuts = BlockCount.Of(wanted, groups);
        if (cuts == 1)
        {
            return;
        }

        if (!TransposeC)
        {
            StripColumns = Math.Min(StripColumns, RoundUp(BlockCount.Of(task.N, cuts), tileColumns));
        }

        int strips = BlockCount.Of(task.N, StripColumns);
        if (strips >= cuts)
        {
            return;
        }

        int rowCuts = BlockCount.Of(cuts, strips);
        _unitRows = Math.Min(_unitRows, Math.Max(MinimumUnitRows, RoundUp(BlockCount.Of(task.M, rowCuts), MaximumTileRows)));
    }

    /// <summary>The products, rows and columns of a unit.</summary>
    public readonly ProductBlock Block(int unit, in MatrixProductTask task)
    {
        (unit, int depthUnit) = Math.DivRem(unit, DepthUnits(task));
        (unit, int rowUnit) = Math.DivRem(unit, _rowUnits);
        (int group, int strip) = Math.DivRem(unit, _strips);
        ProductBlock block;
        block.FirstProduct = group * _unitProducts;
        block.EndProduct = Math.Min(block.FirstProduct + _unitProducts, _products);
        block.Row = rowUnit * _unitRows;
        block.Rows = Math.Min(_unitRows, task.M - block.Row);
        block.Column = strip * StripColumns;
        block.Columns = Math.Min(StripColumns, task.N - block.Column);
        block.FirstDepth = depthUnit * _unitDepth;
        block.EndDepth = Math.Min(block.FirstDepth + _unitDepth, task.K);
        return block;
    }

    /// <summary>Floats of the results of all blocks of K where they are kept apart.</summary>
    public readonly int PartialsLength(in MatrixProductTask task) => BlockCount.Of(task.K, Depth) * PartialStride;

    private readonly int DepthUnits(in MatrixProductTask task) => BlockCount.Of(Math.Max(1, task.K), _unitDepth);

    private static int RoundUp(int value, int multiple) => BlockCount.Of(value, multiple) * multiple;
}

/// <summary>A range of products of a batch, and of rows, columns and depth in each.</summary>
internal struct ProductBlock
{
    public int FirstProduct;
    public int EndProduct;
    public int Row;
    public int Rows;
    public int Column;
    public int Columns;
    public int FirstDepth;
    public int EndDepth;
}
