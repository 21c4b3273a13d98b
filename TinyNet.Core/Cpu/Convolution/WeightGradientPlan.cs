namespace TinyNet.Core;

/// <summary>How a weight gradient is cut. The sums shape the bits, so all of it depends on the shapes alone.</summary>
internal struct WeightGradientPlan
{
    // Pixels of the gradient that stay in the first-level cache while the rows of the result pass by.
    private const int BandPixels = 192;

    // Partial sums to share out among threads, and the memory that they may take.
    private const int MaximumBlocks = 16;
    private const long BlockElements = 4 * 1024 * 1024;

    // Columns of the result that a unit has at least, where blocks are few.
    private const int MinimumColumns = 64;

    public ConvolutionPlan Bands;

    /// <summary>Bands of all images.</summary>
    public int Items;

    /// <summary>Partial sums, each over a range of items.</summary>
    public int Blocks;

    /// <summary>Parts of the columns of the result.</summary>
    public int Cuts;

    /// <summary>Partial sums of a block: a float takes up only so many chains.</summary>
    public int Sums;

    /// <summary>Pixels of a line that make a chain.</summary>
    public int LinePixels;

    private int _chainsPerSum;

    /// <summary>The bands that a block sums over.</summary>
    public readonly (int First, int End) Range(int block) =>
        ((int)((long)Items * block / Blocks), (int)((long)Items * (block + 1) / Blocks));

    /// <summary>Where a chain of a block is added, and whether the sum holds earlier ones.</summary>
    public readonly (int Sum, bool Add) At(int block, int chain)
    {
        (int sum, int position) = Math.DivRem(chain, _chainsPerSum);
        return (block * Sums + sum, position > 0);
    }

    /// <summary>The sums of a block that so many chains leave unwritten.</summary>
    public readonly (int First, int End) Unwritten(int block, int chains) =>
        (block * Sums + BlockCount.Of(chains, _chainsPerSum), (block + 1) * Sums);

    public static WeightGradientPlan Of(in ImageBatch source, in TapPlan sweep, in TapWeights weights, long length)
    {
        WeightGradientPlan plan = default;
        int rows = Math.Clamp(BandPixels / Math.Max(1, sweep.Columns.Count), 1, Math.Max(1, sweep.Rows.Count));
        plan.Bands = ConvolutionPlan.WithBands(source, new ReadOnlySpan<TapPlan>(in sweep), rows);
        plan.Items = plan.Bands.Bands * source.Images;
        plan.Blocks = (int)Math.Clamp(Math.Min(plan.Items, BlockElements / Math.Max(1, length)), 1, MaximumBlocks);
        int lines = Math.Max(1, BlockCount.Of(sweep.Columns.Count, FloatChain.Terms));
        plan.LinePixels = Math.Max(1, BlockCount.Of(sweep.Columns.Count, lines));
        int chains = checked(BlockCount.Of(plan.Items, plan.Blocks) * lines);
        long sums = Math.Min(BlockCount.Of(chains, FloatChain.Totals), BlockElements / Math.Max(1, length * plan.Blocks));
        plan.Sums = (int)Math.Max(1, sums);
        plan._chainsPerSum = Math.Max(1, BlockCount.Of(chains, plan.Sums));
        int columns = weights.IsDepthwise ? 1 : weights.Groups * weights.ResultChannels;
        plan.Cuts = Math.Clamp(columns / MinimumColumns, 1, Math.Max(1, MaximumBlocks / plan.Blocks));
        return plan;
    }
}
