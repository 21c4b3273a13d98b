namespace TinyNet.Core;

/// <summary>Maxima and averages of parts of images, and their gradients.</summary>
internal static unsafe class CpuPooling
{
    private const string Name = "Pool";

    /// <summary>The largest element of each part, and where it stands if that is wanted.</summary>
    public static void MaxPool(CpuSettings cpu, Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        Tensor images = x.ToChannelsLast(cpu), result = destination.ImageStandIn();
        var places = positions?.ImageStandIn();
        using var alive = KeepAlive.Of(images);
        using var parts = new Scratch<PoolPart>(x.Device, PoolTable.Count(grid), Name);
        var table = PoolTable.Fill(grid, parts.Pointer);
        var kernel = new MaxPoolKernel(images.Pointer(), table, x.Shape.Sizes[1], result.Pointer(), places.PointerOrNull());
        PixelRows.Run(cpu, kernel, destination.Length, x.Length);
        result.DeliverTo(destination, cpu);
        places?.DeliverTo(positions!, cpu);
    }

    /// <summary>The gradient of each part goes to the element at its position.</summary>
    public static void MaxPoolGradient(CpuSettings cpu, Tensor positions, Tensor gradient, in PoolGrid grid, Tensor destination)
    {
        Tensor places = positions.ToChannelsLast(cpu), images = gradient.ToChannelsLast(cpu), result = destination.ImageStandIn();
        using var alive = KeepAlive.Of(places, images);
        using var parts = new Scratch<PoolPart>(gradient.Device, PoolTable.Count(grid), Name);
        var table = PoolTable.Fill(grid, parts.Pointer);
        var kernel = new MaxPoolGradientKernel(places.Pointer(), images.Pointer(), table, gradient.Shape.Sizes[1], result.Pointer());
        PixelRows.Run(cpu, kernel, destination.Length, destination.Length);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The sum of each part over its size.</summary>
    public static void AveragePool(CpuSettings cpu, Tensor x, in PoolGrid grid, Tensor destination)
    {
        Tensor images = x.ToChannelsLast(cpu), result = destination.ImageStandIn();
        using var alive = KeepAlive.Of(images);
        using var parts = new Scratch<PoolPart>(x.Device, PoolTable.Count(grid), Name);
        var table = PoolTable.Fill(grid, parts.Pointer);
        var kernel = new AveragePoolKernel(images.Pointer(), table, x.Shape.Sizes[1], result.Pointer());
        PixelRows.Run(cpu, kernel, destination.Length, x.Length);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The gradient of each part, over its size, goes to every element of it.</summary>
    public static void AveragePoolGradient(CpuSettings cpu, Tensor gradient, in PoolGrid grid, Tensor destination)
    {
        Tensor images = gradient.ToChannelsLast(cpu), result = destination.ImageStandIn();
        using var alive = KeepAlive.Of(images);
        using var parts = new Scratch<PoolPart>(gradient.Device, PoolTable.Count(grid), Name);
        var table = PoolTable.Fill(grid, parts.Pointer);
        var kernel = new AveragePoolGradientKernel(images.Pointer(), table, gradient.Shape.Sizes[1], result.Pointer());
        PixelRows.Run(cpu, kernel, destination.Length, destination.Length);
        result.DeliverTo(destination, cpu);
    }
}
