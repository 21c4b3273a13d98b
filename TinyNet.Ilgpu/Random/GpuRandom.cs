using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Random numbers: Philox computes any of them anywhere.</summary>
internal static class GpuRandom
{
    public static void FillUniform(IlgpuDevice device, Tensor destination, RandomRange range, float low, float high)
    {
        using var alive = KeepAlive.Of(destination);
        var axes = Walk.InOrder(destination.Layout, out var steps);
        device.Launch(new UniformJob
        {
            Count = destination.Length,
            Seed = range.Seed,
            Position = range.Position,
            Low = low,
            Width = low < high ? high - low : 0,
            Largest = low < high ? MathF.BitDecrement(high) : low,
            Axes = axes,
            Destination = destination.Memory(),
            AtDestination = steps,
        }, destination.Length);
    }

    public static void FillNormal(IlgpuDevice device, Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        using var alive = KeepAlive.Of(destination);
        var axes = Walk.InOrder(destination.Layout, out var steps);
        device.Launch(new NormalJob
        {
            Count = destination.Length,
            Seed = range.Seed,
            Position = range.Position,
            Mean = mean,
            Deviation = standardDeviation,
            Axes = axes,
            Destination = destination.Memory(),
            AtDestination = steps,
        }, destination.Length);
    }
}
