using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// softmax(scores) V. A group has a square of queries and columns of the values; it goes over the keys, square by square, with the largest
/// score so far, to which what it has summed up is scaled.
/// </summary>
// T. Dao, D. Fu, S. Ermon, A. Rudra, C. Ré, "FlashAttention", NeurIPS 2022.
internal struct AttentionJob<TGrid> : IGpuJob where TGrid : struct, IAttentionGrid
{
    public WalkAxes Batches;
    public AttentionScores<TGrid> Scores;

    /// <summary>The values, a line a column.</summary>
    public MatrixReader Value;
    public MatrixWriter Writer;

    /// <summary>ln Σ e^score of every query, [batch, query], where it is wanted.</summary>
    public ArrayView<float> LogSumExp;
    public int LogSumExpOffset;
    public Flag WantsLogSumExp;

    /// <summary>The squares along the queries and the columns.</summary>
    public int QuerySquares, ColumnSquares;

    public readonly void Run()
    {
        int side = AttentionScores<TGrid>.Side;
        var square = AttentionSquare.OfGroup(Batches, QuerySquares, ColumnSquares, side);
        int query = square.Row, column = square.Column;
        var at = square.At;
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var weights = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var rows = new AttentionRows<TGrid> { Numbers = SharedMemory.Allocate<float>(4 * TGrid.Side * TGrid.Side) };
        var scores = Scores;
        scores.SeekBatch(at.Batch);
        var value = Value;
        value.Seek(at.Batch, column + TileLoop<TGrid, OneTile>.LineOf(value.AlongLines));
        const float least = float.NegativeInfinity;
        Row4 max = new(least, least, least, least), sums = default;
        var result = default(OneTile);
        int end = scores.EndOfKeys(query);
        for (int key = 0; key < end; key += side)
        {
            var tile = scores.Of(memory, at.Batch, query, key);
            var most = rows.Largest(new Row4(
                AttentionWeight.Max(max.X0, AttentionWeight.Max(tile.Line0)),
                AttentionWeight.Max(max.X1, AttentionWeight.Max(tile.Line1)),
                AttentionWeight.Max(max.X2, AttentionWeight.Max(tile.Line2)),
                AttentionWeight.Max(max.X3, AttentionWeight.Max(tile.Line3))));
            tile = AttentionTiles.Weights(tile, most);
            var kept = new Row4(
                AttentionWeight.Of(max.X0, most.X0), AttentionWeight.Of(max.X1, most.X1),
                AttentionWeight.Of(max.X2, most.X2), AttentionWeight.Of(max.X3, most.X3));
            sums = new Row4(
                GpuMath.FusedMultiplyAdd(sums.X0, kept.X0, AttentionWeight.Sum(tile.Line0)),
                GpuMath.FusedMultiplyAdd(sums.X1, kept.X1, AttentionWeight.Sum(tile.Line1)),
                GpuMath.FusedMultiplyAdd(sums.X2, kept.X2, AttentionWeight.Sum(tile.Line2)),
                GpuMath.FusedMultiplyAdd(sums.X3, kept.X3, AttentionWeight.Sum(tile.Line3)));
            max = most;
            AttentionTiles.PutByKeys<TGrid>(weights, tile);
            var products = default(OneTile);
            TileLoop<TGrid, OneTile>.MultiplyAdd(ref products, memory, weights, value, key, Math.Min(key + side, scores.Keys));
            result = AttentionTiles.MultiplyAdd(kept, result, products);
        }

        sums = rows.Totals(sums);
        int line = query + AttentionScores<TGrid>.Down;
        Finish(at, line, column, result.Line0, max.X0, sums.X0);
        Finish(at, line + 1, column, result.Line1, max.X1, sums.X1);
        Finish(at, line + 2, column, result.Line2, max.X2, sums.X2);
        Finish(at, line + 3, column, result.Line3, max.X3, sums.X3);
    }

    private readonly void Finish(in TilePlace at, int line, int column, in Row4 products, float max, float sum)
    {
        // Nothing is seen where the sum is 0: then the products are 0 too.
        float factor = sum == 0 ? 1f : GpuMath.Divide(1f, sum);
        Writer.Write(at, line, column + AttentionScores<TGrid>.Across, Row4.MultiplyAdd(factor, products, default));
        if (WantsLogSumExp && column + AttentionScores<TGrid>.Across == 0 && line < Scores.Queries)
        {
            LogSumExp[LogSumExpOffset + at.BatchIndex * Scores.Queries + line] =
                sum == 0 ? float.NegativeInfinity : GpuMath.Add(max, GpuLane.Log(new GpuLane(sum)).Value);
        }
    }
}
