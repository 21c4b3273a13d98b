namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Resize(Tensor x, in ResizeGrid grid, Tensor destination)
    {
        Tensor images = ChannelsLast(x), result = ImageStandIn(destination), taps = Taps(grid, out var table);
        RunPixelRows(new ResizeKernel(Pointer(images), table, x.Shape.Sizes[1], Pointer(result)), destination.Length, destination.Length);
        Deliver(result, destination);
        Release(taps);
        GC.KeepAlive(images);
    }

    /// <inheritdoc/>
    protected internal override void ResizeGradient(Tensor gradient, in ResizeGrid grid, Tensor xGradient)
    {
        Tensor images = ChannelsLast(gradient), result = ImageStandIn(xGradient), taps = Taps(grid, out var table);
        RunPixelRows(new ResizeGradientKernel(Pointer(images), table, gradient.Shape.Sizes[1], Pointer(result)), xGradient.Length, gradient.Length);
        Deliver(result, xGradient);
        Release(taps);
        GC.KeepAlive(images);
    }

    private Tensor Taps(in ResizeGrid grid, out ResizeTable table)
    {
        var taps = Tensor.Result("Resize", [ResizeTable.Length(grid)], this);
        table = new ResizeTable(grid, (ResizeTap*)Pointer(taps));
        table.Fill();
        return taps;
    }
}
