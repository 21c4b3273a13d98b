namespace TinyNet.Core;

/// <summary>How many samples a unit of work takes through all steps, and how many threads share its products.</summary>
internal readonly unsafe record struct RecurrenceShare(int Samples, int Threads, int LaneBits, long ProductThreshold)
{
    /// <summary>The fewest samples for which it pays that a thread reads the whole weight in every step.</summary>
    private const int SamplesPerThread = 8;

    /// <summary>A larger weight does not stay in the second-level cache of every core: each step is shared out instead.</summary>
    private const int LargestWeightPerThread = 400 * 1024;

    /// <summary>Samples for each thread where that pays, else all samples for one unit whose products the threads share.</summary>
    public static RecurrenceShare Of(CpuSettings cpu, in RecurrenceTask task)
    {
        bool isShared = cpu.Threads > 1 && task.StateWeight.Length <= LargestWeightPerThread && task.Batch > SamplesPerThread
            && cpu.ThreadsForProducts((double)task.Steps * task.Batch * task.StateWeight.Length) > 1;
        return isShared
            ? new(Math.Max(SamplesPerThread, BlockCount.Of(task.Batch, cpu.Threads)), 1, cpu.LaneBits, cpu.ProductThreshold)
            : new(Math.Max(1, task.Batch), cpu.Threads, cpu.LaneBits, cpu.ProductThreshold);
    }

    /// <summary>
    /// Whether each step begins with the product for its own inputs, so that gates, which nobody keeps, stay in the caches: where both
    /// weights do too, and the rows of a step make up for reading them.
    /// </summary>
    public bool IsStepwise(in RecurrenceTask task) =>
        Threads == 1 && Samples >= SamplesPerThread && task.StateWeight.Length + task.InputWeight.Length <= LargestWeightPerThread;

    /// <summary>
    /// c = a · b + bias, or c += a · b, of dense matrices a [rows, depth] and c [rows, columns] and <see cref="WeightPanels"/> b.
    /// </summary>
    public void Multiply(float* a, float* b, float* bias, float* c, int rows, int depth, int columns, bool accumulate)
    {
        const int width = WeightPanels.Columns;
        int whole = columns / width, rest = columns % width;
        var task = new MatrixProductTask
        {
            A = new MatrixOperand(a, depth, 1),
            B = new MatrixOperand(b, width, 1),
            C = c,
            CRowStride = columns,
            M = rows,
            N = width,
            K = depth,
            Bias = bias,
            BiasStride = width,
            Accumulate = accumulate,
            BatchRank = 1,
        };
        task.BatchSizes[0] = whole;
        task.BBatchStrides[0] = depth * width;
        task.CBatchStrides[0] = width;
        MatrixProduct.Run(task, LaneBits, Threads, ProductThreshold);
        if (rest > 0)
        {
            task.BatchRank = 0;
            task.B.Pointer += (nint)whole * depth * width;
            task.C += whole * width;
            task.Bias = task.BiasOf(whole, 0);
            task.N = rest;
            MatrixProduct.Run(task, LaneBits, Threads, ProductThreshold);
        }
    }
}
