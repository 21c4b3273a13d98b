namespace TinyNet.Core;

/// <summary>How a product is cut: blocks of K, which shape the bits and so depend on the shape alone, and units of work.</summary>
internal struct ProductPlan
{
    // 512 rows of a 256-column strip fill a quarter of the second-level cache.
    private const int MaximumDepth = 512;
    private const int MaximumStripColumns = 256;
    private const int MinimumUnitRows = 16;

    // A transposed block of C waits in scratch memory: this many of its rows.
    private const int TransposedUnitRows = 256;

    // B is packed when it is read often enough and too large to stay near the core as it is.
    private const int PackingRows = 64;
    private const long PackingElements = 64 * 1024;

    // Below this many multiply-adds a unit is too small to be handed out.
    private const long UnitWork = 32 * 1024;

    private const int MaximumTileRows = 8;

    public int Depth;
    public bool PackB;

    /// <summary>The task computes Cᵀ, which is transposed when it is stored.</summary>
    public bool TransposeC;
    public int StripColumns;
    public int ScratchLength;
    private int _products;
    private int _unitProducts;
    private int _unitRows;
    private int _rowUnits;
    private int _strips;

    public int Units { readonly get; private set; }

    /// <summary>Floats of scratch memory for packed operands; the transposed block follows.</summary>
    public readonly int PackedLength => Depth * (StripColumns + MaximumTileRows);

    public static ProductPlan Of(in MatrixProductTask task, int products, int tileColumns, bool transposeC, int threads)
    {
        ProductPlan plan = default;
        plan._products = products;
        int blocks = Math.Max(1, (task.K + MaximumDepth - 1) / MaximumDepth);
        plan.Depth = Math.Max(1, (task.K + blocks - 1) / blocks);
        plan.PackB = task.B.ColumnStride != 1 || (task.M >= PackingRows && (long)task.K * task.N > PackingElements);
        plan.TransposeC = transposeC;
        plan.StripColumns = RoundUp(task.N, tileColumns);
        if (plan.PackB) plan.StripColumns = Math.Min(MaximumStripColumns, plan.StripColumns);
        plan._unitRows = transposeC ? Math.Min(task.M, TransposedUnitRows) : task.M;
        plan._unitProducts = products;
        if (threads > 1) plan.CutForThreads(task, tileColumns, threads);
        plan._strips = (task.N + plan.StripColumns - 1) / plan.StripColumns;
        plan._rowUnits = (task.M + plan._unitRows - 1) / plan._unitRows;
        plan.Units = (products + plan._unitProducts - 1) / plan._unitProducts * plan._strips * plan._rowUnits;
        if (plan.PackB || task.A.ColumnStride != 1 || transposeC) plan.ScratchLength = plan.PackedLength;
        if (transposeC) plan.ScratchLength += plan._unitRows * plan.StripColumns;
        return plan;
    }

    private void CutForThreads(in MatrixProductTask task, int tileColumns, int threads)
    {
        // Two units a thread even out what the threads get.
        int wanted = 2 * threads;
        long work = Math.Max(1, (long)task.M * task.N * task.K);
        _unitProducts = (int)Math.Max((_products + wanted - 1) / wanted, Math.Min(_products, UnitWork / work));
        int groups = (_products + _unitProducts - 1) / _unitProducts;
        int cuts = (wanted + groups - 1) / groups;
        if (cuts == 1) return;
        if (!TransposeC) StripColumns = Math.Min(StripColumns, RoundUp((task.N + cuts - 1) / cuts, tileColumns));
        int strips = (task.N + StripColumns - 1) / StripColumns;
        if (strips >= cuts) return;
        int rowCuts = (cuts + strips - 1) / strips;
        _unitRows = Math.Min(_unitRows, Math.Max(MinimumUnitRows, RoundUp((task.M + rowCuts - 1) / rowCuts, MaximumTileRows)));
    }

    /// <summary>The products, rows and columns of a unit.</summary>
    public readonly ProductBlock Block(int unit, in MatrixProductTask task)
    {
        (unit, int rowUnit) = Math.DivRem(unit, _rowUnits);
        (int group, int strip) = Math.DivRem(unit, _strips);
        ProductBlock block;
        block.FirstProduct = group * _unitProducts;
        block.EndProduct = Math.Min(block.FirstProduct + _unitProducts, _products);
        block.Row = rowUnit * _unitRows;
        block.Rows = Math.Min(_unitRows, task.M - block.Row);
        block.Column = strip * StripColumns;
        block.Columns = Math.Min(StripColumns, task.N - block.Column);
        return block;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>A range of products of a batch, and of rows and columns in each.</summary>
internal struct ProductBlock
{
    public int FirstProduct;
    public int EndProduct;
    public int Row;
    public int Rows;
    public int Column;
    public int Columns;
}
