namespace TinyNet.Core;

/// <summary>
/// Images that are normalized, channels last: in each of a number of sets rows of channels, cut into blocks that depend on the shape
/// only. A unit of work is a block.
/// </summary>
/// <param name="Sets">1, all images together, or as many as images.</param>
/// <param name="Rows">The pixels of a set.</param>
/// <param name="Channels">The length of a row.</param>
/// <param name="Groups">The groups of channels that are normalized together.</param>
internal readonly record struct ChannelBlocks(int Sets, int Rows, int Channels, int Groups)
{
    // A block is read twice and stays in the first-level cache, unless there are many channels. Sums of its rows are two chains or more.
    private const int Length = 8192, LeastRows = 32, MostRows = 2 * FloatChain.Terms;

    private int BlockRows => Math.Clamp(Length / Channels, LeastRows, MostRows);

    /// <summary>The blocks of a set.</summary>
    public int Blocks => BlockCount.Of(Rows, BlockRows);

    public int Units => Sets * Blocks;

    /// <summary>The channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Of images and their moments [P, S, G], or factors.</summary>
    public static ChannelBlocks Of(in Shape x, in Shape moments)
    {
        int sets = moments.Sizes[1], channels = x.Sizes[1];
        return new ChannelBlocks(sets, x.Length / (sets * channels), channels, moments.Sizes[2]);
    }

    /// <summary>The set of a unit, its first row counted through all sets, and its rows.</summary>
    public (int Set, int FirstRow, int Rows) Block(int unit)
    {
        var (set, block) = Math.DivRem(unit, Blocks);
        return (set, set * Rows + block * BlockRows, BlockSize(block));
    }

    /// <summary>The rows of a block of a set.</summary>
    public int BlockSize(int block) => Math.Min(BlockRows, Rows - block * BlockRows);
}

/// <summary>Does a block for the channels that fill whole lanes.</summary>
internal interface IChannelKernel
{
    /// <summary>Does a block for the channels from one on that fill whole lanes, and returns the first that is left.</summary>
    int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>A block a unit.</summary>
internal readonly struct ChannelJob<TKernel>(TKernel kernel, int channels) : ILaneJob where TKernel : struct, IChannelKernel
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int channel = kernel.Run<TLane>(unit, 0);
        if (channel < channels)
        {
            kernel.Run<ScalarLane>(unit, channel);
        }
    }
}
