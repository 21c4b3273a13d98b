using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>What the gradients of attention have in common: weights and slopes, computed again from ln Σ e^score.</summary>
internal struct AttentionSlopes<TGrid> where TGrid : struct, IAttentionGrid
{
    public AttentionScores<TGrid> Scores;

    /// <summary>The gradient of the result, a line a query, and the values, a line a key.</summary>
    public MatrixReader Gradient, Value;

    /// <summary>ln Σ e^score and Σ weight · product of every query, [batch, query].</summary>
    public ArrayView<float> LogSumExp, Alignments;
    public int LogSumExpOffset, Features;

    /// <summary>The weights of a square.</summary>
    public readonly OneTile Weights(ArrayView<Row4> memory, in TilePlace at, int query, int key) => AttentionTiles.Weights(
        Scores.Of(memory, at.Batch, query, key),
        AttentionTiles.Read(
            LogSumExp, LogSumExpOffset + at.BatchIndex * Scores.Queries, query + AttentionScores<TGrid>.Down, Scores.Queries));

    /// <summary>G Vᵀ of a square.</summary>
    public readonly OneTile Products(ArrayView<Row4> memory, in TilePlace at, int query, int key) =>
        AttentionScores<TGrid>.Products(memory, Gradient, Value, at.Batch, query, key, Features);

    /// <summary>The slopes of a square, from its weights.</summary>
    public readonly OneTile Slopes(ArrayView<Row4> memory, in TilePlace at, int query, int key, in OneTile weights) =>
        AttentionTiles.Slopes(
            weights,
            Products(memory, at, query, key),
            AttentionTiles.Read(Alignments, at.BatchIndex * Scores.Queries, query + AttentionScores<TGrid>.Down, Scores.Queries),
            Scores.Scale);
}

/// <summary>The alignments, Σ weight · product of every query: a group has a square of queries.</summary>
internal struct AttentionAlignmentJob<TGrid> : IGpuJob where TGrid : struct, IAttentionGrid
{
    public WalkAxes Batches;
    public AttentionSlopes<TGrid> Slopes;
    public int QuerySquares;

    public readonly void Run()
    {
        int side = AttentionScores<TGrid>.Side, query = Grid.IdxX % QuerySquares * side;
        var at = new TilePlace { BatchIndex = Grid.IdxX / QuerySquares };
        at.Batch = Batches.At(at.BatchIndex);
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var rows = new AttentionRows<TGrid> { Numbers = SharedMemory.Allocate<float>(4 * TGrid.Side * TGrid.Side) };
        var slopes = Slopes;
        slopes.Scores.SeekBatch(at.Batch);
        var sums = default(Row4);
        int end = slopes.Scores.EndOfKeys(query), queries = slopes.Scores.Queries;
        for (int key = 0; key < end; key += side)
        {
            var weights = slopes.Weights(memory, at, query, key);
            var part = AttentionTiles.AddProducts(weights, slopes.Products(memory, at, query, key), default);
            sums = Row4.MultiplyAdd(1f, part, sums);
        }

        sums = rows.Totals(sums);
        int line = query + AttentionScores<TGrid>.Down;
        if (AttentionScores<TGrid>.Across == 0)
        {
            Put(at, line, queries, sums.X0);
            Put(at, line + 1, queries, sums.X1);
            Put(at, line + 2, queries, sums.X2);
            Put(at, line + 3, queries, sums.X3);
        }
    }

    private readonly void Put(in TilePlace at, int query, int queries, float sum)
    {
        if (query < queries)
        {
            Slopes.Alignments[at.BatchIndex * queries + query] = sum;
        }
    }
}

/// <summary>The gradient to queries, slopes · K: a group has a square of queries and columns, and goes over the keys.</summary>
internal struct AttentionQueryGradientJob<TGrid> : IGpuJob where TGrid : struct, IAttentionGrid
{
    public WalkAxes Batches;
    public AttentionSlopes<TGrid> Slopes;

    /// <summary>The keys, a line a column.</summary>
    public MatrixReader Key;
    public MatrixWriter Writer;
    public int QuerySquares, ColumnSquares;

    public readonly void Run()
    {
        int side = AttentionScores<TGrid>.Side;
        var square = AttentionSquare.OfGroup(Batches, QuerySquares, ColumnSquares, side);
        int query = square.Row, column = square.Column;
        var at = square.At;
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var left = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var slopes = Slopes;
        slopes.Scores.SeekBatch(at.Batch);
        var right = Key;
        right.Seek(at.Batch, column + TileLoop<TGrid, OneTile>.LineOf(right.AlongLines));
        var result = default(OneTile);
        int end = slopes.Scores.EndOfKeys(query);
        for (int key = 0; key < end; key += side)
        {
            var weights = slopes.Weights(memory, at, query, key);
            AttentionTiles.PutByKeys<TGrid>(left, slopes.Slopes(memory, at, query, key, weights));
            var products = default(OneTile);
            TileLoop<TGrid, OneTile>.MultiplyAdd(ref products, memory, left, right, key, Math.Min(key + side, slopes.Scores.Keys));
            result = AttentionTiles.MultiplyAdd(new Row4(1f, 1f, 1f, 1f), result, products);
        }

        result.Write(Writer, at, query + AttentionScores<TGrid>.Down, column + AttentionScores<TGrid>.Across, TGrid.Side);
    }
}

/// <summary>
/// The gradient to keys, slopesᵀ · Q, or to values, weightsᵀ · G: a group has a square of keys and columns, and goes over the queries.
/// </summary>
internal struct AttentionKeyGradientJob<TGrid> : IGpuJob where TGrid : struct, IAttentionGrid
{
    public WalkAxes Batches;
    public AttentionSlopes<TGrid> Slopes;

    /// <summary>The queries, or the gradient of the result, a line a column.</summary>
    public MatrixReader Right;
    public MatrixWriter Writer;
    public Flag IsOfValues;
    public int KeySquares, ColumnSquares;

    public readonly void Run()
    {
        int side = AttentionScores<TGrid>.Side;
        var square = AttentionSquare.OfGroup(Batches, KeySquares, ColumnSquares, side);
        int key = square.Row, column = square.Column;
        var at = square.At;
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var left = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var slopes = Slopes;
        slopes.Scores.SeekBatch(at.Batch);
        var right = Right;
        right.Seek(at.Batch, column + TileLoop<TGrid, OneTile>.LineOf(right.AlongLines));
        var result = default(OneTile);
        int end = slopes.Scores.Queries;
        for (int query = slopes.Scores.FirstQuery(key); query < end; query += side)
        {
            // Once for both: a compiler for GPUs writes out every call.
            var weights = slopes.Weights(memory, at, query, key);
            AttentionTiles.PutByQueries<TGrid>(left, IsOfValues ? weights : slopes.Slopes(memory, at, query, key, weights));
            var products = default(OneTile);
            TileLoop<TGrid, OneTile>.MultiplyAdd(ref products, memory, left, right, query, Math.Min(query + side, end));
            result = AttentionTiles.MultiplyAdd(new Row4(1f, 1f, 1f, 1f), result, products);
        }

        result.Write(Writer, at, key + AttentionScores<TGrid>.Down, column + AttentionScores<TGrid>.Across, TGrid.Side);
    }
}
