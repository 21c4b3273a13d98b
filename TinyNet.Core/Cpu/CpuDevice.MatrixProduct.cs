namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination)
    {
        int rank = destination.Rank, row = rank - 2, column = rank - 1;
        if (destination.Layout.Strides[column] != 1 && destination.Shape.Sizes[column] > 1)
        {
            var rows = Tensor.Result(destination.Origin, destination.Shape, this);
            if (accumulate)
            {
                Copy(destination, rows);
            }

            MatrixProduct(a, b, bias, accumulate, rows);
            Copy(rows, destination);
            GC.KeepAlive(rows);
            return;
        }

        ReadOnlySpan<int> stridesA = a.Layout.Strides, stridesB = b.Layout.Strides, stridesC = destination.Layout.Strides;
        bias = bias is null ? null : Dense(bias);
        var task = new MatrixProductTask
        {
            A = new MatrixOperand(Pointer(a), stridesA[row], stridesA[column]),
            B = new MatrixOperand(Pointer(b), stridesB[row], stridesB[column]),
            C = Pointer(destination),
            CRowStride = stridesC[row],
            M = destination.Shape.Sizes[row],
            N = destination.Shape.Sizes[column],
            K = a.Shape.Sizes[column],
            Bias = bias is null ? null : Pointer(bias),
            Accumulate = accumulate,
            BatchRank = rank - 2,
        };
        for (int axis = 0; axis < row; axis++)
        {
            task.BatchSizes[axis] = destination.Shape.Sizes[axis];
            task.ABatchStrides[axis] = stridesA[axis];
            task.BBatchStrides[axis] = stridesB[axis];
            task.CBatchStrides[axis] = stridesC[axis];
        }

        Core.MatrixProduct.Run(task, LaneBits, Threads, _productThreshold);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(bias);
        GC.KeepAlive(destination);
    }
}
