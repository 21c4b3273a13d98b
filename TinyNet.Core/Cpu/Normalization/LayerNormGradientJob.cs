using System.Numerics.Tensors;
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
            if (float.IsInfinity(scales[row]))
            {
                RunDenormalRow(from, g, xGradient == null ? null : xGradient + (nint)row * columns, weightSums, biasSums);
                continue;
            }

            var by = means == null ? Normalizer.Of(0, 0, scales[row]) : Normalizer.Of(means[row], means[rows + row], scales[row]);
            if (xGradient != null)
            {
                RunRow<TLane>(from, g, xGradient + (nint)row * columns, by);
            }

            if (partials != null)
            {
                int done = Collect<TLane>(from, g, weightSums, biasSums, 0, by);
                Collect<ScalarLane>(from, g, weightSums, biasSums, done, by);
            }
        }
    }

    private void RunRow<TLane>(float* from, float* g, float* to, in Normalizer by) where TLane : struct, IVectorLane<TLane>
    {
        double average = 0, alignment = 0;
        int block = FloatChain.Terms * TLane.Count;
        for (int start = 0; start < columns; start += block)
        {
            int stop = Math.Min(start + block, columns), at = start;
            Align<TLane>(from, g, ref at, stop, by, ref average, ref alignment);
            Align<ScalarLane>(from, g, ref at, stop, by, ref average, ref alignment);
        }

        bool isSmall = Math.Abs(average) + Math.Abs(alignment) < FloatChain.LeastMean * columns;
        if (!double.IsFinite(average + alignment) || (isSmall && HasProducts(g)))
        {
            RunRowInDouble(from, g, to, by.Center, by.Scale, by.Shift);
            return;
        }

        float shift = means == null ? 0 : (float)(average / columns), slope = (float)(alignment / columns);
        int done = Spread<TLane>(from, g, to, 0, by, shift, slope);
        Spread<ScalarLane>(from, g, to, done, by, shift, slope);
    }

    /// <summary>Whether a row of gradients is not 0, and the weights are not, so that products of them may have vanished.</summary>
    private bool HasProducts(float* g) =>
        TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(g, columns)) != 0 &&
        (weight == null || TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(weight, columns)) != 0);

    /// <summary>The second look at a row whose sums or products left the range of floats, which the gradient of x need not do.</summary>
    private void RunRowInDouble(float* from, float* g, float* to, double center, double scale, double rest)
    {
        double average = 0, alignment = 0;
        for (int column = 0; column < columns; column++)
        {
            double h = Weighted(g, column), n = (from[column] - center) * scale + rest;
            average += means == null ? 0 : h / columns;
            alignment += h * n / columns;
        }

        for (int column = 0; column < columns; column++)
        {
            double h = Weighted(g, column), n = (from[column] - center) * scale + rest;
            to[column] = (float)(scale * (h - average - n * alignment));
        }
    }

    /// <summary>A row whose scale is no float, because all of it is denormal and there is no ε: it is measured again.</summary>
    private void RunDenormalRow(float* from, float* g, float* to, float* weightSums, float* biasSums)
    {
        var (mean, scale) = DoubleMoments.MeanAndScale(from, columns, means != null);
        if (to != null)
        {
            RunRowInDouble(from, g, to, mean, scale, 0);
        }

        for (int column = 0; column < columns && partials != null; column++)
        {
            weightSums[column] += (float)(g[column] * ((from[column] - mean) * scale));
            biasSums[column] += g[column];
        }
    }

    private double Weighted(float* g, int column) => weight == null ? g[column] : (double)g[column] * weight[column];

    /// <summary>Adds Σ h and Σ h n of as many columns as whole lanes cover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Align<TLane>(float* from, float* g, ref int start, int end, in Normalizer by, ref double average, ref double alignment)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(by.Center), factor = TLane.Const(by.Scale), rest = TLane.Const(by.Shift);
        TLane sums = TLane.Zero, products = TLane.Zero;
        int column = start;
        for (; column <= end - TLane.Count; column += TLane.Count)
        {
            var h = Weighted<TLane>(g, column);
            sums += h;
            var n = TLane.MultiplyAdd(TLane.Load(from + column) - center, factor, rest);
            products = TLane.MultiplyAdd(h, n, products);
        }

        start = column;
        AcrossLane.AddTo(ref average, sums);
        AcrossLane.AddTo(ref alignment, products);
    }

    /// <summary>Writes the gradient of x for as many columns as whole lanes cover, and returns how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Spread<TLane>(float* from, float* g, float* to, int column, in Normalizer by, float shift, float slope)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(by.Center), factor = TLane.Const(by.Scale), rest = TLane.Const(by.Shift);
        TLane average = TLane.Const(shift), alignment = TLane.Const(slope);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var n = TLane.MultiplyAdd(TLane.Load(from + column) - center, factor, rest);
            TLane.Store(to + column, factor * (Weighted<TLane>(g, column) - average - n * alignment));
        }

        return column;
    }

    /// <summary>Adds a row to the sums of weight and bias, and returns how many columns whole lanes covered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Collect<TLane>(float* from, float* g, float* weightSums, float* biasSums, int column, in Normalizer by)
        where TLane : struct, IVectorLane<TLane>
    {
        TLane center = TLane.Const(by.Center), factor = TLane.Const(by.Scale), rest = TLane.Const(by.Shift);
        for (; column <= columns - TLane.Count; column += TLane.Count)
        {
            var gradientHere = TLane.Load(g + column);
            var n = TLane.MultiplyAdd(TLane.Load(from + column) - center, factor, rest);
            TLane.Store(weightSums + column, TLane.MultiplyAdd(gradientHere, n, TLane.Load(weightSums + column)));
            TLane.Store(biasSums + column, TLane.Load(biasSums + column) + gradientHere);
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Weighted<TLane>(float* g, int column) where TLane : struct, IVectorLane<TLane> =>
        weight == null ? TLane.Load(g + column) : TLane.Load(g + column) * TLane.Load(weight + column);
}
