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
/// Matrix products. A group has a square of the result and goes along the depth in steps: each thread brings one vector of both factors
/// to shared memory, while the group multiplies what it brought in the step before. Every sum is a chain of fused multiply-adds for each
/// block of <see cref="FloatChain.Terms"/>; blocks are added up in order.
/// </summary>
// After V. Volkov, J. Demmel, "Benchmarking GPUs to tune dense linear algebra", SC 2008: sums in registers, factors in shared memory.
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

    /// <summary>The depth, and that of a part: a multiple of <see cref="Step"/> unless there is one part.</summary>
    public int Depth, PartDepth;

    public TLeft Left;
    public TRight Right;
    public TWriter Writer;

    /// <summary>The side of a group's square.</summary>
    public static int Side => 4 * TTile.Pieces * TGrid.Side;

    /// <summary>How far along the depth a step goes: a square and a step are a vector for each thread.</summary>
    public static int Step => TGrid.Side / TTile.Pieces;

    /// <summary>The threads of a group.</summary>
    public static int GroupSize => TGrid.Side * TGrid.Side;

    public readonly void Run()
    {
        int square = Grid.IdxX, column = square % Columns * Side;
        square /= Columns;
        int line = square % Rows * Side;
        square /= Rows;
        var at = default(TilePlace);
        at.Part = square % Parts;
        at.BatchIndex = square / Parts;
        at.Batch = Batches.At(at.BatchIndex);
        at.IsFirst = true;
        int k = at.Part * PartDepth, end = Math.Min(k + PartDepth, Depth);

        // What is read and what is multiplied take turns.
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        int thread = Group.IdxX, across = thread % TGrid.Side, down = thread / TGrid.Side, now = 0;
        var left = Left;
        var right = Right;
        left.Seek(at.Batch, line + LineOf(left.AlongLines, thread));
        right.Seek(at.Batch, column + LineOf(right.AlongLines, thread));
        int leftDepth = DepthOf(left.AlongLines, thread), rightDepth = DepthOf(right.AlongLines, thread);
        var nextLeft = left.Read(k + leftDepth, end);
        var nextRight = right.Read(k + rightDepth, end);
        var sums = default(TTile);
        int chain = 0;
        for (; k < end; k += Step)
        {
            Keep(memory, now, left.AlongLines, thread, nextLeft);
            Keep(memory, now + GroupSize, right.AlongLines, thread, nextRight);
            Group.Barrier();
            nextLeft = left.Read(k + Step + leftDepth, end);
            nextRight = right.Read(k + Step + rightDepth, end);
            for (int i = 0; i < Step; i++)
            {
                int row = now + i * (Side / 4);
                sums.MultiplyAdd(memory, row + down, row + GroupSize + across, TGrid.Side);
            }

            now = 2 * GroupSize - now;
            chain += Step;
            if (chain == FloatChain.Terms && k + Step < end)
            {
                sums.Write(Writer, at, line + 4 * down, column + 4 * across, TGrid.Side);
                sums.Clear();
                at.IsFirst = false;
                chain = 0;
            }
        }

        at.IsLast = true;
        sums.Write(Writer, at, line + 4 * down, column + 4 * across, TGrid.Side);
    }

    /// <summary>The line of a thread's vector in a square.</summary>
    private static int LineOf(bool alongLines, int thread) => alongLines ? thread % (Side / 4) * 4 : thread / (Step / 4);

    /// <summary>The place along the depth of a thread's vector in a step.</summary>
    private static int DepthOf(bool alongLines, int thread) => alongLines ? thread / (Side / 4) : thread % (Step / 4) * 4;

    /// <summary>Puts a thread's vector into shared memory: [step, side].</summary>
    private static void Keep(ArrayView<Row4> memory, int start, bool alongLines, int thread, in Row4 vector)
    {
        if (alongLines)
        {
            memory[start + thread] = vector;
            return;
        }

        var numbers = memory.Cast<float>();
        int at = 4 * start + thread % (Step / 4) * 4 * Side + thread / (Step / 4);
        numbers[at] = vector.X0;
        numbers[at + Side] = vector.X1;
        numbers[at + 2 * Side] = vector.X2;
        numbers[at + 3 * Side] = vector.X3;
    }
}
