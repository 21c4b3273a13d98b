using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>
/// How a group multiplies squares. It goes along the depth in steps: each thread brings one vector of a factor to shared memory, while the
/// group multiplies what it brought in the step before. All threads of the group call it at once.
/// </summary>
// After V. Volkov, J. Demmel, "Benchmarking GPUs to tune dense linear algebra", SC 2008: sums in registers, factors in shared memory.
internal static class TileLoop<TGrid, TTile>
    where TGrid : struct, IThreadGrid
    where TTile : struct, IMicroTile
{
    /// <summary>The side of a group's square.</summary>
    public static int Side => 4 * TTile.Pieces * TGrid.Side;

    /// <summary>How far along the depth a step goes: a square and a step are a vector for each thread.</summary>
    public static int Step => TGrid.Side / TTile.Pieces;

    /// <summary>The threads of a group.</summary>
    public static int GroupSize => TGrid.Side * TGrid.Side;

    /// <summary>The line of a thread's vector in a square.</summary>
    public static int LineOf(bool alongLines) => alongLines ? Group.IdxX % (Side / 4) * 4 : Group.IdxX / (Step / 4);

    /// <summary>Adds the products of the elements from one to another, exclusive.</summary>
    /// <param name="sums">The sums of the thread.</param>
    /// <param name="memory">Shared memory, four vectors for each thread; free again on return.</param>
    /// <param name="left">The left factor, at the thread's lines.</param>
    /// <param name="right">The right factor, likewise.</param>
    /// <param name="start">The first element.</param>
    /// <param name="end">Behind the last element.</param>
    public static void MultiplyAdd<TLeft, TRight>(
        ref TTile sums, ArrayView<Row4> memory, in TLeft left, in TRight right, int start, int end)
        where TLeft : struct, ITileReader
        where TRight : struct, ITileReader
    {
        int leftDepth = DepthOf(left.AlongLines), rightDepth = DepthOf(right.AlongLines), now = 0;
        int across = Group.IdxX % TGrid.Side, down = Group.IdxX / TGrid.Side;
        var nextLeft = left.Read(start + leftDepth, end);
        var nextRight = right.Read(start + rightDepth, end);
        for (int k = start; k < end; k += Step)
        {
            Put(memory, now, left.AlongLines, nextLeft);
            Put(memory, now + GroupSize, right.AlongLines, nextRight);
            Group.Barrier();
            nextLeft = left.Read(k + Step + leftDepth, end);
            nextRight = right.Read(k + Step + rightDepth, end);
            for (int i = 0; i < Step; i++)
            {
                int row = now + i * (Side / 4);
                sums.MultiplyAdd(memory, row + down, memory, row + GroupSize + across, TGrid.Side);
            }

            now = 2 * GroupSize - now;
        }

        Group.Barrier();
    }

    /// <summary>The same for a left factor that is in shared memory already: [depth, side], from the first element on.</summary>
    public static void MultiplyAdd<TRight>(
        ref TTile sums, ArrayView<Row4> memory, ArrayView<Row4> left, in TRight right, int start, int end)
        where TRight : struct, ITileReader
    {
        int rightDepth = DepthOf(right.AlongLines), now = 0, across = Group.IdxX % TGrid.Side, row = Group.IdxX / TGrid.Side;
        var nextRight = right.Read(start + rightDepth, end);
        for (int k = start; k < end; k += Step)
        {
            Put(memory, now, right.AlongLines, nextRight);
            Group.Barrier();
            nextRight = right.Read(k + Step + rightDepth, end);
            for (int i = 0; i < Step; i++, row += Side / 4)
            {
                sums.MultiplyAdd(left, row, memory, now + i * (Side / 4) + across, TGrid.Side);
            }

            now = GroupSize - now;
        }

        Group.Barrier();
    }

    /// <summary>The place along the depth of a thread's vector in a step.</summary>
    private static int DepthOf(bool alongLines) => alongLines ? Group.IdxX / (Side / 4) : Group.IdxX % (Step / 4) * 4;

    /// <summary>Puts a thread's vector into shared memory: [step, side].</summary>
    private static void Put(ArrayView<Row4> memory, int start, bool alongLines, in Row4 vector)
    {
        if (alongLines)
        {
            memory[start + Group.IdxX] = vector;
            return;
        }

        var numbers = memory.Cast<float>();
        int at = 4 * start + DepthOf(false) * Side + LineOf(false);
        numbers[at] = vector.X0;
        numbers[at + Side] = vector.X1;
        numbers[at + 2 * Side] = vector.X2;
        numbers[at + 3 * Side] = vector.X3;
    }
}
