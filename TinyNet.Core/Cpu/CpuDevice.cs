namespace TinyNet.Core;

/// <summary>
/// The processor: SIMD registers of a chosen width and a number of threads. Work is cut into blocks that depend on the
/// shape only, so results have the same bits for any number of threads.
/// </summary>
// A member says what it checks and who computes it: the class Cpu… of the folder of its family.
public sealed class CpuDevice : Device
{
    private const int MaximumThreads = 1024;

    private readonly CpuSettings _cpu;
    private readonly PreparedWeights _prepared;

    /// <summary>Makes a device.</summary>
    /// <param name="threads">The number of threads; null for one a core.</param>
    /// <param name="laneBits">
    /// The width of the registers: 512, 256, 128, or 32 for one float at a time; null for the widest that the machine accelerates.
    /// </param>
    /// <exception cref="PlatformNotSupportedException">The machine lacks registers of that width.</exception>
    public CpuDevice(int? threads = null, int? laneBits = null) : this(threads, laneBits, alwaysSplit: false)
    {
    }

    /// <summary>Makes a device that, if <paramref name="alwaysSplit"/>, cuts even the smallest work over its threads.</summary>
    internal CpuDevice(int? threads, int? laneBits, bool alwaysSplit) : base("cpu")
    {
        Require.Between(1, MaximumThreads, threads ?? 1, nameof(threads));
        int bits = laneBits ?? VectorWidth.Widest;
        if (bits is not (512 or 256 or 128 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(laneBits), laneBits, "lanes have 512, 256, 128 or 32 bits");
        }

        if (!Supports(bits))
        {
            throw new PlatformNotSupportedException($"this machine has no registers of {bits} bits");
        }

        _cpu = new CpuSettings(
            threads ?? Environment.ProcessorCount,
            bits,
            alwaysSplit ? 0 : CpuMaps.DefaultThreadingThreshold,
            alwaysSplit ? 0 : Core.MatrixProduct.DefaultThreadingThreshold);
        _prepared = new PreparedWeights(this);
    }

    /// <summary>The number of threads it works with, the caller's included.</summary>
    public int Threads => _cpu.Threads;

    /// <summary>The width of its registers in bits; 32 computes one float at a time.</summary>
    public int LaneBits => _cpu.LaneBits;

    /// <summary>The name with threads and width, since devices that differ in them do not mix.</summary>
    public override string ToString() => $"cpu ({Threads} threads, {LaneBits} bits)";

    /// <summary>Whether the machine has registers of a width.</summary>
    public static bool Supports(int laneBits) => VectorWidth.IsSupported(laneBits);

    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new CpuStorage(this, length);

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination) => HostCopies.Upload(source, destination);

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination) => HostCopies.Download(source, destination);

    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, float value) => CpuMaps.Fill(_cpu, destination, value);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination) => CpuMaps.Run(_cpu, map, a, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) =>
        CpuMaps.Run(_cpu, map, a, b, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination) =>
        CpuMaps.Run(_cpu, map, a, b, c, destination);

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2) =>
        CpuUpdate.Run(_cpu, update, parameter, gradient, state0, state1, state2);

    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination) =>
        CpuReductions.Run(_cpu, reduction, x, destination);

    /// <inheritdoc/>
    protected internal override TensorStatistics Measure(Tensor x, float nearZero) => CpuStatistics.Run(_cpu, x, nearZero);

    /// <inheritdoc/>
    protected internal override double Distance(Tensor a, Tensor b) => CpuDistance.Run(_cpu, a, b);

    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices) =>
        CpuIndexing.ArgExtreme(_cpu, x, axis, largest, indices);

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination) =>
        CpuIndexing.CumulativeSum(_cpu, x, axis, reverse, destination);

    /// <inheritdoc/>
    protected internal override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination) =>
        CpuMatrixProduct.Run(_cpu, a, b, bias, accumulate, destination);

    /// <inheritdoc/>
    protected internal override void Convolution<TMap>(
        Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination) =>
        CpuConvolution.Run(_cpu, _prepared, x, weight, bias, window, groups, factors, map, destination);

    /// <inheritdoc/>
    protected internal override void ConvolutionInputGradient(
        Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient) =>
        CpuConvolution.RunInputGradient(_cpu, _prepared, gradient, weight, bias, window, groups, xGradient);

    /// <inheritdoc/>
    protected internal override void ConvolutionWeightGradient(
        Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient) =>
        CpuConvolution.RunWeightGradient(_cpu, x, gradient, window, groups, weightGradient);

    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.IndexSelect(_cpu, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.IndexAdd(_cpu, source, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.Gather(_cpu, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.ScatterAdd(_cpu, source, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void FillUniform(Tensor destination, RandomRange range, float low, float high) =>
        CpuRandom.FillUniform(_cpu, destination, range, low, high);

    /// <inheritdoc/>
    protected internal override void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation) =>
        CpuRandom.FillNormal(_cpu, destination, range, mean, standardDeviation);

    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        if (axis == x.Rank - 1 && x.IsContiguous && destination.IsContiguous)
        {
            CpuSoftmax.Run(_cpu, x, logarithm ? SoftmaxForm.Logarithm : SoftmaxForm.Softmax, destination);
        }
        else
        {
            base.Softmax(x, axis, logarithm, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void SoftmaxGradient(Tensor y, Tensor gradient, int axis, bool logarithm, Tensor xGradient)
    {
        if (axis == y.Rank - 1 && y.IsContiguous && gradient.IsContiguous && xGradient.IsContiguous)
        {
            CpuSoftmax.RunGradient(_cpu, y, gradient, logarithm, xGradient);
        }
        else
        {
            base.SoftmaxGradient(y, gradient, axis, logarithm, xGradient);
        }
    }

    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination) =>
        CpuLayerNorm.Run(_cpu, x, weight, bias, epsilon, means, scales, destination);

    /// <inheritdoc/>
    protected internal override void LayerNormGradient(
        Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient) =>
        CpuLayerNorm.RunGradient(_cpu, x, weight, means, scales, gradient, xGradient, weightGradient, biasGradient);

    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor means, Tensor deviations) =>
        CpuChannelNormalization.Moments(_cpu, x, means, deviations);

    /// <inheritdoc/>
    protected internal override void ChannelFactors(
        Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors) =>
        CpuChannelNormalization.Factors(_cpu, means, deviations, epsilon, weight, bias, factors);

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination) =>
        CpuChannelNormalization.Normalize(_cpu, x, factors, map, destination);

    /// <inheritdoc/>
    protected internal override void ChannelNormalizeGradient(
        Tensor x,
        Tensor gradient,
        Tensor means,
        Tensor deviations,
        double epsilon,
        Tensor? weight,
        bool throughMoments,
        Tensor? xGradient,
        Tensor? weightGradient,
        Tensor? biasGradient) =>
        CpuChannelNormalization.NormalizeGradient(
            _cpu, x, gradient, means, deviations, epsilon, weight, throughMoments, xGradient, weightGradient, biasGradient);

    /// <inheritdoc/>
    protected internal override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions) =>
        CpuPooling.MaxPool(_cpu, x, grid, destination, positions);

    /// <inheritdoc/>
    protected internal override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        CpuPooling.MaxPoolGradient(_cpu, positions, gradient, grid, xGradient);

    /// <inheritdoc/>
    protected internal override void AveragePool(Tensor x, in PoolGrid grid, Tensor destination) =>
        CpuPooling.AveragePool(_cpu, x, grid, destination);

    /// <inheritdoc/>
    protected internal override void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor xGradient) =>
        CpuPooling.AveragePoolGradient(_cpu, gradient, grid, xGradient);

    /// <inheritdoc/>
    protected internal override void Resize(Tensor x, in ResizeGrid grid, Tensor destination) =>
        CpuResizing.Resize(_cpu, x, grid, destination);

    /// <inheritdoc/>
    protected internal override void ResizeGradient(Tensor gradient, in ResizeGrid grid, Tensor xGradient) =>
        CpuResizing.ResizeGradient(_cpu, gradient, grid, xGradient);

    /// <inheritdoc/>
    protected internal override void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination) =>
        CpuAttention.Run(_cpu, operands, logSumExp, destination);

    /// <inheritdoc/>
    protected internal override void AttentionWeights(Tensor scores, Tensor destination)
    {
        if (scores.IsContiguous && destination.IsContiguous)
        {
            CpuSoftmax.Run(_cpu, scores, SoftmaxForm.AttentionWeights, destination);
        }
        else
        {
            base.AttentionWeights(scores, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionGradient(
        in AttentionOperands operands, Tensor logSumExp, Tensor gradient,
        Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient) =>
        CpuAttention.RunGradient(_cpu, operands, logSumExp, gradient, queryGradient, keyGradient, valueGradient);

    /// <inheritdoc/>
    protected internal override void RecurrentUnits<TStep>(in RecurrentStepTask task) => CpuRecurrentUnits.Run<TStep>(_cpu, task);

    /// <inheritdoc/>
    protected internal override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) =>
        CpuRecurrentUnits.RunGradient<TStep>(_cpu, task);

    /// <inheritdoc/>
    protected internal override void Recurrence<TStep>(in RecurrenceTask task) => CpuRecurrence.Run<TStep>(_cpu, _prepared, task);

    /// <inheritdoc/>
    protected internal override void RecurrenceGradient<TStep>(
        in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? cellGradient) =>
        CpuRecurrence.RunGradient<TStep>(_cpu, task, gradient, stateGradient, cellGradient);
}
