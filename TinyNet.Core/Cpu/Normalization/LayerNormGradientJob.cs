using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The gradients of several rows a unit: that of x, and the sums over the rows of the unit that make those of weight and bias.
/// </summary>
internal readonly unsafe struct LayerNormGradientJob(
    float* x,
    float* weight,
    float* means,
    float* scales,
    float* gradient,
    float* xGradient,
    float* partials,
    int rows,
    int columns,
    int rowsPerUnit,
    int units) : ILaneJob
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        float* weightSums = partials + (nint)unit * columns, biasSums = weightSums + (nint)units * columns;
        if (partials != null)
        {
            new Span<float>(weightSums, columns).Clear();
            new Span<float>(biasSums, columns).Clear();
        }

        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            float* from = x + (nint)row * columns, g = gradient + (nint)row * columns;
            float mean = means == null ? 0 : means[row], scale = scales[row];
            if (xGradient != null)
            {
                double average = 0, alignment = 0;
                for (int start = 0; start < columns; start += BlockTotals.BlockLength)
                {
                    int stop = Math.Min(start + BlockTotals.BlockLength, columns), at = start;
                    Align<TLane>(from, g, ref at, stop, mean, scale, ref average, ref alignment);
                    Align<ScalarLane>(from, g, ref at, stop, mean, scale, ref average, ref alignment);
                }

                float shift = means == null ? 0 : (float)(average / columns), slope = (float)(alignment / columns);
                float* to = xGradient + (nint)row * columns;
                int done = Spread<TLane>(from, g, to, 0, mean, scale, shift, slope);
                Spread<ScalarLane>(from, g, to, done, mean, scale, shift, slope);
            }

            if (partials != null)
            {
                int done = Collect<TLane>(from, g, weightSums, biasSums, 0, mean, scale);
                Collect<ScalarLane>(from, g, weightSums, biasSums, done, mean, scale);
            }
        }
    }

    /// <summary>Adds Σ h and Σ h n of as many columns as whole lanes cover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Align<TLane>(
        float* from, float* g, ref int start, int end, float mean, float scale, ref double average, ref double alignment)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(mean), factor = TLane.Const(scale), sums = TLane.Zero, products = TLane.Zero;
        int column = start;
        for (; column <= end - TLane.Count; column += TLane.Count)
        {
            var h = Weighted<TLane>(g, column);
            sums += h;
            products = TLane.FusedMultiplyAdd(h, (TLane.Load(from + column) - center) * factor, products);
        }

        start = column;
        AcrossLane.AddTo(ref average, sums);
        AcrossLane.AddTo(ref alignment, products);
    }

    /// <summary>Writes the gradient of x for as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Spread<TLane>(float* from, float* g, float* to, int column, float mean, float scale, float shift, float slope)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(mean), factor = TLane.Const(scale), average = TLane.Const(shift), alignment = TLane.Const(slope);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var n = (TLane.Load(from + column) - center) * factor;
            TLane.Store(to + column, factor * (Weighted<TLane>(g, column) - average - n * alignment));
        }

        return column;
    }

    /// <summary>Adds a row to the sums of weight and bias, and returns how many columns whole lanes covered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Collect<TLane>(float* from, float* g, float* weightSums, float* biasSums, int column, float mean, float scale)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(mean), factor = TLane.Const(scale);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var gradientHere = TLane.Load(g + column);
            var n = (TLane.Load(from + column) - center) * factor;
            TLane.Store(weightSums + column, TLane.FusedMultiplyAdd(gradientHere, n, TLane.Load(weightSums + column)));
            TLane.Store(biasSums + column, TLane.Load(biasSums + column) + gradientHere);
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Weighted<TLane>(float* g, int column) where TLane : struct, IVectorLane<TLane> =>
        weight == null ? TLane.Load(g + column) : TLane.Load(g + column) * TLane.Load(weight + column);
}
