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
    // Chains of floats that run beside each other, so that what ends them is a small part of the work.
    private const int Chains = 4;

    /// <summary>Elements that chains take up; in lanes of 512 bits.</summary>
    public const int BlockLength = Chains * BlockTotals.ChainLength * 16;

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
            int count = (int)Math.Min(Chains * BlockTotals.ChainLength * TLane.Count, end - at);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMeasure<TLane>(float* block, int count, out TensorStatistics statistics) where TLane : struct, IVectorLane<TLane>
    {
        TLane a = TLane.Zero, b = a, c = a, d = a, p = a, q = a, r = a, s = a;
        TLane minimum = TLane.Const(float.PositiveInfinity), maximum = TLane.Const(float.NegativeInfinity), smallest = minimum;
        int i = 0;
        for (; i <= count - Chains * TLane.Count; i += Chains * TLane.Count)
        {
            float* at = block + i;
            Add(TLane.Load(at), ref a, ref p, ref minimum, ref maximum, ref smallest);
            Add(TLane.Load(at + TLane.Count), ref b, ref q, ref minimum, ref maximum, ref smallest);
            Add(TLane.Load(at + 2 * TLane.Count), ref c, ref r, ref minimum, ref maximum, ref smallest);
            Add(TLane.Load(at + 3 * TLane.Count), ref d, ref s, ref minimum, ref maximum, ref smallest);
        }

        for (; i < count; i += TLane.Count)
        {
            Add(TLane.Load(block + i), ref a, ref p, ref minimum, ref maximum, ref smallest);
        }

        TLane sum = (a + b) + (c + d), magnitudes = (p + q) + (r + s);
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
        TLane a = TLane.Zero, b = a, c = a, d = a, p = a, q = a, r = a, s = a;
        TLane middle = TLane.Const(center);
        int i = 0;
        for (; i <= count - Chains * TLane.Count; i += Chains * TLane.Count)
        {
            float* at = block + i;
            AddDistance(TLane.Load(at) - middle, ref a, ref p);
            AddDistance(TLane.Load(at + TLane.Count) - middle, ref b, ref q);
            AddDistance(TLane.Load(at + 2 * TLane.Count) - middle, ref c, ref r);
            AddDistance(TLane.Load(at + 3 * TLane.Count) - middle, ref d, ref s);
        }

        for (; i < count; i += TLane.Count)
        {
            AddDistance(TLane.Load(block + i) - middle, ref a, ref p);
        }

        return (AcrossLane.Sum((a + b) + (c + d)), AcrossLane.Sum((p + q) + (r + s)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLane>(
        TLane value, ref TLane sum, ref TLane magnitudes, ref TLane minimum, ref TLane maximum, ref TLane smallest)
        where TLane : struct, IVectorLane<TLane>
    {
        var magnitude = TLane.Abs(value);
        sum += value;
        magnitudes += magnitude;
        minimum = TLane.AtMost(value, minimum);
        maximum = TLane.AtLeast(value, maximum);
        smallest = TLane.AtMost(magnitude, smallest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDistance<TLane>(TLane distance, ref TLane sum, ref TLane squares) where TLane : struct, IVectorLane<TLane>
    {
        sum += distance;
        squares = TLane.MultiplyAdd(distance, distance, squares);
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
