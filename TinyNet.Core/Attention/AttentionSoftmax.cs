using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>The passes over a block of scores [keys, width]. Columns are queries, so each lane has a query of its own; a width is whole registers.</summary>
internal static unsafe class AttentionSoftmax
{
    // Terms of a sum that one float takes up before its total moves on.
    private const int SumRows = 256;

    /// <summary>x ← scale · x.</summary>
    public static void Scale(float* x, int count, float scale, int laneBits)
    {
        switch (laneBits)
        {
            case 512:
                Scale<Lane512>(x, count, scale);
                break;
            case 256:
                Scale<Lane256>(x, count, scale);
                break;
            case 128:
                Scale<Lane128>(x, count, scale);
                break;
            default:
                Scale<ScalarLane>(x, count, scale);
                break;
        }
    }

    /// <summary>x ← e^(x − m) with the maxima m of the columns; gives the sums of the columns and m + ln sum.</summary>
    public static void Exponentials(float* x, int keys, int width, float* sums, float* logSumExp, int laneBits)
    {
        switch (laneBits)
        {
            case 512:
                Exponentials<Lane512>(x, keys, width, sums, logSumExp);
                break;
            case 256:
                Exponentials<Lane256>(x, keys, width, sums, logSumExp);
                break;
            case 128:
                Exponentials<Lane128>(x, keys, width, sums, logSumExp);
                break;
            default:
                Exponentials<ScalarLane>(x, keys, width, sums, logSumExp);
                break;
        }
    }

    /// <summary>x ← p = e^(x − logSumExp), and g ← h = scale · p · (g − Σ p g), the sum over a column.</summary>
    public static void Gradient(float* x, float* g, int keys, int width, float* logSumExp, float scale, int laneBits)
    {
        switch (laneBits)
        {
            case 512:
                Gradient<Lane512>(x, g, keys, width, logSumExp, scale);
                break;
            case 256:
                Gradient<Lane256>(x, g, keys, width, logSumExp, scale);
                break;
            case 128:
                Gradient<Lane128>(x, g, keys, width, logSumExp, scale);
                break;
            default:
                Gradient<ScalarLane>(x, g, keys, width, logSumExp, scale);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<TLane>(float* x, int count, float scale) where TLane : struct, IVectorLane<TLane>
    {
        var factor = TLane.Const(scale);
        for (int i = 0; i < count; i += TLane.Count)
        {
            TLane.Store(x + i, TLane.Load(x + i) * factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials<TLane>(float* x, int keys, int width, float* sums, float* logSumExp) where TLane : struct, IVectorLane<TLane>
    {
        for (int column = 0; column < width; column += TLane.Count)
        {
            var max = Max<TLane>(x + column, keys, width);
            TLane total = TLane.Zero;
            float* row = x + column;
            for (int start = 0; start < keys; start += SumRows)
            {
                TLane sum = TLane.Zero;
                for (int key = start, end = Math.Min(start + SumRows, keys); key < end; key++, row += width)
                {
                    var power = TLane.Exp(TLane.Load(row) - max);
                    sum += power;
                    TLane.Store(row, power);
                }

                total += sum;
            }

            TLane.Store(sums + column, total);
            TLane.Store(logSumExp + column, max + TLane.Log(total));
        }
    }

    /// <summary>The maxima of a register of columns, in four chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLane Max<TLane>(float* x, int keys, int width) where TLane : struct, IVectorLane<TLane>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradient<TLane>(float* x, float* g, int keys, int width, float* logSumExp, float scale) where TLane : struct, IVectorLane<TLane>
    {
        var factor = TLane.Const(scale);
        for (int column = 0; column < width; column += TLane.Count)
        {
            TLane shift = TLane.Load(logSumExp + column), total = TLane.Zero;
            float* weight = x + column, gradient = g + column;
            for (int start = 0; start < keys; start += SumRows)
            {
                TLane sum = TLane.Zero;
                for (int key = start, end = Math.Min(start + SumRows, keys); key < end; key++, weight += width, gradient += width)
                {
                    var p = TLane.Exp(TLane.Load(weight) - shift);
                    sum = TLane.FusedMultiplyAdd(p, TLane.Load(gradient), sum);
                    TLane.Store(weight, p);
                }

                total += sum;
            }

            weight = x + column;
            gradient = g + column;
            for (int key = 0; key < keys; key++, weight += width, gradient += width)
            {
                TLane.Store(gradient, factor * TLane.Load(weight) * (TLane.Load(gradient) - total));
            }
        }
    }
}
