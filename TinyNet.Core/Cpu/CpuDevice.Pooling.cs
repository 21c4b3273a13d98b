namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        Tensor images = ChannelsLast(x), result = ImageStandIn(destination), parts = Parts(grid, out var table);
        var places = positions is null ? null : ImageStandIn(positions);
        int channels = x.Shape.Sizes[1];
        RunPixelRows(new MaxPoolKernel(Pointer(images), table, channels, Pointer(result), places is null ? null : Pointer(places)), destination.Length, x.Length);
        Deliver(result, destination);
        if (places is not null)
        {
            Deliver(places, positions!);
        }

        Release(parts);
        GC.KeepAlive(images);
    }

    /// <inheritdoc/>
    protected internal override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        Tensor places = ChannelsLast(positions), images = ChannelsLast(gradient), result = ImageStandIn(xGradient), parts = Parts(grid, out var table);
        RunPixelRows(new MaxPoolGradientKernel(Pointer(places), Pointer(images), table, gradient.Shape.Sizes[1], Pointer(result)), xGradient.Length, xGradient.Length);
        Deliver(result, xGradient);
        Release(parts);
        GC.KeepAlive(places);
        GC.KeepAlive(images);
    }

    /// <inheritdoc/>
    protected internal override void AveragePool(Tensor x, in PoolGrid grid, Tensor destination)
    {
        Tensor images = ChannelsLast(x), result = ImageStandIn(destination), parts = Parts(grid, out var table);
        RunPixelRows(new AveragePoolKernel(Pointer(images), table, x.Shape.Sizes[1], Pointer(result)), destination.Length, x.Length);
        Deliver(result, destination);
        Release(parts);
        GC.KeepAlive(images);
    }

    /// <inheritdoc/>
    protected internal override void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        Tensor images = ChannelsLast(gradient), result = ImageStandIn(xGradient), parts = Parts(grid, out var table);
        RunPixelRows(new AveragePoolGradientKernel(Pointer(images), table, gradient.Shape.Sizes[1], Pointer(result)), xGradient.Length, xGradient.Length);
        Deliver(result, xGradient);
        Release(parts);
        GC.KeepAlive(images);
    }

    private void RunPixelRows<TKernel>(TKernel kernel, int length, int work) where TKernel : struct, IPixelRowKernel
    {
        if (length > 0)
        {
            var job = new PixelRowsJob<TKernel>(kernel, length / kernel.RowLength);
            RunLanes(job.Units, job, ThreadsFor(work));
        }
    }

    /// <summary>Rented memory with the parts of a grid; give it back with <see cref="Device.Release"/>.</summary>
    private Tensor Parts(in PoolGrid grid, out PoolTable table)
    {
        var parts = Tensor.Result("Pool", [PoolTable.Length(grid)], this);
        table = new PoolTable(grid, (PoolPart*)Pointer(parts));
        table.Fill();
        return parts;
    }
}
