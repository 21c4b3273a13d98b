namespace TinyNet.Core;

public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        if (axis == x.Rank - 1 && x.IsContiguous && destination.IsContiguous)
        {
            CpuSoftmax.Run(_cpu, x, logarithm, destination);
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
        Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient, Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient) =>
        CpuLayerNorm.RunGradient(_cpu, x, weight, means, scales, gradient, xGradient, weightGradient, biasGradient);

    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor mean, Tensor variance) =>
        CpuChannelNormalization.Moments(_cpu, x, mean, variance);

    /// <inheritdoc/>
    protected internal override void ChannelFactors(
        Tensor mean, Tensor variance, float epsilon, Tensor? weight, Tensor? bias, Tensor factors) =>
        CpuChannelNormalization.Factors(_cpu, mean, variance, epsilon, weight, bias, factors);

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination) =>
        CpuChannelNormalization.Normalize(_cpu, x, factors, map, destination);

    /// <inheritdoc/>
    protected internal override void ChannelNormalizeGradient(
        Tensor x,
        Tensor gradient,
        Tensor mean,
        Tensor variance,
        float epsilon,
        Tensor? weight,
        bool throughMoments,
        Tensor? xGradient,
        Tensor? weightGradient,
        Tensor? biasGradient) =>
        CpuChannelNormalization.NormalizeGradient(
            _cpu, x, gradient, mean, variance, epsilon, weight, throughMoments, xGradient, weightGradient, biasGradient);

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
    protected internal override void AttentionGradient(
        in AttentionOperands operands, Tensor logSumExp, Tensor gradient, Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient) =>
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
        in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? memoryGradient) =>
        CpuRecurrence.RunGradient<TStep>(_cpu, task, gradient, stateGradient, memoryGradient);
}
