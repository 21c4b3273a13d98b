using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Pooling: a thread a result. Gradients are gathered from the parts over an element, so no two threads write to one place.
/// </summary>
internal static class GpuPooling
{
    public static void Maximum(IlgpuDevice device, Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        using var alive = KeepAlive.Of(x, destination, positions);
        device.Launch(new MaxPoolJob
        {
            Count = destination.Length,
            Channels = destination.Shape[1],
            Grid = grid,
            X = x.Memory(),
            Destination = destination.Memory(),
            Positions = positions.MemoryOr(destination),
            AtX = ImageSteps.Of(x.Layout),
            AtDestination = ImageSteps.Of(destination.Layout),
            AtPositions = ImageSteps.Of((positions ?? destination).Layout),
            HasPositions = positions is not null,
        }, destination.Length);
    }

    public static void MaximumGradient(IlgpuDevice device, Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        using var alive = KeepAlive.Of(positions);
        Gradient(
            device,
            new MaxShare { Positions = positions.Memory(), AtPositions = ImageSteps.Of(positions.Layout) },
            gradient,
            grid,
            xGradient);
    }

    public static void Average(IlgpuDevice device, Tensor x, in PoolGrid grid, Tensor destination)
    {
        using var alive = KeepAlive.Of(x, destination);
        device.Launch(new AveragePoolJob
        {
            Count = destination.Length,
            Channels = destination.Shape[1],
            Grid = grid,
            X = x.Memory(),
            Destination = destination.Memory(),
            AtX = ImageSteps.Of(x.Layout),
            AtDestination = ImageSteps.Of(destination.Layout),
        }, destination.Length);
    }

    public static void AverageGradient(IlgpuDevice device, Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        Gradient(device, new AverageShare(), gradient, grid, xGradient);

    private static void Gradient<TShare>(IlgpuDevice device, TShare share, Tensor gradient, in PoolGrid grid, Tensor xGradient)
        where TShare : struct, IPoolShare
    {
        using var alive = KeepAlive.Of(gradient, xGradient);
        device.Launch(new PoolGradientJob<TShare>
        {
            Share = share,
            Count = xGradient.Length,
            Channels = xGradient.Shape[1],
            Grid = grid,
            Gradient = gradient.Memory(),
            XGradient = xGradient.Memory(),
            AtGradient = ImageSteps.Of(gradient.Layout),
            AtXGradient = ImageSteps.Of(xGradient.Layout),
        }, xGradient.Length);
    }
}
