using TinyNet.Core;

namespace TinyNet.Ilgpu;

// Matrix products, and what is made of them.
public sealed partial class IlgpuDevice
{
    /// <summary>Whether large products are left to cuBLAS where it is installed; otherwise they are all our own.</summary>
    internal bool UsesCublas { get; set; } = true;

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
    protected internal override void ConvolutionWeightGradient(
        Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient) =>
        GpuConvolution.RunWeightGradient(this, x, gradient, window, groups, weightGradient);

    /// <inheritdoc/>
    protected internal override void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        if (GpuAttention.Suits(operands))
        {
            GpuAttention.Run(this, operands, logSumExp, destination);
        }
        else
        {
            base.Attention(operands, logSumExp, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionGradient(
        in AttentionOperands operands, Tensor logSumExp, Tensor gradient, Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
    {
        if (GpuAttention.Suits(operands))
        {
            GpuAttention.RunGradient(this, operands, logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        }
        else
        {
            base.AttentionGradient(operands, logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        }
    }

    /// <summary>Whether cuBLAS is installed and wanted.</summary>
    internal bool HasCublas
    {
        get
        {
            using (Use())
            {
                return UsesCublas && _cublas.Value is not null;
            }
        }
    }

    /// <summary>Puts products into the queue that cuBLAS computes; does nothing where it is not installed or not wanted.</summary>
    internal bool TryMultiply(in CublasCall call, in TileTask task)
    {
        using (Use())
        {
            if (!UsesCublas || _cublas.Value is not { } cublas)
            {
                return false;
            }

            for (int i = 0; i < task.Products; i++)
            {
                cublas.Multiply(call, task.Batches.At(i));
            }

            return true;
        }
    }
}
