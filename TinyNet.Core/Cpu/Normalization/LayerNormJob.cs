using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Normalizes several rows a unit: each is read for its mean, for its square, and written.</summary>
internal readonly unsafe struct LayerNormJob(
    float* x,
    float* weight,
    float* bias,
    double epsilon,
    float* means,
    float* scales,
    float* destination,
    int rows,
    int columns) : ILaneJob
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns), start = unit * rowsPerUnit, end = Math.Min(start + rowsPerUnit, rows);
        RunRows<TLane>(start, end);
    }

    private void RunRows<TLane>(int start, int end) where TLane : struct, IVectorLane<TLane>
    {
        for (int row = start; row < end; row++)
        {
            float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
            float mean = 0;
            if (means != null)
            {
                means[row] = mean = (float)(RowTotal<SumReduction, TLane>(default, from) / columns);
            }

            double variance = RowTotal<SquaredDistanceReduction, TLane>(new(mean), from) / columns;
            float scale = scales[row] = (float)(1 / Math.Sqrt(variance + epsilon));
            int done = Scale<TLane>(from, to, 0, mean, scale);
            Scale<ScalarLane>(from, to, done, mean, scale);
        }
    }

    private double RowTotal<TReduction, TLane>(TReduction reduction, float* row)
        where TReduction : struct, IReduction
        where TLane : struct, IVectorLane<TLane>
    {
        double total = 0;
        for (int start = 0; start < columns; start += BlockTotals.BlockLength)
        {
            total += BlockTotals.Total<TReduction, TLane>(reduction, row + start, Math.Min(BlockTotals.BlockLength, columns - start));
        }

        return total;
    }

    /// <summary>Writes as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Scale<TLane>(float* from, float* to, int column, float mean, float scale) where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(mean), factor = TLane.Const(scale);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var y = (TLane.Load(from + column) - center) * factor;
            if (weight != null)
            {
                y = bias == null
                    ? y * TLane.Load(weight + column)
                    : TLane.FusedMultiplyAdd(y, TLane.Load(weight + column), TLane.Load(bias + column));
            }
            else if (bias != null)
            {
                y += TLane.Load(bias + column);
            }

            TLane.Store(to + column, y);
        }

        return column;
    }
}

/// <summary>Σ (x − mean)².</summary>
internal readonly unsafe struct SquaredDistanceReduction(float mean) : IReduction
{
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    public T Map<T>(T x) where T : struct, ILane<T> => (x - T.Const(mean)) * (x - T.Const(mean));

    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}
