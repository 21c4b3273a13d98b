using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// A factor of a product, as lines (rows of the left matrix, columns of the right one) of elements along the depth K. Copies are
/// cursors: each thread has one that stands at its lines.
/// </summary>
internal interface ITileReader
{
    /// <summary>Whether vectors lie along the lines, an element of each of four, and not along the depth.</summary>
    Flag AlongLines { get; }

    /// <summary>Goes to a line, which may be behind the last.</summary>
    void Seek(in Place batch, int line);

    /// <summary>The vector from an element of the line on; zeros from the end of the depth on, and behind the last line.</summary>
    Row4 Read(int depth, int end);
}

/// <summary>Of which product of a batch, and which part of its depth, sums are; and which of the depth's blocks these are of.</summary>
internal struct TilePlace
{
    public Place Batch;
    public int BatchIndex, Part;

    /// <summary>Whether they are of the first block and of the last one: blocks in between are added to what is there.</summary>
    public Flag IsFirst, IsLast;
}

/// <summary>What becomes of the sums of a product.</summary>
internal interface ITileWriter
{
    /// <summary>Takes the sums of a block of the depth, four columns of a line. Those outside of the matrix are nothing.</summary>
    void Write(in TilePlace at, int line, int column, in Row4 sums);
}

/// <summary>What makes a result of sums.</summary>
internal interface IResultWriter : ITileWriter
{
    /// <summary>Takes a whole sum in double precision.</summary>
    void WriteTotal(in Place batch, int line, int column, double total);
}

/// <summary>
/// Matrix products: a group has a square of the result. Every sum is a chain of fused multiply-adds for each block of
/// <see cref="FloatChain.Terms"/>; blocks are added up in order.
/// </summary>
internal struct TileJob<TGrid, TTile, TLeft, TRight, TWriter> : IGpuJob
    where TGrid : struct, IThreadGrid
    where TTile : struct, IMicroTile
    where TLeft : struct, ITileReader
    where TRight : struct, ITileReader
    where TWriter : struct, ITileWriter
{
    /// <summary>The products: which of a batch, the squares of each along its rows and columns, and the parts of its depth.</summary>
    public WalkAxes Batches;
    public int Rows, Columns, Parts;

    /// <summary>The depth, and that of a part: a multiple of 16 unless there is one part.</summary>
    public int Depth, PartDepth;

    public TLeft Left;
    public TRight Right;
    public TWriter Writer;

    public readonly void Run()
    {
        int square = Grid.IdxX, column = square % Columns * TileLoop<TGrid, TTile>.Side;
        square /= Columns;
        int line = square % Rows * TileLoop<TGrid, TTile>.Side;
        square /= Rows;
        var at = default(TilePlace);
        at.Part = square % Parts;
        at.BatchIndex = square / Parts;
        at.Batch = Batches.At(at.BatchIndex);
        at.IsFirst = true;
        int start = at.Part * PartDepth, end = Depth - start > PartDepth ? start + PartDepth : Depth;
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        int across = Group.IdxX % TGrid.Side, down = Group.IdxX / TGrid.Side;
        var left = Left;
        var right = Right;
        left.Seek(at.Batch, line + TileLoop<TGrid, TTile>.LineOf(left.AlongLines));
        right.Seek(at.Batch, column + TileLoop<TGrid, TTile>.LineOf(right.AlongLines));
        while (start < end || at.IsFirst)
        {
            int last = end - start > FloatChain.Terms ? start + FloatChain.Terms : end;
            var sums = default(TTile);
            TileLoop<TGrid, TTile>.MultiplyAdd(ref sums, memory, left, right, start, last);
            at.IsLast = last >= end;
            sums.Write(Writer, at, line + 4 * down, column + 4 * across, TGrid.Side);
            at.IsFirst = false;
            start = last;
        }
    }
}
