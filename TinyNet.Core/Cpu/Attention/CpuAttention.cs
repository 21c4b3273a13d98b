namespace TinyNet.Core;

/// <summary>Attention and its gradients.</summary>
internal static unsafe class CpuAttention
{
    /// <summary>softmax(scale · Q Kᵀ + bias) V, and ln Σ e^score of every query where that is wanted.</summary>
    public static void Run(CpuSettings cpu, in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        using var inputs = Keep(operands);
        using var outputs = KeepAlive.Of(logSumExp, destination);
        var blocks = new AttentionBlocks(operands);
        var job = new AttentionJob(blocks, new BatchedMatrix(destination), logSumExp.PointerOrNull());
        cpu.RunVectors(blocks.Matrices * blocks.QueryBlocks, job, cpu.ThreadsForProducts(blocks.Work));
    }

    /// <summary>The gradients that are asked for.</summary>
    public static void RunGradient(
        CpuSettings cpu,
        in AttentionOperands operands,
        Tensor logSumExp,
        Tensor gradient,
        Tensor? queryGradient,
        Tensor? keyGradient,
        Tensor? valueGradient)
    {
        using var inputs = Keep(operands);
        using var others = KeepAlive.Of(logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        var blocks = new AttentionBlocks(operands);
        var job = new AttentionGradientJob(
            blocks,
            logSumExp.Pointer(),
            new BatchedMatrix(gradient),
            new BatchedMatrix(queryGradient),
            new BatchedMatrix(keyGradient),
            new BatchedMatrix(valueGradient));
        cpu.RunVectors(blocks.Matrices, job, cpu.ThreadsForProducts(blocks.Work));
    }

    private static KeepAlive Keep(in AttentionOperands operands) =>
        KeepAlive.Of(operands.Query, operands.Key, operands.Value, operands.Mask, operands.Bias);
}
