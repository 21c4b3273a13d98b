namespace TinyNet.Core;

/// <summary>
/// A gradient that blocks of queries add to. Where these are very many, what some have added moves to totals in double precision.
/// </summary>
internal readonly unsafe struct LongSums(BatchedMatrix gradients, int matrix, int rows, int columns)
{
    [ThreadStatic] private static ScratchBuffer _memory;

    private readonly MatrixOperand _sums = gradients.At(matrix, 0);
    private readonly int _rows = gradients.IsSet ? rows : 0;

    /// <summary>The number of sums; 0 where nobody asks for the gradient.</summary>
    public long Length => (long)_rows * columns;

    /// <summary>Totals of 0, good until the thread's next call.</summary>
    public static double* Rent(long length)
    {
        var totals = (double*)_memory.Rent(2 * length);
        new Span<double>(totals, (int)length).Clear();
        return totals;
    }

    /// <summary>Begins with 0.</summary>
    public void Clear() => AttentionJob.Clear(_sums, _rows, columns);

    /// <summary>Adds the sums to the totals, and begins again with 0.</summary>
    public void MoveTo(double* totals)
    {
        for (int row = 0; row < _rows; row++, totals += columns)
        {
            float* sums = _sums.Pointer + row * _sums.RowStride;
            for (int i = 0; i < columns; i++)
            {
                totals[i] += sums[i];
                sums[i] = 0;
            }
        }
    }

    /// <summary>Adds the totals to the sums.</summary>
    public void TakeFrom(double* totals)
    {
        for (int row = 0; row < _rows; row++, totals += columns)
        {
            float* sums = _sums.Pointer + row * _sums.RowStride;
            for (int i = 0; i < columns; i++)
            {
                sums[i] = (float)(totals[i] + sums[i]);
            }
        }
    }
}
