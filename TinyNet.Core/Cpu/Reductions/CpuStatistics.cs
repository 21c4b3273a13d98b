using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Statistics in one pass over memory: blocks that stay in a cache are looked at twice, for the mean and for the squares about it, and then
/// put together in their order.
/// </summary>
internal static unsafe class CpuStatistics
{
    public static TensorStatistics Run(CpuSettings cpu, Tensor x, float nearZero)
    {
        x = x.InMemoryOrder().ToDense(cpu);
        int blocks = BlockCount.Of(x.Length, StatisticsJob.BlockLength);
        if (blocks == 0)
        {
            return TensorStatistics.Empty;
        }

        using var alive = KeepAlive.Of(x);
        using var parts = new Scratch<TensorStatistics>(x.Device, blocks, "Measure");
        cpu.RunLanes(blocks, new StatisticsJob(x.Pointer(), x.Length, nearZero, parts.Pointer), cpu.ThreadsFor(x.Length));
        var total = parts.Pointer[0];
        for (int block = 1; block < blocks; block++)
        {
            total = TensorStatistics.Together(total, parts.Pointer[block]);
        }

        return total;
    }
}

/// <summary>The statistics of a block of dense elements a unit.</summary>
internal readonly unsafe struct StatisticsJob(float* x, int length, float nearZero, TensorStatistics* parts) : ILaneJob
{
    public const int BlockLength = 1024;

    // Squares that have vanished, below 2⁻¹⁴⁹ each, would change no larger sum.
    private const float LeastSquares = 7.888609e-31f;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        float* at = x + (nint)unit * BlockLength;
        float* end = x + Math.Min((nint)(unit + 1) * BlockLength, length);
        var total = TensorStatistics.Empty;
        while (at < end)
        {
            // As many as chains of floats take up; what fills no lane, or where floats are not enough, in double precision.
            int count = (int)Math.Min(BlockTotals.ChainLength * TLane.Count, end - at), inLanes = count / TLane.Count * TLane.Count;
            if (inLanes == 0 || !TryMeasure<TLane>(at, inLanes, out var part))
            {
                inLanes = count;
                part = TensorStatistics.Of(new ReadOnlySpan<float>(at, count), nearZero);
            }

            total = TensorStatistics.Together(total, part);
            at += inLanes;
        }

        parts[unit] = total;
    }

    /// <summary>
    /// Measures whole lanes of floats; false where some are not finite, or where a sum or the squares leave the range of floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMeasure<TLane>(float* block, int count, out TensorStatistics statistics) where TLane : struct, IVectorLane<TLane>
    {
        TLane sum = TLane.Zero, magnitudes = TLane.Zero;
        TLane minimum = TLane.Const(float.PositiveInfinity), maximum = TLane.Const(float.NegativeInfinity), smallest = minimum;
        for (int i = 0; i < count; i += TLane.Count)
        {
            TLane value = TLane.Load(block + i), magnitude = TLane.Abs(value);
            sum += value;
            magnitudes += magnitude;
            minimum = TLane.AtMost(value, minimum);
            maximum = TLane.AtLeast(value, maximum);
            smallest = TLane.AtMost(magnitude, smallest);
        }

        float total = AcrossLane.Sum(magnitudes);
        if (!(total <= float.MaxValue))
        {
            statistics = TensorStatistics.Empty;
            return false;
        }

        float low = AcrossLane.Least(minimum), high = -AcrossLane.Least(-maximum);
        float center = low == high ? low : AcrossLane.Sum(sum) / count;
        var (distances, squares) = low == high ? (0f, 0f) : About<TLane>(block, count, center);
        float least = AcrossLane.Least(smallest);
        var (zeros, nearZeros) = least <= nearZero ? CountZeros<TLane>(block, count) : (0, 0);
        statistics = new TensorStatistics(
            count, 0, 0, zeros, nearZeros, center + (double)distances / count, (double)total / count,
            Math.Max(0, squares - (double)distances * distances / count), low, high, least);
        return low == high || squares is >= LeastSquares and <= float.MaxValue;
    }

    /// <summary>
    /// The distances to a number near the mean, which says what rounding made of the mean, and their squares.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Distances, float Squares) About<TLane>(float* block, int count, float center)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane distances = TLane.Zero, squares = TLane.Zero, moreDistances = TLane.Zero, moreSquares = TLane.Zero;
        TLane middle = TLane.Const(center);
        int i = 0;
        for (; i <= count - 2 * TLane.Count; i += 2 * TLane.Count)
        {
            TLane distance = TLane.Load(block + i) - middle, next = TLane.Load(block + i + TLane.Count) - middle;
            distances += distance;
            moreDistances += next;
            squares = TLane.MultiplyAdd(distance, distance, squares);
            moreSquares = TLane.MultiplyAdd(next, next, moreSquares);
        }

        if (i < count)
        {
            var distance = TLane.Load(block + i) - middle;
            distances += distance;
            squares = TLane.MultiplyAdd(distance, distance, squares);
        }

        return (AcrossLane.Sum(distances + moreDistances), AcrossLane.Sum(squares + moreSquares));
    }

    /// <summary>How many are 0, and how many are near it; most blocks of weights have none of either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (long Zeros, long NearZeros) CountZeros<TLane>(float* block, int count) where TLane : struct, IVectorLane<TLane>
    {
        TLane zeros = TLane.Zero, nearZeros = TLane.Zero, threshold = TLane.Const(nearZero);
        for (int i = 0; i < count; i += TLane.Count)
        {
            var value = TLane.Load(block + i);
            zeros += TLane.Select(TLane.Equal(value, TLane.Zero), TLane.One, TLane.Zero);
            nearZeros += TLane.Select(TLane.Abs(value) <= threshold, TLane.One, TLane.Zero);
        }

        return ((long)AcrossLane.Sum(zeros), (long)AcrossLane.Sum(nearZeros));
    }
}
