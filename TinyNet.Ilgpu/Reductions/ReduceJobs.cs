using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Reduces elements in double precision: a thread makes a part of a result of every n-th of its elements. Where there is one part, that
/// is the result; otherwise <see cref="CombineJob{TReduction}"/> goes on.
/// </summary>
internal struct ReduceJob<TReduction> : IGpuJob where TReduction : struct, IReduction
{
    public TReduction Reduction;

    /// <summary>How many results there are, of how many elements each, in how many parts.</summary>
    public int Results, Elements, Parts;

    /// <summary>Whether neighboring threads make parts of one result, because its elements lie beside each other.</summary>
    public Flag PartsFirst;

    public WalkAxes Kept, Reduced;
    public ArrayView<float> X, Destination;
    public Steps XAtKept, XAtReduced, AtDestination;

    /// <summary>[Results, Parts].</summary>
    public ArrayView<double> Totals;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Results * Parts); i += Threads.Count)
        {
            int result = PartsFirst ? i / Parts : i % Results, part = PartsFirst ? i % Parts : i / Results;
            var place = Kept.At(result);
            int start = XAtKept.IndexOf(place);
            var total = Reduction.Identity<GpuDoubleLane>();
            for (int k = part; Threads.Has(k, Elements); k += Parts)
            {
                var element = new GpuDoubleLane((double)X[start + XAtReduced.IndexOf(Reduced.At(k))]);
                total = Reduction.Combine(total, Reduction.Map(element));
            }

            if (Parts == 1)
            {
                Destination[AtDestination.IndexOf(place)] = (float)Reduction.Finish(total, new GpuDoubleLane((double)Elements)).Value;
            }
            else
            {
                Totals[result * Parts + part] = total.Value;
            }
        }
    }
}

/// <summary>Combines the totals of parts to fewer, or to results.</summary>
internal struct CombineJob<TReduction> : IGpuJob where TReduction : struct, IReduction
{
    public TReduction Reduction;

    /// <summary>How many results there are, of how many elements each, and of how many parts how many are made.</summary>
    public int Results, Elements, Parts, PartsAfter;

    public WalkAxes Kept;
    public ArrayView<float> Destination;
    public Steps AtDestination;

    /// <summary>[Results, Parts] and [Results, PartsAfter].</summary>
    public ArrayView<double> Totals, TotalsAfter;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Results * PartsAfter); i += Threads.Count)
        {
            int result = i / PartsAfter;
            var total = Reduction.Identity<GpuDoubleLane>();
            for (int k = i % PartsAfter; k < Parts; k += PartsAfter)
            {
                total = Reduction.Combine(total, new GpuDoubleLane(Totals[result * Parts + k]));
            }

            if (PartsAfter == 1)
            {
                Destination[AtDestination.IndexOf(Kept.At(result))] =
                    (float)Reduction.Finish(total, new GpuDoubleLane((double)Elements)).Value;
            }
            else
            {
                TotalsAfter[i] = total.Value;
            }
        }
    }
}
