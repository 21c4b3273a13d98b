namespace TinyNet.Core;

/// <summary>A float32 matrix in memory with any strides, counted in elements.</summary>
internal unsafe struct MatrixOperand(float* pointer, nint rowStride, nint columnStride)
{
    public float* Pointer = pointer;
    public nint RowStride = rowStride;
    public nint ColumnStride = columnStride;
}

/// <summary>
/// A batch of matrix products: for every batch index C = A·B + Bias, or C += A·B + Bias. A is [M, K], B [K, N] and C [M, N]
/// with contiguous rows; Bias has N entries or is null. C must not overlap A, B or Bias.
/// </summary>
internal unsafe struct MatrixProductTask
{
    /// <summary>Most batch dimensions there can be.</summary>
    public const int MaximumBatchRank = 6;

    public MatrixOperand A;
    public MatrixOperand B;
    public float* C;
    public nint CRowStride;
    public int M;
    public int N;
    public int K;
    public float* Bias;

    /// <summary>From the bias of a product to that of the next; 0 where all share it.</summary>
    public nint BiasStride;
    public bool Accumulate;

    /// <summary>Number of batch dimensions, outermost first; 0 for one product.</summary>
    public int BatchRank;
    public fixed int BatchSizes[MaximumBatchRank];

    // Strides in elements; 0 repeats the operand. Those of C must keep the products apart.
    public fixed long ABatchStrides[MaximumBatchRank];
    public fixed long BBatchStrides[MaximumBatchRank];
    public fixed long CBatchStrides[MaximumBatchRank];

    /// <summary>Number of products: the product of the batch sizes.</summary>
    public readonly int Products
    {
        get
        {
            int products = 1;
            for (int axis = 0; axis < BatchRank; axis++)
            {
                products = checked(products * BatchSizes[axis]);
            }

            return products;
        }
    }

    /// <summary>Where product number <paramref name="product"/> of the batch lies.</summary>
    public readonly void Locate(int product, out MatrixOperand a, out MatrixOperand b, out float* c)
    {
        a = A;
        b = B;
        c = C;
        for (int axis = BatchRank - 1; axis >= 0; axis--)
        {
            (product, int position) = Math.DivRem(product, BatchSizes[axis]);
            a.Pointer += position * (nint)ABatchStrides[axis];
            b.Pointer += position * (nint)BBatchStrides[axis];
            c += position * (nint)CBatchStrides[axis];
        }
    }

    /// <summary>Cᵀ = Bᵀ·Aᵀ. Rows and columns of C, and the axis of the bias, are then exchanged.</summary>
    public void Transpose()
    {
        (A, B) = (new MatrixOperand(B.Pointer, B.ColumnStride, B.RowStride), new MatrixOperand(A.Pointer, A.ColumnStride, A.RowStride));
        (M, N) = (N, M);
        for (int axis = 0; axis < BatchRank; axis++)
        {
            (ABatchStrides[axis], BBatchStrides[axis]) = (BBatchStrides[axis], ABatchStrides[axis]);
        }
    }

    /// <summary>The bias of product number <paramref name="product"/>, from an entry on; null if there is none.</summary>
    public readonly float* BiasOf(int product, int entry) => Bias == null ? null : Bias + product * BiasStride + entry;

    /// <summary>
    /// Makes the innermost batch dimensions rows of one taller product wherever B and its bias are repeated and the strides allow it.
    /// </summary>
    public void MergeBatchIntoRows()
    {
        while (BatchRank > 0)
        {
            int axis = BatchRank - 1, size = BatchSizes[axis];
            bool rowsGoOn = M == 1
                || (ABatchStrides[axis] == M * (long)A.RowStride && CBatchStrides[axis] == M * (long)CRowStride);
            if (size != 1 && (BBatchStrides[axis] != 0 || BiasStride != 0 || !rowsGoOn || (long)M * size > int.MaxValue))
            {
                return;
            }

            if (size != 1)
            {
                if (M == 1)
                {
                    (A.RowStride, CRowStride) = ((nint)ABatchStrides[axis], (nint)CBatchStrides[axis]);
                }

                M *= size;
            }
            BatchRank--;
        }
    }
}
