using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// A GPU, through ILGPU: kernels are compiled at their first use, from the same structs that run on the processor. Work is put into one
/// queue and runs in its order; the host waits where it reads results, and nowhere else.
/// </summary>
// A member says what it checks and who computes it: the class Gpu… of the folder of its family.
public sealed class IlgpuDevice : Core.Device, IDisposable
{
    private const int MostThreadsPerGroup = 256;

    // Groups in the queue of a multiprocessor beyond those that it holds at a time even out what they take.
    private const int WavesOfGroups = 4;

    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly DeviceMemory _memory;
    private readonly Staging _staging;
    private readonly IndexCopies _indices;
    private readonly KernelCache _kernels;
    private readonly Lock _lock = new();
    private DeviceBuffer? _scratch;

    /// <summary>Makes a device of an accelerator; both are disposed of with it.</summary>
    internal IlgpuDevice(string name, Context context, Accelerator accelerator) : base(name)
    {
        _context = context;
        _accelerator = accelerator;
        _memory = new DeviceMemory(accelerator);
        _staging = new Staging(accelerator);
        _indices = new IndexCopies(_memory, _staging);
        _kernels = new KernelCache(accelerator);
        GroupSize = Math.Min(MostThreadsPerGroup, accelerator.MaxNumThreadsPerGroup);
        MostThreads = Math.Max(GroupSize, accelerator.MaxNumThreads / GroupSize * GroupSize);
    }

    /// <summary>What the driver calls it.</summary>
    public string Description => _accelerator.Name;

    /// <summary>The queue that all work goes into.</summary>
    internal AcceleratorStream Stream => _accelerator.DefaultStream;

    /// <summary>The threads of a group in a launch of one dimension.</summary>
    internal int GroupSize { get; }

    /// <summary>The number of threads that run at a time.</summary>
    internal int MostThreads { get; }

    /// <summary>Frees the GPU. Tensors on it must not be used any more.</summary>
    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }

    /// <summary>Puts a job into the queue, with a thread for each element as far as they run at a time.</summary>
    internal void Launch<TJob>(in TJob job, int elements) where TJob : struct, IGpuJob
    {
        if (elements > 0)
        {
            int groups = Math.Min(BlockCount.Of(elements, GroupSize), WavesOfGroups * (MostThreads / GroupSize));
            Launch(job, new KernelConfig(groups, GroupSize));
        }
    }

    /// <summary>Puts a job into the queue.</summary>
    internal void Launch<TJob>(in TJob job, in KernelConfig config) where TJob : struct, IGpuJob
    {
        lock (_lock)
        {
            _kernels.Launch(job, config);
        }
    }

    /// <summary>Memory for what an operation keeps between its launches; the next operation may overwrite it.</summary>
    internal ArrayView<T> Scratch<T>(int length) where T : unmanaged
    {
        int words = checked(length * (Marshal.SizeOf<T>() / sizeof(float)));
        if (_scratch is null || _scratch.View<float>().Length < words)
        {
            _scratch = _memory.Take(words);
        }

        return _scratch.View<T>().SubView(0, length);
    }

    /// <summary>Indices on the GPU.</summary>
    internal ArrayView<int> Copy(IndexTensor indices)
    {
        lock (_lock)
        {
            return _indices.Of(indices);
        }
    }

    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new IlgpuStorage(this, _memory.Take(length), length);

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        if (!destination.IsContiguous)
        {
            var dense = Temporary(destination.Shape, "Upload");
            Upload(source, dense);
            Copy(dense, destination);
            Release(dense);
            return;
        }

        lock (_lock)
        {
            _staging.Upload(MemoryMarshal.AsBytes(source[..destination.Length]), destination.Elements().Cast<byte>());
        }

        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination)
    {
        if (source.Length == 0)
        {
            return;
        }

        if (!source.IsContiguous)
        {
            var dense = Temporary(source.Shape, "Download");
            Copy(source, dense);
            Download(dense, destination);
            Release(dense);
            return;
        }

        lock (_lock)
        {
            _staging.Download(source.Elements().Cast<byte>(), MemoryMarshal.AsBytes(destination[..source.Length]));
        }

        GC.KeepAlive(source);
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination) => GpuMaps.Run(this, map, a, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) => GpuMaps.Run(this, map, a, b, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination) =>
        GpuMaps.Run(this, map, a, b, c, destination);

    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination) =>
        GpuReductions.Run(this, reduction, x, destination);

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination) =>
        GpuMatrixProduct.Run(this, a, b, bias, accumulate, destination);

    /// <inheritdoc/>
    protected internal override void Convolution<TMap>(
        Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination) =>
        GpuConvolution.Run(this, x, weight, bias, window, groups, factors, map, destination);

    /// <inheritdoc/>
    protected internal override void ConvolutionInputGradient(
        Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient) =>
        GpuConvolution.RunInputGradient(this, gradient, weight, bias, window, groups, xGradient);

    /// <inheritdoc/>
    protected internal override void ConvolutionWeightGradient(Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient) =>
        GpuConvolution.RunWeightGradient(this, x, gradient, window, groups, weightGradient);

    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void RecurrentUnits<TStep>(in RecurrentStepTask task) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) => throw new NotSupportedException();
}
