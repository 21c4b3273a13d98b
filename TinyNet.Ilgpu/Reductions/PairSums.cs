using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Two numbers that are summed at once.</summary>
internal struct Pair
{
    public double A, B;
}

/// <summary>What is summed: for each result the pair of each of its elements.</summary>
internal interface ITerms
{
    /// <summary>The pair of an element.</summary>
    Pair Of(int result, int element);
}

/// <summary>Sums pairs: a thread makes a part of a result of every n-th of its elements.</summary>
internal struct PairSumJob<TTerms> : IGpuJob where TTerms : struct, ITerms
{
    public TTerms Terms;

    /// <summary>How many results there are, of how many elements each, in how many parts.</summary>
    public int Results, Elements, Parts;

    /// <summary>Whether neighboring threads make parts of one result, because its elements lie beside each other.</summary>
    public Flag PartsFirst;

    /// <summary>[Results, Parts].</summary>
    public ArrayView<Pair> Totals;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Results * Parts); i += Threads.Count)
        {
            int result = PartsFirst ? i / Parts : i % Results, part = PartsFirst ? i % Parts : i / Results;
            double a = 0, b = 0;
            for (int k = part; Threads.Has(k, Elements); k += Parts)
            {
                var term = Terms.Of(result, k);
                a += term.A;
                b += term.B;
            }

            Totals[result * Parts + part] = new Pair { A = a, B = b };
        }
    }
}

/// <summary>Adds the totals of parts to fewer.</summary>
internal struct PairCombineJob : IGpuJob
{
    public int Results, Parts, PartsAfter;

    /// <summary>[Results, Parts] and [Results, PartsAfter].</summary>
    public ArrayView<Pair> Totals, TotalsAfter;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Results * PartsAfter); i += Threads.Count)
        {
            int result = i / PartsAfter;
            double a = 0, b = 0;
            for (int k = i % PartsAfter; k < Parts; k += PartsAfter)
            {
                var total = Totals[result * Parts + k];
                a += total.A;
                b += total.B;
            }

            TotalsAfter[i] = new Pair { A = a, B = b };
        }
    }
}

/// <summary>Sums of pairs in stages, as those of <see cref="GpuReductions"/>.</summary>
internal static class PairSums
{
    /// <summary>How many pairs the stages keep.</summary>
    public static long Room(IlgpuDevice device, int results, int elements)
    {
        int parts = GpuReductions.Parts(device, results, elements);
        return parts == 1 ? results : 2L * results * parts;
    }

    /// <summary>Sums terms and returns [results], which lies in the given room.</summary>
    public static ArrayView<Pair> Run<TTerms>(
        IlgpuDevice device, in TTerms terms, int results, int elements, bool partsFirst, ArrayView<Pair> room)
        where TTerms : struct, ITerms
    {
        int parts = GpuReductions.Parts(device, results, elements), half = results * parts;
        ArrayView<Pair> totals = room.SubView(0, half), others = room.SubView(room.Length - half, half);
        device.Launch(new PairSumJob<TTerms>
        {
            Terms = terms,
            Results = results,
            Elements = elements,
            Parts = parts,
            PartsFirst = partsFirst,
            Totals = totals,
        }, results * parts);
        while (parts > 1)
        {
            int after = GpuReductions.PartsAfter(parts);
            device.Launch(new PairCombineJob
            {
                Results = results,
                Parts = parts,
                PartsAfter = after,
                Totals = totals,
                TotalsAfter = others,
            }, results * after);
            parts = after;
            (totals, others) = (others, totals);
        }

        return totals.SubView(0, results);
    }
}
