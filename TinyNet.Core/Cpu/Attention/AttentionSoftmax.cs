using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The passes over a block of scores [keys, width]. Columns are queries, so each lane has a query of its own; a width is whole registers.
/// </summary>
internal static unsafe class AttentionSoftmax
{
    // e^x is the smallest normal float about here: below, results would be denormal, which makes what computes with them slow.
    private const double LeastExponent = -87;

    /// <summary>x ← scale · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Scale<TLane>(float* x, int count, float scale) where TLane : struct, IVectorLane<TLane>
    {
        var factor = TLane.Const(scale);
        for (int i = 0; i < count; i += TLane.Count)
        {
            TLane.Store(x + i, TLane.Load(x + i) * factor);
        }
    }

    /// <summary>
    /// x ← e^(x − m) with the maxima m of the columns; gives the sums of the columns and m + ln sum. A column of nothing but −∞, a query
    /// that sees no key, becomes 0; what it gives as its sum is 1, so that the weights are 0, and not 0 / 0.
    /// </summary>
    public static void Exponentials<TLane>(float* x, int keys, int width, float* sums, float* logSumExp)
        where TLane : struct, IFloatLane<TLane>
    {
        for (int column = 0; column < width; column += TLane.Count)
        {
            TLane max = Max<TLane>(x + column, keys, width), shift = Shift(max), total = TLane.Zero, lost = TLane.Zero;
            for (int start = 0; start < keys; start += FloatChain.Terms)
            {
                int rows = Math.Min(FloatChain.Terms, keys - start);
                FloatChain.Add(ref total, ref lost, Exponentials(x + (nint)start * width + column, rows, width, shift));
            }

            TLane.Store(sums + column, TLane.Select(TLane.Equal(total, TLane.Zero), TLane.One, total));
            TLane.Store(logSumExp + column, max + TLane.Log(total));
        }
    }

    /// <summary>What is subtracted from a column: 0 where that is −∞, which would make nan of itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Shift<TLane>(TLane max) where TLane : struct, IFloatLane<TLane> =>
        TLane.Select(TLane.Equal(max, TLane.Const(double.NegativeInfinity)), TLane.Zero, max);

    // Loops over all keys are methods of their own, called once a register: the JIT stops inlining at some number of locals.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TLane Exponentials<TLane>(float* x, int rows, int width, TLane shift) where TLane : struct, IFloatLane<TLane>
    {
        TLane sum = TLane.Zero;
        for (int row = 0; row < rows; row++, x += width)
        {
            var power = Power(TLane.Load(x) - shift);
            TLane.Store(x, power);
            sum += power;
        }

        return sum;
    }

    /// <summary>The same, without the sum of the powers but with that of their products with g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TLane Products<TLane>(float* x, float* g, int rows, int width, TLane shift) where TLane : struct, IFloatLane<TLane>
    {
        TLane sum = TLane.Zero;
        for (int row = 0; row < rows; row++, x += width, g += width)
        {
            var power = Power(TLane.Load(x) - shift);
            TLane.Store(x, power);
            sum = TLane.MultiplyAdd(power, TLane.Load(g), sum);
        }

        return sum;
    }

    /// <summary>e^x, 0 where that is no normal float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Power<TLane>(TLane x) where TLane : struct, IFloatLane<TLane> =>
        TLane.Select(x < TLane.Const(LeastExponent), TLane.Zero, TLane.Exp(TLane.AtLeast(x, TLane.Const(LeastExponent))));

    /// <summary>The maxima of a register of columns, in four chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TLane Max<TLane>(float* x, int keys, int width) where TLane : struct, IFloatLane<TLane>
    {
        TLane a = TLane.Const(double.NegativeInfinity), b = a, c = a, d = a;
        int key = 0;
        for (; key <= keys - 4; key += 4, x += 4 * width)
        {
            a = TLane.Max(a, TLane.Load(x));
            b = TLane.Max(b, TLane.Load(x + width));
            c = TLane.Max(c, TLane.Load(x + 2 * width));
            d = TLane.Max(d, TLane.Load(x + 3 * width));
        }

        for (; key < keys; key++, x += width)
        {
            a = TLane.Max(a, TLane.Load(x));
        }

        return TLane.Max(TLane.Max(a, b), TLane.Max(c, d));
    }

    /// <summary>
    /// x ← p = e^(x − logSumExp), 0 where nothing is seen, and g ← h = p · (g − Σ p g) · scale, with the sum over a column. Σ |h| takes the
    /// place of what was subtracted.
    /// </summary>
    public static void Gradient<TLane>(float* x, float* g, int keys, int width, float* totals, float scale)
        where TLane : struct, IFloatLane<TLane>
    {
        for (int column = 0; column < width; column += TLane.Count)
        {
            TLane shift = Shift(TLane.Load(totals + column)), total = TLane.Zero, lost = TLane.Zero;
            for (int start = 0; start < keys; start += FloatChain.Terms)
            {
                nint at = (nint)start * width + column;
                FloatChain.Add(ref total, ref lost, Products(x + at, g + at, Math.Min(FloatChain.Terms, keys - start), width, shift));
            }

            TLane.Store(totals + column, Slopes(x + column, g + column, keys, width, TLane.Const(scale), total));
        }
    }

    /// <summary>g ← h = p · (g − total) · scale for a register of columns, and Σ |h|, in two chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TLane Slopes<TLane>(float* p, float* g, int keys, int width, TLane scale, TLane total)
        where TLane : struct, IFloatLane<TLane>
    {
        TLane sum = TLane.Zero, more = sum;
        int key = 0;
        for (; key <= keys - 2; key += 2, p += 2 * width, g += 2 * width)
        {
            TLane slope = TLane.Load(p) * (TLane.Load(g) - total) * scale;
            TLane next = TLane.Load(p + width) * (TLane.Load(g + width) - total) * scale;
            TLane.Store(g, slope);
            TLane.Store(g + width, next);
            sum += TLane.Abs(slope);
            more += TLane.Abs(next);
        }

        if (key < keys)
        {
            TLane slope = TLane.Load(p) * (TLane.Load(g) - total) * scale;
            TLane.Store(g, slope);
            sum += TLane.Abs(slope);
        }

        return sum + more;
    }
}
