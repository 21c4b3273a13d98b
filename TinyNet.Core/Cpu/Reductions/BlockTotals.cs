using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Totals of elements in blocks: each is summed up in float, with a second look in double precision where float was not enough, and the
/// totals of blocks in their order, in double precision.
/// </summary>
internal static unsafe class BlockTotals
{
    /// <summary>Elements that chains of float accumulators take up before their total moves on in double precision.</summary>
    public const int BlockLength = 4096;

    /// <summary>Rows that a unit of work does where each is reduced, so that they are about a block.</summary>
    public static int RowsPerUnit(int columns) => Math.Max(1, BlockLength / Math.Max(1, columns));

    /// <summary>Elements that one float accumulator takes up before it is added to others: the error of a sum stays below 2⁻²⁰.</summary>
    public const int ChainLength = 64;

    /// <summary>The total of dense elements, by four chains of lanes, in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Total<TReduction, TLane>(TReduction reduction, float* x, int count)
        where TReduction : struct, IReduction
        where TLane : struct, IVectorLane<TLane>
    {
        float total = reduction.Identity<ScalarLane>().Value;
        int i = 0;
        if (count >= TLane.Count)
        {
            TLane a = reduction.Identity<TLane>(), b = a, c = a, d = a, before = a;
            int last = count - 4 * TLane.Count;
            while (true)
            {
                for (int end = Math.Min(last, i + (ChainLength - 1) * 4 * TLane.Count); i <= end; i += 4 * TLane.Count)
                {
                    a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
                    b = reduction.Combine(b, reduction.Map(TLane.Load(x + i + TLane.Count)));
                    c = reduction.Combine(c, reduction.Map(TLane.Load(x + i + 2 * TLane.Count)));
                    d = reduction.Combine(d, reduction.Map(TLane.Load(x + i + 3 * TLane.Count)));
                }

                if (i > last)
                {
                    break;
                }

                before = reduction.Combine(before, reduction.Combine(reduction.Combine(a, b), reduction.Combine(c, d)));
                a = b = c = d = reduction.Identity<TLane>();
            }

            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
            }

            a = reduction.Combine(reduction.Combine(a, b), reduction.Combine(c, d));
            total = AcrossLane.Combine(reduction, i < 4 * ChainLength * TLane.Count ? a : reduction.Combine(before, a)).Value;
        }

        return i < count ? WithRest(reduction, total, x + i, count - i) : total;
    }

    /// <summary>
    /// Combines a total with elements that fill no lane; apart, as the loop over lanes has all locals that a compiler follows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float WithRest<TReduction>(TReduction reduction, float sum, float* x, int count) where TReduction : struct, IReduction
    {
        var total = new ScalarLane(sum);
        for (int i = 0; i < count; i++)
        {
            total = reduction.Combine(total, reduction.Map(ScalarLane.Load(x + i)));
        }

        return total.Value;
    }

    /// <summary>
    /// The total of up to <see cref="BlockLength"/> dense elements: that in float, or, where it shows that float was not enough, a second
    /// one in double precision.
    /// </summary>
    public static double WideTotal<TReduction, TLane>(TReduction reduction, float* x, int count)
        where TReduction : struct, IReduction
        where TLane : struct, IVectorLane<TLane>
    {
        float total = Total<TReduction, TLane>(reduction, x, count);
        if (TReduction.FloatSuffices(total))
        {
            return total;
        }

        // Zeros are common, and lose nothing. They are told from what vanished in a fraction of the time that the second look takes.
        bool areZeros = total == 0 && reduction.Map(DoubleLane.Zero).Value == 0
            && Total<MaxMagnitudeReduction, TLane>(default, x, count) == 0;
        return areZeros ? 0 : DoubleTotal(reduction, x, count, 1);
    }

    /// <summary>
    /// The second look: the total of elements that lie a stride apart, in double precision, one after the other, so that a product in which
    /// large and small follow each other stays in range.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double DoubleTotal<TReduction>(TReduction reduction, float* x, int count, nint stride)
        where TReduction : struct, IReduction
    {
        var total = reduction.Identity<DoubleLane>();
        for (int i = 0; i < count; i++, x += stride)
        {
            total = reduction.Combine(total, reduction.Map(DoubleLane.Const(*x)));
        }

        return total.Value;
    }

    /// <summary>Combines the totals of blocks in their order and finishes, in double precision; only the result is rounded.</summary>
    public static float Finish<TReduction>(TReduction reduction, double* totals, int blocks, nint stride, int count)
        where TReduction : struct, IReduction
    {
        var total = DoubleLane.Const(totals[0]);
        for (int block = 1; block < blocks; block++)
        {
            total = reduction.Combine(total, DoubleLane.Const(totals[block * stride]));
        }

        return (float)reduction.Finish(total, DoubleLane.Const(count)).Value;
    }
}
