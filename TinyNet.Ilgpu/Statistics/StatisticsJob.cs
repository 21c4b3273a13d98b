using System.Buffers;
using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>What a thread has seen of a tensor; moments are of distances to the first finite element that it saw.</summary>
internal struct SeenElements
{
    public double First, Sum, Squares, Magnitudes, Minimum, Maximum, MinimumMagnitude;
    public int Count, NaNs, Infinities, Zeros, NearZeros;
}

/// <summary>Measures the elements of a tensor: a thread takes every n-th.</summary>
internal struct StatisticsJob : IGpuJob
{
    public int Count;
    public float NearZero;
    public WalkAxes Axes;
    public ArrayView<float> X;
    public Steps AtX;

    /// <summary>One a thread.</summary>
    public ArrayView<SeenElements> Seen;

    public readonly void Run()
    {
        var seen = new SeenElements
        {
            Minimum = double.PositiveInfinity,
            Maximum = double.NegativeInfinity,
            MinimumMagnitude = double.PositiveInfinity,
        };
        int finite = 0;
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var lane = new GpuLane(X[AtX.IndexOf(Axes.At(i))]);
            double value = lane.Value, magnitude = GpuLane.Abs(lane).Value;
            bool isNaN = GpuLane.Holds(GpuLane.IsNaN(lane)), isFinite = magnitude <= float.MaxValue;
            seen.Count++;
            seen.NaNs += isNaN ? 1 : 0;
            seen.Infinities += isNaN || isFinite ? 0 : 1;
            if (isFinite)
            {
                seen.First = finite == 0 ? value : seen.First;
                finite++;
                double distance = value - seen.First;
                seen.Sum += distance;
                seen.Squares += distance * distance;
                seen.Magnitudes += magnitude;
                seen.Minimum = value < seen.Minimum ? value : seen.Minimum;
                seen.Maximum = value > seen.Maximum ? value : seen.Maximum;
                seen.MinimumMagnitude = magnitude < seen.MinimumMagnitude ? magnitude : seen.MinimumMagnitude;
                seen.Zeros += value == 0 ? 1 : 0;
                seen.NearZeros += magnitude <= NearZero ? 1 : 0;
            }
        }

        Seen[Threads.Index] = seen;
    }
}

/// <summary>Statistics of a tensor: the totals of few threads, put together on the host.</summary>
internal static class GpuStatistics
{
    // Few enough to be copied in an instant, enough to read memory at full speed.
    private const int MostThreads = 1 << 13;

    public static TensorStatistics Run(IlgpuDevice device, Tensor x, float nearZero)
    {
        if (x.Length == 0)
        {
            return TensorStatistics.Empty;
        }

        using var alive = KeepAlive.Of(x);
        int groups = Math.Max(1, Math.Min(MostThreads, Math.Min(x.Length, device.MostThreads)) / device.GroupSize);
        int threads = groups * device.GroupSize;
        using var seen = device.Scratch<SeenElements>(threads);
        var axes = Walk.Over(x.Layout, out var steps);
        device.Launch(new StatisticsJob
        {
            Count = x.Length,
            NearZero = nearZero,
            Axes = axes,
            X = x.Memory(),
            AtX = steps,
            Seen = seen.View,
        }, new KernelConfig(groups, device.GroupSize));
        var parts = ArrayPool<SeenElements>.Shared.Rent(threads);
        device.Download(seen.View, parts.AsSpan(0, threads));
        var statistics = TensorStatistics.Empty;
        foreach (ref readonly var part in parts.AsSpan(0, threads))
        {
            statistics = TensorStatistics.Together(statistics, Of(part));
        }

        ArrayPool<SeenElements>.Shared.Return(parts);
        return statistics;
    }

    private static TensorStatistics Of(in SeenElements seen)
    {
        int finite = seen.Count - seen.NaNs - seen.Infinities;
        return finite == 0
            ? TensorStatistics.Empty with { Count = seen.Count, NaNs = seen.NaNs, Infinities = seen.Infinities }
            : new TensorStatistics(
                seen.Count, seen.NaNs, seen.Infinities, seen.Zeros, seen.NearZeros,
                seen.First + seen.Sum / finite, seen.Magnitudes / finite, Math.Max(0, seen.Squares - seen.Sum * seen.Sum / finite),
                seen.Minimum, seen.Maximum, seen.MinimumMagnitude);
    }
}
