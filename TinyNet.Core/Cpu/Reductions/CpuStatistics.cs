using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Statistics in one pass over memory: of blocks the sums, and the squares about a number near the mean; then all blocks put together in
/// their order.
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
    // Chains of floats that run beside each other, and how often these are ended by being added to others, lane by lane: what ends a
    // block across its lanes is a small part of the work.
    private const int Chains = 2, Rounds = 8;

    /// <summary>Elements that the rounds of a block take up; in lanes of 512 bits.</summary>
    public const int BlockLength = Rounds * Chains * BlockTotals.ChainLength * 16;

    // Squares that have vanished, below 2⁻¹⁴⁹ each, would change no larger sum.
    private const float LeastSquares = 7.888609e-31f;

    // Where more of the squares than this is due to the distance between center and mean, too many digits would be lost.
    private const double LargestShareOfShift = 0.5;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        float* at = x + (nint)unit * BlockLength;
        float* end = x + Math.Min((nint)(unit + 1) * BlockLength, length);
        var total = TensorStatistics.Empty;
        while (at < end)
        {
            // As many as the rounds take up; what fills no lane, or where floats are not enough, in double precision.
            int count = (int)Math.Min(Rounds * Chains * BlockTotals.ChainLength * TLane.Count, end - at);
            int inLanes = count / TLane.Count * TLane.Count;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private bool TryMeasure<TLane>(float* block, int count, out TensorStatistics statistics) where TLane : struct, IVectorLane<TLane>
    {
        // The mean of the first ones, which is near that of all in most tensors.
        float center = AcrossLane.Sum(TLane.Load(block)) / TLane.Count;
        TLane middle = TLane.Const(center), distances = TLane.Zero, squares = TLane.Zero, magnitudes = TLane.Zero;
        TLane zeros = TLane.Zero, nearZeros = TLane.Zero;
        TLane minimum = TLane.Const(float.PositiveInfinity), maximum = TLane.Const(float.NegativeInfinity), smallest = minimum;
        for (int start = 0; start < count;)
        {
            int i = start, end = Math.Min(count, start + Chains * BlockTotals.ChainLength * TLane.Count);
            TLane a = TLane.Zero, b = a, p = a, q = a, v = a, w = a, least = TLane.Const(float.PositiveInfinity);
            for (; i <= end - Chains * TLane.Count; i += Chains * TLane.Count)
            {
                Add(TLane.Load(block + i), middle, ref a, ref p, ref v, ref minimum, ref maximum, ref least);
                Add(TLane.Load(block + i + TLane.Count), middle, ref b, ref q, ref w, ref minimum, ref maximum, ref least);
            }

            for (; i < end; i += TLane.Count)
            {
                Add(TLane.Load(block + i), middle, ref a, ref p, ref v, ref minimum, ref maximum, ref least);
            }

            (distances, squares, magnitudes) = (distances + (a + b), squares + (p + q), magnitudes + (v + w));
            smallest = TLane.AtMost(least, smallest);

            // Most rounds of weights have none.
            if (AcrossLane.Least(least) <= nearZero)
            {
                CountZeros(block + start, end - start, ref zeros, ref nearZeros);
            }

            start = end;
        }

        float magnitude = AcrossLane.Sum(magnitudes), low = AcrossLane.Least(minimum), high = -AcrossLane.Least(-maximum);
        if (!(magnitude <= float.MaxValue))
        {
            statistics = TensorStatistics.Empty;
            return false;
        }

        float sum = AcrossLane.Sum(squares);
        double shift = (double)AcrossLane.Sum(distances) / count;
        if (low == high)
        {
            (center, shift, sum) = (low, 0, 0);
        }
        else if (count * shift * shift > LargestShareOfShift * sum)
        {
            center += (float)shift;
            (float rest, sum) = About<TLane>(block, count, center);
            shift = (double)rest / count;
        }

        statistics = new TensorStatistics(
            count, 0, 0, (long)AcrossLane.Sum(zeros), (long)AcrossLane.Sum(nearZeros), center + shift, (double)magnitude / count,
            Math.Max(0, sum - count * shift * shift), low, high, AcrossLane.Least(smallest));
        return low == high || sum is >= LeastSquares and <= float.MaxValue;
    }

    /// <summary>The distances to a number that is very near the mean, and their squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static (float Distances, float Squares) About<TLane>(float* block, int count, float center)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane middle = TLane.Const(center), distances = TLane.Zero, squares = TLane.Zero;
        for (int i = 0; i < count;)
        {
            int end = Math.Min(count, i + BlockTotals.ChainLength * TLane.Count);
            TLane a = TLane.Zero, p = a;
            for (; i < end; i += TLane.Count)
            {
                var distance = TLane.Load(block + i) - middle;
                a += distance;
                p = TLane.MultiplyAdd(distance, distance, p);
            }

            (distances, squares) = (distances + a, squares + p);
        }

        return (AcrossLane.Sum(distances), AcrossLane.Sum(squares));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLane>(
        TLane value, TLane middle, ref TLane distances, ref TLane squares, ref TLane magnitudes, ref TLane minimum, ref TLane maximum,
        ref TLane smallest) where TLane : struct, IVectorLane<TLane>
    {
        TLane distance = value - middle, magnitude = TLane.Abs(value);
        distances += distance;
        squares = TLane.MultiplyAdd(distance, distance, squares);
        magnitudes += magnitude;
        minimum = TLane.AtMost(value, minimum);
        maximum = TLane.AtLeast(value, maximum);
        smallest = TLane.AtMost(magnitude, smallest);
    }

    /// <summary>Counts those that are 0, and those that are near it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountZeros<TLane>(float* round, int count, ref TLane zeros, ref TLane nearZeros) where TLane : struct, IVectorLane<TLane>
    {
        TLane exact = zeros, near = nearZeros, threshold = TLane.Const(nearZero);
        for (int i = 0; i < count; i += TLane.Count)
        {
            var value = TLane.Load(round + i);
            exact += TLane.Select(TLane.Equal(value, TLane.Zero), TLane.One, TLane.Zero);
            near += TLane.Select(TLane.Abs(value) <= threshold, TLane.One, TLane.Zero);
        }

        (zeros, nearZeros) = (exact, near);
    }
}
