using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Element-wise operations: a thread an element.</summary>
internal static class GpuMaps
{
    public static void Run<TMap>(IlgpuDevice device, TMap map, Tensor a, Tensor destination) where TMap : struct, IUnaryMap
    {
        using var alive = KeepAlive.Of(a, destination);
        Span<Steps> steps = stackalloc Steps[2];
        var axes = Walk.Over([destination.Layout, a.Layout.Expand(destination.Shape)], steps);
        device.Launch(new MapJob<TMap>
        {
            Map = map,
            Count = destination.Length,
            Axes = axes,
            A = a.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtA = steps[1],
        }, destination.Length);
    }

    public static void Run<TMap>(IlgpuDevice device, TMap map, Tensor a, Tensor b, Tensor destination) where TMap : struct, IBinaryMap
    {
        using var alive = KeepAlive.Of(a, b, destination);
        Span<Steps> steps = stackalloc Steps[3];
        var shape = destination.Shape;
        var axes = Walk.Over([destination.Layout, a.Layout.Expand(shape), b.Layout.Expand(shape)], steps);
        device.Launch(new BinaryMapJob<TMap>
        {
            Map = map,
            Count = destination.Length,
            Axes = axes,
            A = a.Memory(),
            B = b.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtA = steps[1],
            AtB = steps[2],
        }, destination.Length);
    }

    public static void Run<TMap>(IlgpuDevice device, TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
        where TMap : struct, ITernaryMap
    {
        using var alive = KeepAlive.Of(a, b, c, destination);
        Span<Steps> steps = stackalloc Steps[4];
        var shape = destination.Shape;
        var axes = Walk.Over([destination.Layout, a.Layout.Expand(shape), b.Layout.Expand(shape), c.Layout.Expand(shape)], steps);
        device.Launch(new TernaryMapJob<TMap>
        {
            Map = map,
            Count = destination.Length,
            Axes = axes,
            A = a.Memory(),
            B = b.Memory(),
            C = c.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtA = steps[1],
            AtB = steps[2],
            AtC = steps[3],
        }, destination.Length);
    }
}
