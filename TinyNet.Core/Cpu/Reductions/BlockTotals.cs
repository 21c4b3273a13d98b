using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Totals of dense elements in blocks: each is summed up in float, and the totals of blocks in their order, in double precision.
/// </summary>
internal static unsafe class BlockTotals
{
    /// <summary>Elements that chains of float accumulators take up before their total moves on in double precision.</summary>
    public const int BlockLength = 4096;

    /// <summary>Rows that a unit of work does where each is reduced, so that they are about a block.</summary>
    public static int RowsPerUnit(int columns) => Math.Max(1, BlockLength / Math.Max(1, columns));

    /// <summary>The total of up to <see cref="BlockLength"/> dense elements, by four chains of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Total<TReduction, TLane>(TReduction reduction, float* x, int count)
        where TReduction : struct, IReduction
        where TLane : struct, IVectorLane<TLane>
    {
        var total = reduction.Identity<ScalarLane>();
        int i = 0;
        if (count >= TLane.Count)
        {
            TLane a = reduction.Identity<TLane>(), b = a, c = a, d = a;
            for (; i <= count - 4 * TLane.Count; i += 4 * TLane.Count)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
                b = reduction.Combine(b, reduction.Map(TLane.Load(x + i + TLane.Count)));
                c = reduction.Combine(c, reduction.Map(TLane.Load(x + i + 2 * TLane.Count)));
                d = reduction.Combine(d, reduction.Map(TLane.Load(x + i + 3 * TLane.Count)));
            }

            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                a = reduction.Combine(a, reduction.Map(TLane.Load(x + i)));
            }

            total = AcrossLane.Combine(reduction, reduction.Combine(reduction.Combine(a, b), reduction.Combine(c, d)));
        }

        for (; i < count; i++)
        {
            total = reduction.Combine(total, reduction.Map(ScalarLane.Load(x + i)));
        }

        return total.Value;
    }

    /// <summary>Combines the totals of blocks in their order, in double precision, and finishes.</summary>
    public static float Finish<TReduction>(TReduction reduction, float* partials, int blocks, nint stride, int count)
        where TReduction : struct, IReduction
    {
        var total = DoubleLane.Const(partials[0]);
        for (int block = 1; block < blocks; block++)
        {
            total = reduction.Combine(total, DoubleLane.Const(partials[block * stride]));
        }

        return (float)reduction.Finish(total, DoubleLane.Const(count)).Value;
    }
}
