namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        var blocks = new AttentionBlocks(operands, LaneBits);
        var job = new AttentionJob(blocks, new BatchedMatrix(destination), PointerOrNull(logSumExp));
        WorkSplitter.Run(blocks.Matrices * blocks.BlockCount, ref job, blocks.Work >= _productThreshold ? Threads : 1);
        KeepAlive(operands);
        GC.KeepAlive(logSumExp);
        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void AttentionGradient(in AttentionOperands operands, Tensor logSumExp, Tensor gradient, Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
    {
        var blocks = new AttentionBlocks(operands, LaneBits);
        var job = new AttentionGradientJob(blocks, Pointer(logSumExp), new BatchedMatrix(gradient), new BatchedMatrix(queryGradient), new BatchedMatrix(keyGradient), new BatchedMatrix(valueGradient));
        WorkSplitter.Run(blocks.Matrices, ref job, blocks.Work >= _productThreshold ? Threads : 1);
        KeepAlive(operands);
        GC.KeepAlive(logSumExp);
        GC.KeepAlive(gradient);
        GC.KeepAlive(queryGradient);
        GC.KeepAlive(keyGradient);
        GC.KeepAlive(valueGradient);
    }

    private static void KeepAlive(in AttentionOperands operands)
    {
        GC.KeepAlive(operands.Query);
        GC.KeepAlive(operands.Key);
        GC.KeepAlive(operands.Value);
        GC.KeepAlive(operands.Mask);
        GC.KeepAlive(operands.Bias);
    }
}
