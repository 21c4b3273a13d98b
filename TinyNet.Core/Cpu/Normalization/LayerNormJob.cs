using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Normalizes several rows a unit: each is read for its mean, for its squares about that, and written. The second pass also finds by how
/// much rounding moved the mean.
/// </summary>
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

    // About a mean that rounding moved by m the squares are larger by m², which is subtracted. It may be this many times what is left: a
    // sum of squares in float is that much less exact.
    private const double MostCancelled = 16;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns), start = unit * rowsPerUnit, end = Math.Min(start + rowsPerUnit, rows);
        for (int row = start; row < end; row++)
        {
            float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
            var by = Measure<TLane>(row, from);
            int done = Scale<TLane>(from, to, 0, by);
            Scale<ScalarLane>(from, to, done, by);
        }
    }

    /// <summary>Finds mean and scale of a row, and notes them.</summary>
    private Normalizer Measure<TLane>(int row, float* from) where TLane : struct, IVectorLane<TLane>
    {
        bool centers = means != null;
        float center = centers ? (float)(Total<TLane>(from) / columns) : 0;
        double sum = 0, squares = 0;
        for (int start = 0; start < columns; start += BlockTotals.BlockLength)
        {
            int stop = Math.Min(start + BlockTotals.BlockLength, columns), at = start;
            AddDistances<TLane>(from, ref at, stop, center, ref sum, ref squares);
            AddDistances<ScalarLane>(from, ref at, stop, center, ref sum, ref squares);
        }

        double moved = centers ? sum / columns : 0, mean = center + moved, square = squares / columns;
        double variance = Math.Max(square - moved * moved, 0) + epsilon;
        if (!(double.IsFinite(square) && variance >= LeastVariance && square <= MostCancelled * variance))
        {
            mean = centers ? DoubleMoments.Mean(from, columns, 1) : 0;
            variance = DoubleMoments.Variance(from, columns, 1, mean) + epsilon;
        }

        double scale = 1 / Math.Sqrt(variance);
        scales[row] = (float)scale;
        var (nearest, rest) = DoubleMoments.Split(mean);
        if (centers)
        {
            (means[row], means[rows + row]) = (nearest, rest);
        }

        return Normalizer.Of(nearest, rest, scale);
    }

    private double Total<TLane>(float* row) where TLane : struct, IVectorLane<TLane>
    {
        double total = 0;
        for (int start = 0; start < columns; start += BlockTotals.BlockLength)
        {
            int count = Math.Min(BlockTotals.BlockLength, columns - start);
            total += BlockTotals.Total<SumReduction, TLane>(default, row + start, count);
        }

        return total;
    }

    /// <summary>Adds the distances to a center, and their squares, of as many columns as whole lanes cover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDistances<TLane>(float* from, ref int start, int end, float center, ref double sum, ref double squares)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane middle = TLane.Const(center), a = TLane.Zero, b = a, c = a, d = a, aa = a, bb = a, cc = a, dd = a;
        int column = start;
        for (; column <= end - 4 * TLane.Count; column += 4 * TLane.Count)
        {
            float* at = from + column;
            TLane first = TLane.Load(at) - middle, second = TLane.Load(at + TLane.Count) - middle;
            TLane third = TLane.Load(at + 2 * TLane.Count) - middle, fourth = TLane.Load(at + 3 * TLane.Count) - middle;
            (a, b, c, d) = (a + first, b + second, c + third, d + fourth);
            aa = TLane.FusedMultiplyAdd(first, first, aa);
            bb = TLane.FusedMultiplyAdd(second, second, bb);
            cc = TLane.FusedMultiplyAdd(third, third, cc);
            dd = TLane.FusedMultiplyAdd(fourth, fourth, dd);
        }

        for (; column <= end - TLane.Count; column += TLane.Count)
        {
            var distance = TLane.Load(from + column) - middle;
            a += distance;
            aa = TLane.FusedMultiplyAdd(distance, distance, aa);
        }

        start = column;
        AcrossLane.AddTo(ref sum, a + b + (c + d));
        AcrossLane.AddTo(ref squares, aa + bb + (cc + dd));
    }

    /// <summary>Writes as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Scale<TLane>(float* from, float* to, int column, Normalizer by) where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(by.Center), factor = TLane.Const(by.Scale), shift = TLane.Const(by.Shift);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var y = TLane.FusedMultiplyAdd(TLane.Load(from + column) - center, factor, shift);
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
