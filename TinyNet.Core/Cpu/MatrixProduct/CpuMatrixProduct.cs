namespace TinyNet.Core;

/// <summary>Matrix products of tensors.</summary>
internal static unsafe class CpuMatrixProduct
{
    /// <summary>destination = a · b + bias, or that added to what the destination holds.</summary>
    public static void Run(CpuSettings cpu, Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination)
    {
        if (destination.Layout.Strides[^1] != 1 && destination.Shape.Sizes[^1] > 1)
        {
            var rows = Tensor.Result(destination.Origin, destination.Shape, destination.Device);
            if (accumulate)
            {
                CpuMaps.Copy(cpu, destination, rows);
            }

            Run(cpu, a, b, bias, accumulate, rows);
            rows.DeliverTo(destination, cpu);
            return;
        }

        var terms = bias?.ToDense(cpu);
        using var alive = KeepAlive.Of(a, b, terms, destination);
        int row = destination.Rank - 2, column = destination.Rank - 1;
        ReadOnlySpan<int> stridesA = a.Layout.Strides, stridesB = b.Layout.Strides, stridesC = destination.Layout.Strides;
        var task = new MatrixProductTask
        {
            A = new MatrixOperand(a.Pointer(), stridesA[row], stridesA[column]),
            B = new MatrixOperand(b.Pointer(), stridesB[row], stridesB[column]),
            C = destination.Pointer(),
            CRowStride = stridesC[row],
            M = destination.Shape.Sizes[row],
            N = destination.Shape.Sizes[column],
            K = a.Shape.Sizes[column],
            Bias = terms is null ? null : terms.Pointer(),
            Accumulate = accumulate,
            BatchRank = row,
        };
        for (int axis = 0; axis < row; axis++)
        {
            task.BatchSizes[axis] = destination.Shape.Sizes[axis];
            task.ABatchStrides[axis] = stridesA[axis];
            task.BBatchStrides[axis] = stridesB[axis];
            task.CBatchStrides[axis] = stridesC[axis];
        }

        MatrixProduct.Run(task, cpu.LaneBits, cpu.Threads, cpu.ProductThreshold);
    }
}
