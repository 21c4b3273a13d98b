using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The scores of attention, scale · Q Kᵀ + bias, computed where they are needed: a group has those of a square of queries and keys, a
/// thread 4 by 4 of them.
/// </summary>
internal struct AttentionScores<TGrid> where TGrid : struct, IAttentionGrid
{
    public MatrixReader Query, Key;
    public ArrayView<float> Mask, Bias;
    public Steps MaskAtBatch, BiasAtBatch;
    public int MaskRow, MaskColumn, BiasRow, BiasColumn;
    public Flag HasMask, HasBias, IsCausal;
    public int Queries, Keys, Depth, CausalOffset;
    public float Scale;

    private int _mask, _bias;

    /// <summary>The side of a square.</summary>
    public static int Side => TileLoop<TGrid, OneTile>.Side;

    /// <summary>The first of the thread's four queries, and of its keys, in a square.</summary>
    public static int Down => Group.IdxX / TGrid.Side * 4;

    /// <summary>The first of the thread's four keys in a square.</summary>
    public static int Across => Group.IdxX % TGrid.Side * 4;

    /// <summary>Behind the last key that the queries of a square see.</summary>
    public readonly int EndOfKeys(int query) => IsCausal ? (int)Math.Min((long)query + Side + CausalOffset, Keys) : Keys;

    /// <summary>The first of the squares of queries that see the keys of a square.</summary>
    public readonly int FirstQuery(int key) => IsCausal && key > CausalOffset ? (key - CausalOffset) / Side * Side : 0;

    /// <summary>Goes to the matrices of a batch.</summary>
    public void SeekBatch(in Place batch)
    {
        _mask = MaskAtBatch.IndexOf(batch);
        _bias = BiasAtBatch.IndexOf(batch);
    }

    /// <summary>The scores of a square, −∞ where a query does not see a key.</summary>
    public readonly OneTile Of(ArrayView<Row4> memory, in Place batch, int query, int key)
    {
        var scores = Products(memory, Query, Key, batch, query, key, Depth);
        query += Down;
        key += Across;
        scores.Line0 = Finish(scores.Line0, query, key);
        scores.Line1 = Finish(scores.Line1, query + 1, key);
        scores.Line2 = Finish(scores.Line2, query + 2, key);
        scores.Line3 = Finish(scores.Line3, query + 3, key);
        return scores;
    }

    /// <summary>The products of the lines of two matrices, from a line of each on.</summary>
    public static OneTile Products(
        ArrayView<Row4> memory, in MatrixReader lefts, in MatrixReader rights, in Place batch, int line, int column, int depth)
    {
        MatrixReader left = lefts, right = rights;
        left.Seek(batch, line + TileLoop<TGrid, OneTile>.LineOf(left.AlongLines));
        right.Seek(batch, column + TileLoop<TGrid, OneTile>.LineOf(right.AlongLines));
        var sums = default(OneTile);
        TileLoop<TGrid, OneTile>.MultiplyAdd(ref sums, memory, left, right, 0, depth);
        return sums;
    }

    private readonly Row4 Finish(in Row4 products, int query, int key) => new(
        Finish(products.X0, query, key),
        Finish(products.X1, query, key + 1),
        Finish(products.X2, query, key + 2),
        Finish(products.X3, query, key + 3));

    private readonly float Finish(float product, int query, int key)
    {
        if (query >= Queries || key >= Keys || (IsCausal && key - CausalOffset > query)
            || (HasMask && Mask[_mask + query * MaskRow + key * MaskColumn] == 0))
        {
            return float.NegativeInfinity;
        }

        float score = GpuMath.Multiply(product, Scale);
        return HasBias ? GpuMath.Add(score, Bias[_bias + query * BiasRow + key * BiasColumn]) : score;
    }
}

/// <summary>Weights of attention.</summary>
internal static class AttentionWeight
{
    /// <summary>e^(score − shift), with a shift of −∞, of queries that see nothing, as 0: that would make nan of itself.</summary>
    public static float Of(float score, float shift) =>
        GpuLane.Exp(new GpuLane(GpuMath.Subtract(score, shift == float.NegativeInfinity ? 0f : shift))).Value;

    /// <summary>The weights of four keys.</summary>
    public static Row4 Of(in Row4 scores, float shift) =>
        new(Of(scores.X0, shift), Of(scores.X1, shift), Of(scores.X2, shift), Of(scores.X3, shift));

    /// <summary>The larger number, nan if one is.</summary>
    public static float Max(float a, float b) => GpuLane.Max(new GpuLane(a), new GpuLane(b)).Value;

    /// <summary>The largest of four.</summary>
    public static float Max(in Row4 x) => Max(Max(x.X0, x.X1), Max(x.X2, x.X3));

    /// <summary>The sum of four.</summary>
    public static float Sum(in Row4 x) => GpuMath.Add(GpuMath.Add(x.X0, x.X1), GpuMath.Add(x.X2, x.X3));
}

/// <summary>Numbers of queries in shared memory, one of each of the threads along a line: [query, thread].</summary>
internal struct AttentionRows<TGrid> where TGrid : struct, IAttentionGrid
{
    public ArrayView<float> Numbers;

    /// <summary>
    /// The largest for each of the thread's four queries over all threads that have them. The memory is free again on return.
    /// </summary>
    public readonly Row4 Largest(in Row4 own)
    {
        Put(own);
        var largest = new Row4(At(0, 0), At(1, 0), At(2, 0), At(3, 0));
        for (int thread = 1; thread < TGrid.Side; thread++)
        {
            largest = new Row4(
                AttentionWeight.Max(largest.X0, At(0, thread)),
                AttentionWeight.Max(largest.X1, At(1, thread)),
                AttentionWeight.Max(largest.X2, At(2, thread)),
                AttentionWeight.Max(largest.X3, At(3, thread)));
        }

        Group.Barrier();
        return largest;
    }

    /// <summary>The totals, likewise.</summary>
    public readonly Row4 Totals(in Row4 own)
    {
        Put(own);
        var total = default(Row4);
        for (int thread = 0; thread < TGrid.Side; thread++)
        {
            total = Row4.MultiplyAdd(1f, new Row4(At(0, thread), At(1, thread), At(2, thread), At(3, thread)), total);
        }

        Group.Barrier();
        return total;
    }

    private readonly void Put(in Row4 own)
    {
        int at = AttentionScores<TGrid>.Down * TGrid.Side + Group.IdxX % TGrid.Side;
        Numbers[at] = own.X0;
        Numbers[at + TGrid.Side] = own.X1;
        Numbers[at + 2 * TGrid.Side] = own.X2;
        Numbers[at + 3 * TGrid.Side] = own.X3;
        Group.Barrier();
    }

    private readonly float At(int query, int thread) => Numbers[(AttentionScores<TGrid>.Down + query) * TGrid.Side + thread];
}
