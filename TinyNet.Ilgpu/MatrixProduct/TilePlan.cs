using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The squares of the result that groups compute.</summary>
internal enum TileForm
{
    /// <summary>16 by 16, by 16 threads: for what runs no larger groups.</summary>
    Side16,

    /// <summary>32 by 32, by 64 threads.</summary>
    Side32,

    /// <summary>64 by 64, by 256 threads.</summary>
    Side64,

    /// <summary>128 by 128, by 256 threads.</summary>
    Side128,
}

/// <summary>How a product is cut: the squares, and the parts of the depth where those are too few for a GPU.</summary>
/// <param name="Form">The squares.</param>
/// <param name="Parts">Parts of the depth; what several make is added up in a second launch.</param>
/// <param name="PartDepth">The depth of each but the last.</param>
internal readonly record struct TilePlan(TileForm Form, int Parts, int PartDepth)
{
    // A float adds up so many terms, block by block, before a total in double precision goes on.
    private const int MostDepth = FloatChain.Terms * FloatChain.Totals;

    // What a part costs, its sums written and read again, is worth it from here on.
    private const int LeastDepth = 128;

    // A multiple of the step of every form.
    private const int Granule = 16;

    // Groups that a GPU wants for each that it has room for, so that it is busy: squares of 128 use up the registers of many more threads.
    private const int LargeSquareThreads = 8 * 256;

    /// <summary>Sums of parts that are kept at most.</summary>
    private const int MostSums = 1 << 26;

    /// <summary>The plan of so many products [lines, depth] · [depth, columns].</summary>
    /// <param name="groupSize">The threads of a group at most.</param>
    /// <param name="threads">The threads that run at a time.</param>
    /// <param name="products">The products.</param>
    /// <param name="lines">Their rows.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="depth">Their depth.</param>
    public static TilePlan Of(int groupSize, int threads, long products, int lines, int columns, int depth)
    {
        var form = FormOf(groupSize, threads, products, lines, columns);
        int side = SideOf(form);
        long squares = products * BlockCount.Of((long)lines, side) * BlockCount.Of((long)columns, side), sums = products * lines * columns;
        long wanted = Math.Min(threads / ThreadsOf(form) / squares, depth / LeastDepth), most = MostSums / Math.Max(1, sums);

        // Where there is no room for the sums of the parts that the depth asks for, the result itself takes block after block.
        long asked = BlockCount.Of((long)depth, MostDepth), parts = asked <= most ? Math.Max(asked, Math.Min(wanted, most)) : 1;
        return parts <= 1 ? new(form, 1, depth) : Cut(form, depth, (int)parts);
    }

    /// <summary>How sums that a thread makes each are cut into parts, so that there are as many as threads run at a time.</summary>
    public static TilePlan OfThreads(int threads, int sums, int depth)
    {
        int parts = Math.Min(threads / sums, depth / LeastDepth);
        return parts <= 1 ? new(default, 1, depth) : Cut(default, depth, parts);
    }

    /// <summary>The plan with a number of parts, or fewer where depth does not suffice.</summary>
    public static TilePlan Cut(TileForm form, int depth, int parts)
    {
        long granules = BlockCount.Of(BlockCount.Of((long)depth, parts), Granule);
        int partDepth = (int)Math.Min(depth, granules * Granule);
        return new(form, (int)BlockCount.Of((long)depth, partDepth), partDepth);
    }

    /// <summary>The side of a form's squares.</summary>
    public static int SideOf(TileForm form) => form switch
    {
        TileForm.Side128 => 128,
        TileForm.Side64 => 64,
        TileForm.Side32 => 32,
        _ => 16,
    };

    /// <summary>The threads of a form's groups.</summary>
    public static int ThreadsOf(TileForm form) => form switch
    {
        TileForm.Side128 or TileForm.Side64 => 256,
        TileForm.Side32 => 64,
        _ => 16,
    };

    /// <summary>Whether so many large squares keep a GPU busy that runs so many threads at a time.</summary>
    public static bool AreEnough(long squares, int threads) => squares * LargeSquareThreads >= threads;

    private static TileForm FormOf(int groupSize, int threads, long products, int lines, int columns)
    {
        if (groupSize < 64)
        {
            return TileForm.Side16;
        }

        if (groupSize < 256 || lines <= 32 || columns <= 32)
        {
            return TileForm.Side32;
        }

        long large = products * BlockCount.Of((long)lines, 128) * BlockCount.Of((long)columns, 128);
        return AreEnough(large, threads) && lines > 64 && columns > 64 ? TileForm.Side128 : TileForm.Side64;
    }
}
