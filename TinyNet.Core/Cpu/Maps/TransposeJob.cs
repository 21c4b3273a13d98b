namespace TinyNet.Core;

/// <summary>
/// Copies a batch of matrices whose columns are dense row by row: images from and to channels last. A unit is a band of rows.
/// </summary>
internal readonly unsafe struct TransposeJob(
    float* source, nint matrixStride, int rows, int columns, nint columnStride, float* destination) : IJob
{
    private readonly int _bandRows = Math.Max(8, CpuMaps.BlockLength / columns / 8 * 8);

    public int Bands => BlockCount.Of(rows, _bandRows);

    public void Run(int unit)
    {
        (int matrix, int band) = Math.DivRem(unit, Bands);
        int row = band * _bandRows;
        StridedCopy.Gather(source + matrix * matrixStride + row, 1, columnStride, Math.Min(_bandRows, rows - row), columns,
            destination + ((nint)matrix * rows + row) * columns, columns);
    }
}
