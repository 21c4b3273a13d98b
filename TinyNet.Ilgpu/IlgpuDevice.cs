using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// A GPU, through ILGPU: kernels are compiled at their first use, from the same structs that run on the processor. Work is put into one
/// queue and runs in its order; the host waits where it reads results, and nowhere else.
/// </summary>
// A member says what it checks and who computes it: the class Gpu… of the folder of its family.
public sealed partial class IlgpuDevice : Core.Device, IDisposable
{
    private const int MostThreadsPerGroup = GroupTotal.MostThreads;

    // A row shorter than a warp has one; of a longer one each thread takes some elements.
    private const int LeastThreadsPerRow = 32, ElementsPerThread = 4;

    // Groups in the queue of a multiprocessor beyond those that it holds at a time even out what they take.
    private const int WavesOfGroups = 4;

    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly DeviceMemory _memory;
    private readonly Staging _staging;
    private readonly IndexCopies _indices;
    private readonly KernelCache _kernels;
    private readonly Lock _lock = new();
    private readonly IndexGroups _groups = new();
    private readonly Lazy<Cublas?> _cublas;

    private readonly ScratchMemory _scratch;

    /// <summary>Makes a device of an accelerator; both are disposed of with it.</summary>
    internal IlgpuDevice(string name, Context context, Accelerator accelerator, long mostMemory = long.MaxValue) : base(name)
    {
        _context = context;
        _accelerator = accelerator;
        _memory = new DeviceMemory(accelerator, mostMemory);
        _scratch = new ScratchMemory(_memory);
        _staging = new Staging(accelerator);
        _indices = new IndexCopies(_memory, _staging);
        _kernels = new KernelCache(accelerator);
        _cublas = new Lazy<Cublas?>(() => Cublas.TryOpen(accelerator));
        GroupSize = Math.Min(MostThreadsPerGroup, 1 << BitOperations.Log2((uint)accelerator.MaxNumThreadsPerGroup));
        MostThreads = Math.Max(GroupSize, accelerator.MaxNumThreads / GroupSize * GroupSize);
    }

    /// <summary>What the driver calls it.</summary>
    public string Description => _accelerator.Name;

    /// <summary>The bytes of its memory.</summary>
    public long MemorySize => _accelerator.MemorySize;

    /// <summary>
    /// The bytes that tensors and operations hold, in the sizes in which memory is given out, with what scopes keep for the next step and
    /// what belongs to tensors that the collector has not found yet.
    /// </summary>
    public override long? MemoryInUse => _memory.BytesTaken - _memory.BytesKept;

    /// <summary>
    /// The bytes that are taken from the driver: <see cref="MemoryInUse"/>, and those that were given back and are kept for who asks next.
    /// </summary>
    public long MemoryReserved => _memory.BytesTaken;

    /// <inheritdoc/>
    protected internal override bool IsAsynchronous => true;

    /// <summary>The queue that all work goes into.</summary>
    internal AcceleratorStream Stream => _accelerator.DefaultStream;

    /// <summary>The threads of a group in a launch of one dimension.</summary>
    internal int GroupSize { get; }

    /// <summary>The number of threads that run at a time.</summary>
    internal int MostThreads { get; }

    /// <summary>The bytes of arguments that a kernel surely may have: CUDA takes 4 KB everywhere, OpenCL promises 1 KB.</summary>
    internal int MostArgumentBytes => _accelerator.AcceleratorType == AcceleratorType.OpenCL ? 1024 : 4096;

    /// <summary>How often the host has waited for the GPU.</summary>
    internal int Waits => _staging.Waits;

    /// <summary>Whether the GPU is freed.</summary>
    internal bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        using (Use())
        {
            _staging.Synchronize();
        }
    }

    /// <summary>Frees the GPU. Tensors on it must not be used any more.</summary>
    public void Dispose()
    {
        using (_lock.EnterScope())
        {
            if (IsDisposed)
            {
                return;
            }

            IsDisposed = true;
            _accelerator.Bind();
            _scratch.Dispose();
            if (_cublas is { IsValueCreated: true, Value: { } cublas })
            {
                cublas.Dispose();
            }

            _accelerator.Dispose();
            _context.Dispose();
        }
    }

    /// <summary>Puts a job into the queue, with a thread for each element as far as they run at a time.</summary>
    internal void Launch<TJob>(in TJob job, int elements) where TJob : struct, IGpuJob
    {
        if (elements > 0)
        {
            LaunchGroups(job, (int)BlockCount.Of((long)elements, GroupSize));
        }
    }

    /// <summary>Puts a job into the queue, with a group for each block as far as they run at a time.</summary>
    internal void LaunchGroups<TJob>(in TJob job, int blocks) where TJob : struct, IGpuJob =>
        Launch(job, new KernelConfig(Math.Min(blocks, WavesOfGroups * (MostThreads / GroupSize)), GroupSize));

    /// <summary>Puts a job into the queue that has a group for each row, as many threads as pay for its length.</summary>
    internal void LaunchRows<TJob>(in TJob job, int rows, int columns) where TJob : struct, IGpuJob
    {
        if (rows > 0 && columns > 0)
        {
            int wanted = (int)BitOperations.RoundUpToPowerOf2((uint)BlockCount.Of((long)columns, ElementsPerThread));
            int size = Math.Clamp(wanted, Math.Min(LeastThreadsPerRow, GroupSize), GroupSize);
            Launch(job, new KernelConfig(Math.Min(rows, WavesOfGroups * (MostThreads / size)), size));
        }
    }

    /// <summary>Puts a job into the queue.</summary>
    internal void Launch<TJob>(in TJob job, in KernelConfig config) where TJob : struct, IGpuJob
    {
        using (Use())
        {
            _kernels.Launch(job, config);
        }
    }

    /// <summary>The queue, for one thread at a time; drivers want to know which.</summary>
    internal Lock.Scope Use()
    {
        var scope = _lock.EnterScope();
        _accelerator.Bind();
        return scope;
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination) => GpuMaps.Run(this, map, a, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) =>
        GpuMaps.Run(this, map, a, b, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination) =>
        GpuMaps.Run(this, map, a, b, c, destination);

    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination) =>
        GpuReductions.Run(this, reduction, x, destination);

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2) =>
        GpuUpdates.Run(this, [new ParameterStep<TUpdate>(update, parameter, gradient, state0, state1, state2)]);

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(ReadOnlySpan<ParameterStep<TUpdate>> steps) => GpuUpdates.Run(this, steps);

    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices) =>
        GpuIndexing.ArgExtreme(this, x, axis, largest, indices);

    /// <inheritdoc/>
    protected internal override void ArgSort(Tensor x, int axis, bool descending, IndexTensor indices)
    {
        if (GpuSorting.Suits(x, axis))
        {
            GpuSorting.Run(this, x, axis, descending, indices);
        }
        else
        {
            base.ArgSort(x, axis, descending, indices);
        }
    }

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination) =>
        GpuIndexing.CumulativeSum(this, x, axis, reverse, destination);

    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        GpuIndexing.IndexSelect(this, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        GpuIndexing.IndexAdd(this, source, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        GpuIndexing.Gather(this, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        GpuIndexing.ScatterAdd(this, source, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions) =>
        GpuPooling.Maximum(this, x, grid, destination, positions);

    /// <inheritdoc/>
    protected internal override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        GpuPooling.MaximumGradient(this, positions, gradient, grid, xGradient);

    /// <inheritdoc/>
    protected internal override void AveragePool(Tensor x, in PoolGrid grid, Tensor destination) =>
        GpuPooling.Average(this, x, grid, destination);

    /// <inheritdoc/>
    protected internal override void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        GpuPooling.AverageGradient(this, gradient, grid, xGradient);

    /// <inheritdoc/>
    protected internal override void RecurrentUnits<TStep>(in RecurrentStepTask task) => GpuRecurrence.Units<TStep>(this, task);

    /// <inheritdoc/>
    protected internal override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) =>
        GpuRecurrence.UnitsGradient<TStep>(this, task, isPadding: null);

    /// <inheritdoc/>
    protected internal override void Recurrence<TStep>(in RecurrenceTask task)
    {
        if (!GpuRecurrence.Suits<TStep>(this, task))
        {
            base.Recurrence<TStep>(task);
            return;
        }

        var padding = task.Lengths is null ? null : PaddingMask(task.Lengths, task.Steps);
        GpuRecurrence.Run<TStep>(this, task, padding);
        GiveBack(padding, null);
    }

    /// <inheritdoc/>
    internal override void PaddedUnitsGradient<TStep>(in RecurrentStepTask units, Tensor isPadding) =>
        GpuRecurrence.UnitsGradient<TStep>(this, units, isPadding);

    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        if (GpuSoftmax.Takes(axis, x, destination))
        {
            GpuSoftmax.Run(this, x, logarithm, destination);
        }
        else
        {
            base.Softmax(x, axis, logarithm, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void SoftmaxGradient(Tensor y, Tensor gradient, int axis, bool logarithm, Tensor xGradient)
    {
        if (GpuSoftmax.Takes(axis, y, gradient, xGradient))
        {
            GpuSoftmax.RunGradient(this, y, gradient, logarithm, xGradient);
        }
        else
        {
            base.SoftmaxGradient(y, gradient, axis, logarithm, xGradient);
        }
    }

    /// <inheritdoc/>
    protected internal override void CrossEntropy(Tensor logits, IndexTensor labels, Tensor logProbabilities, Tensor losses)
    {
        if (GpuSoftmax.Takes(1, logits, logProbabilities))
        {
            GpuSoftmax.Run(this, logits, logarithm: true, logProbabilities);
            GpuSoftmax.Losses(this, labels, logProbabilities, losses);
        }
        else
        {
            base.CrossEntropy(logits, labels, logProbabilities, losses);
        }
    }

    /// <inheritdoc/>
    protected internal override void CrossEntropyGradient(
        Tensor logProbabilities, IndexTensor labels, Tensor gradient, Tensor logitsGradient)
    {
        if (GpuSoftmax.Takes(1, logProbabilities, logitsGradient))
        {
            GpuSoftmax.LossesGradient(this, logProbabilities, labels, gradient, logitsGradient);
        }
        else
        {
            base.CrossEntropyGradient(logProbabilities, labels, gradient, logitsGradient);
        }
    }

    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination) =>
        GpuLayerNorm.Run(this, x, weight, bias, epsilon, means, scales, destination);

    /// <inheritdoc/>
    protected internal override void LayerNormGradient(
        Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient) =>
        GpuLayerNorm.RunGradient(this, x, weight, means, scales, gradient, xGradient, weightGradient, biasGradient);

    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor means, Tensor deviations) =>
        GpuChannels.Moments(this, x, means, deviations);

    /// <inheritdoc/>
    protected internal override void ChannelFactors(
        Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors) =>
        GpuChannels.Factors(this, means, deviations, epsilon, weight, bias, factors);

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination) =>
        GpuChannels.Normalize(this, x, factors, map, destination);

    /// <inheritdoc/>
    protected internal override void ChannelNormalizeGradient(
        Tensor x, Tensor gradient, Tensor means, Tensor deviations, double epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient) =>
        GpuChannels.Gradient(
            this, x, gradient, means, deviations, epsilon, weight, throughMoments, xGradient, weightGradient, biasGradient);

    /// <inheritdoc/>
    protected internal override TensorStatistics Measure(Tensor x, float nearZero) => GpuStatistics.Run(this, x, nearZero);

    /// <inheritdoc/>
    protected internal override void FillUniform(Tensor destination, RandomRange range, float low, float high) =>
        GpuRandom.FillUniform(this, destination, range, low, high);

    /// <inheritdoc/>
    protected internal override void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation) =>
        GpuRandom.FillNormal(this, destination, range, mean, standardDeviation);
}
