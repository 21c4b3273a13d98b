namespace TinyNet.Core;

/// <summary>Resized images, and their gradient.</summary>
internal static unsafe class CpuResizing
{
    private const string Name = "Resize";

    /// <summary>The images at other points.</summary>
    public static void Resize(CpuSettings cpu, Tensor x, in ResizeGrid grid, Tensor destination)
    {
        Tensor images = x.ToChannelsLast(cpu), result = destination.ImageStandIn();
        using var alive = KeepAlive.Of(images);
        using var taps = new Scratch<ResizeTap>(x.Device, ResizeTable.Count(grid), Name);
        var table = ResizeTable.Fill(grid, taps.Pointer);
        var kernel = new ResizeKernel(images.Pointer(), table, x.Shape.Sizes[1], result.Pointer());
        PixelRows.Run(cpu, kernel, destination.Length, destination.Length);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The gradient of each point goes to the elements that it was made of.</summary>
    public static void ResizeGradient(CpuSettings cpu, Tensor gradient, in ResizeGrid grid, Tensor destination)
    {
        Tensor images = gradient.ToChannelsLast(cpu), result = destination.ImageStandIn();
        using var alive = KeepAlive.Of(images);
        using var taps = new Scratch<ResizeTap>(gradient.Device, ResizeTable.Count(grid), Name);
        var table = ResizeTable.Fill(grid, taps.Pointer);
        var kernel = new ResizeGradientKernel(images.Pointer(), table, gradient.Shape.Sizes[1], result.Pointer());
        PixelRows.Run(cpu, kernel, destination.Length, gradient.Length);
        result.DeliverTo(destination, cpu);
    }
}
