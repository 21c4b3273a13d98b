namespace TinyNet.Core;

/// <summary>Softmax and its gradient along the last axis of dense tensors.</summary>
internal static unsafe class CpuSoftmax
{
    // What an element costs, in elements of a simple loop.
    private const long ElementCost = 4;

    /// <summary>Softmax, its logarithm, or the weights of an attention, of every row.</summary>
    public static void Run(CpuSettings cpu, Tensor x, SoftmaxForm form, Tensor destination)
    {
        using var alive = KeepAlive.Of(x, destination);
        var (rows, columns) = Rows(x);
        var job = new SoftmaxJob(x.Pointer(), destination.Pointer(), rows, columns, form);
        cpu.RunLanes(Units(rows, columns), job, cpu.ThreadsFor(ElementCost * x.Length));
    }

    /// <summary>The gradient, from the output y.</summary>
    public static void RunGradient(CpuSettings cpu, Tensor y, Tensor gradient, bool logarithm, Tensor destination)
    {
        using var alive = KeepAlive.Of(y, gradient, destination);
        var (rows, columns) = Rows(y);
        var job = new SoftmaxGradientJob(y.Pointer(), gradient.Pointer(), destination.Pointer(), rows, columns, logarithm);
        cpu.RunLanes(Units(rows, columns), job, cpu.ThreadsFor(ElementCost * y.Length));
    }

    private static (int Rows, int Columns) Rows(Tensor x)
    {
        int columns = x.Shape.Sizes[^1];
        return (columns == 0 ? 0 : x.Length / columns, columns);
    }

    private static int Units(int rows, int columns) => BlockCount.Of(rows, BlockTotals.RowsPerUnit(columns));
}
