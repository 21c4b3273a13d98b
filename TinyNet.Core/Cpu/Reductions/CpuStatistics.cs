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
    /// <summary>Elements that sums in float take up; in lanes of 512 bits, 64 for each of their elements.</summary>
    public const int BlockLength = 1024;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int count = Math.Min(BlockLength, length - unit * BlockLength);
        float* block = x + (nint)unit * BlockLength;
        // What fills no lane, and what floats are not enough for, is measured one element after the other in double precision.
        int inLanes = count / TLane.Count * TLane.Count;
        var lanes = TensorStatistics.Empty;
        if (inLanes > 0 && !TryMeasure<TLane>(block, inLanes, out lanes))
        {
            inLanes = 0;
        }

        var rest = TensorStatistics.Of(new ReadOnlySpan<float>(block + inLanes, count - inLanes), nearZero);
        parts[unit] = TensorStatistics.Together(lanes, rest);
    }

    /// <summary>
    /// Measures whole lanes of floats; false where some are not finite, or where a sum or the squares leave the range of floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMeasure<TLane>(float* block, int count, out TensorStatistics statistics) where TLane : struct, IVectorLane<TLane>
    {
        TLane sum = TLane.Zero, magnitudes = TLane.Zero, zeros = TLane.Zero, nearZeros = TLane.Zero;
        TLane minimum = TLane.Const(float.PositiveInfinity), maximum = TLane.Const(float.NegativeInfinity), smallest = minimum;
        TLane threshold = TLane.Const(nearZero);
        for (int i = 0; i < count; i += TLane.Count)
        {
            TLane value = TLane.Load(block + i), magnitude = TLane.Abs(value);
            sum += value;
            magnitudes += magnitude;
            minimum = TLane.AtMost(value, minimum);
            maximum = TLane.AtLeast(value, maximum);
            smallest = TLane.AtMost(magnitude, smallest);
            zeros += TLane.Select(TLane.Equal(value, TLane.Zero), TLane.One, TLane.Zero);
            nearZeros += TLane.Select(magnitude <= threshold, TLane.One, TLane.Zero);
        }

        float total = AcrossLane.Sum(magnitudes);
        if (!(total <= float.MaxValue))
        {
            statistics = TensorStatistics.Empty;
            return false;
        }

        double mean = (double)AcrossLane.Sum(sum) / count;
        float low = AcrossLane.Combine(new MinReduction(), minimum).Value, high = AcrossLane.Combine(new MaxReduction(), maximum).Value;
        float center = (float)mean;
        float squares = low == high ? 0 : Squares<TLane>(block, count, center);
        statistics = new TensorStatistics(
            count, 0, 0, (long)AcrossLane.Sum(zeros), (long)AcrossLane.Sum(nearZeros), mean, (double)total / count,
            // About the mean itself, of which the float is rounded.
            Math.Max(0, squares - count * (mean - center) * (mean - center)),
            low, high, AcrossLane.Combine(new MinReduction(), smallest).Value);
        return low == high || squares is >= 7.888609e-31f and <= float.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Squares<TLane>(float* block, int count, float center) where TLane : struct, IVectorLane<TLane>
    {
        TLane squares = TLane.Zero, mean = TLane.Const(center);
        for (int i = 0; i < count; i += TLane.Count)
        {
            var distance = TLane.Load(block + i) - mean;
            squares = TLane.MultiplyAdd(distance, distance, squares);
        }

        return AcrossLane.Sum(squares);
    }
}
