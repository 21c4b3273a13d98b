namespace TinyNet.Core;

/// <summary>
/// One pass over images, between pixels and the parts of a grid: source and result with channels last, and the table of the grid, which
/// whoever makes a pass fills.
/// </summary>
internal readonly unsafe ref struct ImagePass<TPart> where TPart : unmanaged
{
    private readonly CpuSettings _cpu;
    private readonly Tensor _result, _destination;
    private readonly Scratch<TPart> _parts;
    private readonly KeepAlive _alive;

    /// <summary>Takes the operands of an operation.</summary>
    public ImagePass(
        string operation, CpuSettings cpu, Tensor source, Tensor destination, (int Height, int Width) image, (int Rows, int Columns) grid)
    {
        var images = source.ToChannelsLast(cpu);
        (_cpu, _destination, _result) = (cpu, destination, destination.ImageStandIn());
        _alive = KeepAlive.Of(images);
        _parts = new Scratch<TPart>(source.Device, (long)grid.Rows + grid.Columns, operation);
        Source = images.Pointer();
        Result = _result.Pointer();
        Channels = source.Shape.Sizes[1];
        Table = new PixelTable<TPart>(image.Height, image.Width, grid.Rows, grid.Columns, _parts.Pointer);
    }

    public float* Source { get; }

    public float* Result { get; }

    public int Channels { get; }

    public PixelTable<TPart> Table { get; }

    /// <summary>
    /// Computes the result, as much work as an element-wise loop over <paramref name="work"/> elements, and hands it to its destination.
    /// </summary>
    public void Run<TKernel>(TKernel kernel, int work) where TKernel : struct, IPixelRowKernel
    {
        PixelRows.Run(_cpu, kernel, _destination.Length, work);
        _result.DeliverTo(_destination, _cpu);
    }

    public void Dispose()
    {
        _parts.Dispose();
        _alive.Dispose();
    }
}
