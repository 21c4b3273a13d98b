using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>The distance between two tensors in one pass over both, in blocks whose squares are put together in their order.</summary>
internal static unsafe class CpuDistance
{
    public static double Run(CpuSettings cpu, Tensor a, Tensor b)
    {
        (a, b) = (a.ToDense(cpu), b.ToDense(cpu));
        int blocks = BlockCount.Of(a.Length, DistanceJob.BlockLength);
        if (blocks == 0)
        {
            return 0;
        }

        using var alive = KeepAlive.Of(a, b);
        using var parts = new Scratch<double>(a.Device, blocks, "Distance");
        cpu.RunLanes(blocks, new DistanceJob(a.Pointer(), b.Pointer(), a.Length, parts.Pointer), cpu.ThreadsFor(a.Length));
        double squares = 0;
        for (int block = 0; block < blocks; block++)
        {
            squares += parts.Pointer[block];
        }

        return double.IsFinite(squares) ? Math.Sqrt(squares) : double.NaN;
    }
}

/// <summary>The squares of the differences of a block of dense elements a unit.</summary>
internal readonly unsafe struct DistanceJob(float* a, float* b, int length, double* parts) : ILaneJob
{
    private const int Chains = 2, Rounds = 8;

    /// <summary>Elements of a block: as many rounds of chains, in lanes of 512 bits.</summary>
    public const int BlockLength = Rounds * Chains * BlockTotals.ChainLength * 16;

    // Squares that have vanished, below 2⁻¹⁴⁹ each, would change no larger sum.
    private const float LeastSquares = 7.888609e-31f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        float* x = a + (nint)unit * BlockLength;
        float* y = b + (nint)unit * BlockLength;
        int count = Math.Min(BlockLength, length - unit * BlockLength), i = 0;
        TLane squares = TLane.Zero, largest = TLane.Zero, largestOdd = TLane.Zero;
        for (; i <= count - Chains * TLane.Count;)
        {
            int end = Math.Min(count, i + Chains * BlockTotals.ChainLength * TLane.Count);
            TLane p = TLane.Zero, q = p;
            for (; i <= end - Chains * TLane.Count; i += Chains * TLane.Count)
            {
                TLane even = TLane.Load(x + i) - TLane.Load(y + i);
                TLane odd = TLane.Load(x + i + TLane.Count) - TLane.Load(y + i + TLane.Count);
                p = TLane.MultiplyAdd(even, even, p);
                q = TLane.MultiplyAdd(odd, odd, q);
                largest = TLane.AtLeast(TLane.Abs(even), largest);
                largestOdd = TLane.AtLeast(TLane.Abs(odd), largestOdd);
            }

            squares += p + q;
        }

        double total = AcrossLane.Sum(squares);
        bool isEnough = total is >= LeastSquares and <= float.MaxValue;
        if (!isEnough && !(total == 0 && -AcrossLane.Least(-TLane.AtLeast(largest, largestOdd)) == 0))
        {
            // Floats have not range enough, or there are some that are no numbers.
            (total, i) = (0, 0);
        }

        for (; i < count; i++)
        {
            double distance = (double)x[i] - y[i];
            total += distance * distance;
        }

        parts[unit] = total;
    }
}
