namespace TinyNet.Core;

/// <summary>How a convolution by <see cref="WinogradTransform"/> is cut: blocks of tiles, across images.</summary>
internal struct WinogradPlan
{
    // Transformed inputs and products of a block stay in the second-level cache.
    private const long BlockElements = 160 * 1024;
    private const long SumBlockElements = 240 * 1024;
    private const int MaximumBlockTiles = 64;
    private const int TileRows = 8;

    // Channels come in whole registers of the widest kind, so that every width computes the same.
    private const int ChannelUnit = 16;

    // With fewer tiles the filters' transformation does not pay.
    private const int MinimumTiles = 16;

    // What keeps the lines of 36 matrices out of the same sets of a cache.
    private const int Stagger = 16;

    // Partial sums of a weight gradient, and the memory that they may take.
    private const int MaximumPartials = 16;
    private const long PartialElements = 1536 * 1024;

    private int _tilesAcross;
    private int _tilesPerImage;
    private int _offsetDown;
    private int _offsetAcross;

    /// <summary>Tiles of all images.</summary>
    public int Tiles { get; private set; }

    public int BlockTiles { get; private set; }

    /// <summary>From one of the 36 matrices of a kind to the next.</summary>
    public int InputStride { get; private set; }

    public int OutputStride { get; private set; }

    public int FilterStride { get; private set; }

    public readonly int Blocks => BlockCount.Of(Tiles, BlockTiles);

    /// <summary>
    /// Whether a sweep is a dense window of 3 × 3 with step 1 whose shapes make the transformations pay, and whose filters fit a tensor.
    /// Depends on shapes only.
    /// </summary>
    public static bool Pays(in TapPlan sweep, in TapWeights weights, int images)
    {
        bool isWindow = IsStep1(sweep.Rows) && IsStep1(sweep.Columns) && weights.Groups == 1;
        int tiles = Along(sweep.Rows.Count) * Along(sweep.Columns.Count);
        bool isFull = sweep.Rows.Count * sweep.Columns.Count * 2 >= tiles * WinogradTransform.Outputs * WinogradTransform.Outputs;
        bool fits = WinogradTransform.Products * ((long)weights.SourceChannels * weights.ResultChannels + Stagger) <= int.MaxValue;
        bool isWholeRegisters = weights.SourceChannels % ChannelUnit == 0 && weights.ResultChannels % ChannelUnit == 0;
        return isWindow && isFull && fits && tiles * images >= MinimumTiles && isWholeRegisters;
    }

    /// <summary>Blocks that keep the threads busy; how the work is cut does not show in the bits.</summary>
    public static WinogradPlan Of(in TapPlan sweep, in TapWeights weights, int images, int threads) =>
        Of(sweep, weights, images, BlockElements, 2 * threads);

    /// <summary>Blocks for sums over tiles, which depend on shapes only.</summary>
    public static WinogradPlan ForSums(in TapPlan sweep, in TapWeights weights, int images) =>
        Of(sweep, weights, images, SumBlockElements, MaximumPartials);

    private static WinogradPlan Of(in TapPlan sweep, in TapWeights weights, int images, long blockElements, int shares)
    {
        int inputs = weights.SourceChannels, outputs = weights.ResultChannels;
        var plan = new WinogradPlan
        {
            _tilesAcross = Along(sweep.Columns.Count),
            _tilesPerImage = Along(sweep.Rows.Count) * Along(sweep.Columns.Count),
            _offsetDown = sweep.Rows.Offset(0) - sweep.Rows.SourcePad,
            _offsetAcross = sweep.Columns.Offset(0) - sweep.Columns.SourcePad,
        };
        plan.Tiles = plan._tilesPerImage * images;
        long fitting = blockElements / (WinogradTransform.Products * (inputs + outputs)), share = plan.Tiles / shares;
        plan.BlockTiles = (int)Math.Clamp(Math.Min(fitting, share) / TileRows * TileRows, TileRows, MaximumBlockTiles);
        plan.InputStride = plan.BlockTiles * inputs + Stagger;
        plan.OutputStride = plan.BlockTiles * outputs + Stagger;
        plan.FilterStride = inputs * outputs + Stagger;
        return plan;
    }

    /// <summary>How many partial sums of a length the blocks are shared out to; a float takes up only so many blocks.</summary>
    public readonly int PartialSums(int length)
    {
        int wanted = Math.Max(MaximumPartials, BlockCount.Of(Blocks, FloatChain.Totals));
        return (int)Math.Clamp(PartialElements / length, 1, Math.Min(Blocks, wanted));
    }

    /// <summary>Where a tile begins: in the result, and in the source, where that may be outside.</summary>
    public readonly (int Image, int Row, int Column, int SourceRow, int SourceColumn) Locate(int tile)
    {
        (int image, tile) = Math.DivRem(tile, _tilesPerImage);
        (int down, int across) = Math.DivRem(tile, _tilesAcross);
        int row = down * WinogradTransform.Outputs, column = across * WinogradTransform.Outputs;
        return (image, row, column, row + _offsetDown, column + _offsetAcross);
    }

    private static int Along(int count) => BlockCount.Of(count, WinogradTransform.Outputs);

    private static bool IsStep1(in TapAxis axis) => axis is { Taps: 3, OffsetStep: 1, SourceStep: 1, Step: 1 };
}
