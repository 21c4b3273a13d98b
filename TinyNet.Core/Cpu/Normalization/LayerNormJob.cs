using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Normalizes several rows a unit: each is read for its mean, for its squares about that, and written.</summary>
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
    // A square of floats errs by 2⁻¹⁵⁰ at most where it is too small for a float, and so does the mean of squares: 2⁻³⁰ of what is at
    // least 2⁻¹²⁰.
    private const double LeastVariance = 7.52316384526264e-37;

    // The mean of n elements is rounded by 2⁻²⁴ of it. Against a deviation that is 1/4 of it or more that is 2⁻²² of the result; else
    // the row is read once more for what the mean lacks.
    private const double MostMeanSquare = 16;

    // About a mean that lacks m the squares are larger by m², which is subtracted. That may be so many times what is left, for a sum of
    // squares in float is that much less exact.
    private const double MostCanceled = 16;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns), start = unit * rowsPerUnit, end = Math.Min(start + rowsPerUnit, rows);
        for (int row = start; row < end; row++)
        {
            float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
            var by = Measure<TLane>(row, from);
            if (float.IsInfinity(by.Scale))
            {
                ScaleInDouble(from, to);
                continue;
            }

            int done = Scale<TLane>(from, to, 0, by.Center, by.Scale, by.Shift);
            Scale<ScalarLane>(from, to, done, by.Center, by.Scale, by.Shift);
        }
    }

    /// <summary>Finds mean and scale of a row, and notes them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Normalizer Measure<TLane>(int row, float* from) where TLane : struct, IVectorLane<TLane>
    {
        float mean = means == null ? 0 : (float)(RowTotal<SumReduction, TLane>(default, from) / columns), rest = 0;
        double square = RowTotal<SquaredDistanceReduction, TLane>(new(mean), from) / columns, variance = square + epsilon;
        bool isClear = (double)mean * mean <= MostMeanSquare * variance && variance is >= LeastVariance and <= double.MaxValue;
        if (!isClear)
        {
            (mean, rest, variance) = MeasureAgain<TLane>(from, mean, square);
        }

        if (means != null)
        {
            (means[row], means[rows + row]) = (mean, rest);
        }

        double scale = 1 / Math.Sqrt(variance);
        scales[row] = (float)scale;
        return Normalizer.Of(mean, rest, scale);
    }

    /// <summary>
    /// The mean, what it lacks, and the variance with ε, of a row for which a mean and a sum of squares in float were not enough.
    /// </summary>
    private (float Mean, float Lacking, double Variance) MeasureAgain<TLane>(float* from, float mean, double square)
        where TLane : struct, IVectorLane<TLane>
    {
        double lacking = means == null ? 0 : RowTotal<DistanceReduction, TLane>(new(mean), from) / columns, center = mean + lacking;
        double variance = Math.Max(square - lacking * lacking, 0) + epsilon;
        if (!(variance >= LeastVariance && square <= MostCanceled * variance && double.IsFinite(square)))
        {
            center = means == null ? 0 : DoubleMoments.Mean(from, columns, 1);
            variance = DoubleMoments.Variance(from, columns, 1, center) + epsilon;
        }

        var (nearest, rest) = TwoFloats.Split(center);
        return (nearest, rest, variance);
    }

    /// <summary>Writes a row whose scale is no float, because all of it is denormal and there is no ε.</summary>
    private void ScaleInDouble(float* from, float* to)
    {
        var (mean, scale) = DoubleMoments.MeanAndScale(from, columns, means != null);
        for (int column = 0; column < columns; column++)
        {
            double factor = weight == null ? 1 : weight[column], term = bias == null ? 0 : bias[column];
            to[column] = (float)((from[column] - mean) * scale * factor + term);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Scale<TLane>(float* from, float* to, int column, float center, float scale, float shift)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane middle = TLane.Const(center), factor = TLane.Const(scale), term = TLane.Const(shift);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var y = TLane.MultiplyAdd(TLane.Load(from + column) - middle, factor, term);
            if (weight != null)
            {
                y = bias == null
                    ? y * TLane.Load(weight + column)
                    : TLane.MultiplyAdd(y, TLane.Load(weight + column), TLane.Load(bias + column));
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

/// <summary>Σ (x − center).</summary>
internal readonly struct DistanceReduction(float center) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x - T.Const(center);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>Σ (x − center)².</summary>
internal readonly struct SquaredDistanceReduction(float center) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => (x - T.Const(center)) * (x - T.Const(center));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}
