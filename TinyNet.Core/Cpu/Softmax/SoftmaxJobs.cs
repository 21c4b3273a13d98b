using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>What is made of the rows.</summary>
internal enum SoftmaxForm
{
    /// <summary>Softmax: nan where a row is nothing but −∞.</summary>
    Softmax,

    /// <summary>Its logarithm.</summary>
    Logarithm,

    /// <summary>Softmax, but 0 where a row is nothing but −∞: a query that sees no key.</summary>
    AttentionWeights,
}

/// <summary>
/// Softmax of several rows a unit: each row is read for its maximum, for its exponentials, which are summed up in blocks, and scaled.
/// </summary>
internal readonly unsafe struct SoftmaxJob(float* x, float* destination, int rows, int columns, SoftmaxForm form) : ILaneJob
{
    // ln x of a float below is 1.5 times as inexact as x, or more. The largest exponential alone is 1.
    private const double MostNearOne = 1.5;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns);
        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
            RunRow<TLane>(from, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void RunRow<TLane>(float* from, float* to) where TLane : struct, IVectorLane<TLane>
    {
        float max = BlockTotals.Total<MaxReduction, TLane>(new MaxReduction(), from, columns);
        if (form == SoftmaxForm.AttentionWeights && float.IsNegativeInfinity(max))
        {
            new Span<float>(to, columns).Clear();
            return;
        }

        bool logarithm = form == SoftmaxForm.Logarithm;
        int block = FloatChain.Terms * TLane.Count;
        float sum = RunBlock<TLane>(from, to, Math.Min(block, columns), max, logarithm);
        if (columns > block)
        {
            sum = RunBlocks<TLane>(from, to, max, logarithm, sum);
        }

        float operand = logarithm ? (float)Logarithm<TLane>(to, sum) : 1 / sum;
        var factor = TLane.Const(operand);
        int i;
        for (i = 0; i <= columns - TLane.Count; i += TLane.Count)
        {
            TLane.Store(to + i, logarithm ? TLane.Load(to + i) - factor : TLane.Load(to + i) * factor);
        }

        for (; i < columns; i++)
        {
            to[i] = logarithm ? to[i] - operand : to[i] * operand;
        }
    }

    /// <summary>The same for the blocks behind the first, whose sum is given; the sum of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float RunBlocks<TLane>(float* from, float* to, float max, bool logarithm, float sum) where TLane : struct, IVectorLane<TLane>
    {
        int block = FloatChain.Terms * TLane.Count;
        double total = sum;
        for (int start = block; start < columns; start += block)
        {
            total += RunBlock<TLane>(from + start, to + start, Math.Min(block, columns - start), max, logarithm);
        }

        return (float)total;
    }

    /// <summary>
    /// The logarithm of the total of the exponentials of a row. Where one makes up nearly all of it, the others are summed up again without
    /// it.
    /// </summary>
    private double Logarithm<TLane>(float* shifted, double total) where TLane : struct, IVectorLane<TLane>
    {
        if (!(total < MostNearOne))
        {
            return Math.Log(total);
        }

        double others = 0;
        for (int start = 0; start < columns; start += BlockTotals.BlockLength)
        {
            int count = Math.Min(BlockTotals.BlockLength, columns - start);
            others += BlockTotals.Total<NonZeroExpSumReduction, TLane>(default, shifted + start, count);
        }

        return DoubleMath.Log1p(others);
    }

    /// <summary>The exponentials of a block of a row, or their operands, and the sum of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RunBlock<TLane>(float* from, float* to, int count, float max, bool logarithm)
        where TLane : struct, IVectorLane<TLane>
    {
        var shift = TLane.Const(max);
        var sums = TLane.Zero;
        int i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            var shifted = TLane.Load(from + i) - shift;
            var power = TLane.Exp(shifted);
            sums += power;
            TLane.Store(to + i, logarithm ? shifted : power);
        }

        float sum = AcrossLane.Sum(sums);
        for (; i < count; i++)
        {
            var shifted = ScalarLane.Load(from + i) - ScalarLane.Const(max);
            var power = ScalarLane.Exp(shifted);
            sum += power.Value;
            ScalarLane.Store(to + i, logarithm ? shifted : power);
        }

        return sum;
    }
}

/// <summary>The gradient of softmax for several rows a unit: y · (g − Σ g y), or g − e^y Σ g for its logarithm.</summary>
internal readonly unsafe struct SoftmaxGradientJob(
    float* y, float* gradient, float* destination, int rows, int columns, bool logarithm) : ILaneJob
{
    // The logarithm of a probability of 3/4, which only one element of a row can have.
    private const float LeastSure = -0.2876821f;

    // 2¹⁰³: what is smaller changes no float so much that it is none.
    private const float MostFar = 1.0141204801825835e31f;

    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns);
        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            nint start = (nint)row * columns;
            RunRow<TLane>(y + start, gradient + start, destination + start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void RunRow<TLane>(float* output, float* g, float* to) where TLane : struct, IVectorLane<TLane>
    {
        int block = FloatChain.Terms * TLane.Count, i;
        float sum = SumBlock<TLane>(output, g, Math.Min(block, columns));
        if (columns > block)
        {
            sum = SumBlocks<TLane>(output, g, sum);
        }

        if (Math.Abs(sum) >= MostFar)
        {
            RunRowInDouble(output, g, to);
            return;
        }

        var (sure, ofSure) = logarithm ? Sure<TLane>(output, g, sum) : (-1, 0);
        var total = TLane.Const(sum);
        for (i = 0; i <= columns - TLane.Count; i += TLane.Count)
        {
            TLane.Store(to + i, Gradient(TLane.Load(output + i), TLane.Load(g + i), total));
        }

        for (; i < columns; i++)
        {
            ScalarLane.Store(to + i, Gradient(ScalarLane.Load(output + i), ScalarLane.Load(g + i), ScalarLane.Const(sum)));
        }

        if (sure >= 0)
        {
            to[sure] = ofSure;
        }
    }

    /// <summary>The second look at a row whose sum, or the distance of a gradient to it, may be no float where the result is one.</summary>
    private void RunRowInDouble(float* output, float* g, float* to)
    {
        double total = 0;
        for (int i = 0; i < columns; i++)
        {
            total += logarithm ? g[i] : (double)g[i] * output[i];
        }

        for (int i = 0; i < columns; i++)
        {
            double y = output[i];
            to[i] = (float)(logarithm ? -g[i] * DoubleMath.Expm1(y) - Math.Exp(y) * (total - g[i]) : y * (g[i] - total));
        }
    }

    /// <summary>
    /// The index of the element of a row, if there is one, whose probability is so near to 1 that g − e^y Σ g would be rounded away where
    /// g is that of this element alone, and what that is: g (1 − e^y) less the part of the others.
    /// </summary>
    private (int Index, float Gradient) Sure<TLane>(float* output, float* g, double total) where TLane : struct, IVectorLane<TLane>
    {
        float largest = BlockTotals.Total<MaxReduction, TLane>(default, output, columns);
        if (!(largest is > LeastSure and <= 0 && double.IsFinite(total)))
        {
            return (-1, 0);
        }

        int index = new ReadOnlySpan<float>(output, columns).IndexOf(largest);
        return (index, (float)(-g[index] * DoubleMath.Expm1(largest) - Math.Exp(largest) * (total - g[index])));
    }

    /// <summary>The sum of all blocks of a row, from that of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float SumBlocks<TLane>(float* output, float* g, float sum) where TLane : struct, IVectorLane<TLane>
    {
        int block = FloatChain.Terms * TLane.Count;
        double total = sum;
        for (int start = block; start < columns; start += block)
        {
            total += SumBlock<TLane>(output + start, g + start, Math.Min(block, columns - start));
        }

        return (float)total;
    }

    /// <summary>Σ g y of a block of a row, or Σ g for the logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float SumBlock<TLane>(float* output, float* g, int count) where TLane : struct, IVectorLane<TLane>
    {
        var sums = TLane.Zero;
        int i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            sums += logarithm ? TLane.Load(g + i) : TLane.Load(g + i) * TLane.Load(output + i);
        }

        float sum = AcrossLane.Sum(sums);
        for (; i < count; i++)
        {
            sum += logarithm ? g[i] : g[i] * output[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Gradient<T>(T output, T g, T total) where T : struct, ILane<T> =>
        logarithm ? g - T.Exp(output) * total : output * (g - total);
}
