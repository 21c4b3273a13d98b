using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>What attention does with the numbers of a thread, 4 queries by 4 keys.</summary>
internal static class AttentionTiles
{
    /// <summary>Puts weights into shared memory to be multiplied with keys or values: [key, query].</summary>
    public static void PutByKeys<TGrid>(ArrayView<Row4> memory, in OneTile x) where TGrid : struct, IAttentionGrid
    {
        int at = AttentionScores<TGrid>.Across * TGrid.Side + Group.IdxX / TGrid.Side;
        memory[at] = new Row4(x.Line0.X0, x.Line1.X0, x.Line2.X0, x.Line3.X0);
        memory[at + TGrid.Side] = new Row4(x.Line0.X1, x.Line1.X1, x.Line2.X1, x.Line3.X1);
        memory[at + 2 * TGrid.Side] = new Row4(x.Line0.X2, x.Line1.X2, x.Line2.X2, x.Line3.X2);
        memory[at + 3 * TGrid.Side] = new Row4(x.Line0.X3, x.Line1.X3, x.Line2.X3, x.Line3.X3);
        Group.Barrier();
    }

    /// <summary>Puts weights into shared memory to be multiplied with queries: [query, key].</summary>
    public static void PutByQueries<TGrid>(ArrayView<Row4> memory, in OneTile x) where TGrid : struct, IAttentionGrid
    {
        int at = AttentionScores<TGrid>.Down * TGrid.Side + Group.IdxX % TGrid.Side;
        memory[at] = x.Line0;
        memory[at + TGrid.Side] = x.Line1;
        memory[at + 2 * TGrid.Side] = x.Line2;
        memory[at + 3 * TGrid.Side] = x.Line3;
        Group.Barrier();
    }

    /// <summary>x · factor + y, with a factor for each line.</summary>
    public static OneTile MultiplyAdd(in Row4 factors, in OneTile x, in OneTile y) => new()
    {
        Line0 = Row4.MultiplyAdd(factors.X0, x.Line0, y.Line0),
        Line1 = Row4.MultiplyAdd(factors.X1, x.Line1, y.Line1),
        Line2 = Row4.MultiplyAdd(factors.X2, x.Line2, y.Line2),
        Line3 = Row4.MultiplyAdd(factors.X3, x.Line3, y.Line3),
    };

    /// <summary>The weights of scores, each line with its shift.</summary>
    public static OneTile Weights(in OneTile scores, in Row4 shifts) => new()
    {
        Line0 = AttentionWeight.Of(scores.Line0, shifts.X0),
        Line1 = AttentionWeight.Of(scores.Line1, shifts.X1),
        Line2 = AttentionWeight.Of(scores.Line2, shifts.X2),
        Line3 = AttentionWeight.Of(scores.Line3, shifts.X3),
    };

    /// <summary>The sum of products x · y of each line, added to sums.</summary>
    public static Row4 AddProducts(in OneTile x, in OneTile y, in Row4 sums) => new(
        Dot(x.Line0, y.Line0, sums.X0), Dot(x.Line1, y.Line1, sums.X1), Dot(x.Line2, y.Line2, sums.X2), Dot(x.Line3, y.Line3, sums.X3));

    /// <summary>scale · weight · (product − alignment), each line with its alignment: the slopes of scores.</summary>
    public static OneTile Slopes(in OneTile weights, in OneTile products, in Row4 alignments, float scale) => new()
    {
        Line0 = Slopes(weights.Line0, products.Line0, alignments.X0, scale),
        Line1 = Slopes(weights.Line1, products.Line1, alignments.X1, scale),
        Line2 = Slopes(weights.Line2, products.Line2, alignments.X2, scale),
        Line3 = Slopes(weights.Line3, products.Line3, alignments.X3, scale),
    };

    /// <summary>Four numbers, those of a thread's queries; zeros behind the last.</summary>
    public static Row4 Read(ArrayView<float> numbers, int start, int query, int queries) =>
        Row4.Read(numbers, start + query, 1, queries - query, false);

    private static float Dot(in Row4 x, in Row4 y, float sum)
    {
        float first = GpuMath.FusedMultiplyAdd(x.X1, y.X1, GpuMath.FusedMultiplyAdd(x.X0, y.X0, sum));
        return GpuMath.FusedMultiplyAdd(x.X3, y.X3, GpuMath.FusedMultiplyAdd(x.X2, y.X2, first));
    }

    private static Row4 Slopes(in Row4 weights, in Row4 products, float alignment, float scale) => new(
        Slope(weights.X0, products.X0, alignment, scale),
        Slope(weights.X1, products.X1, alignment, scale),
        Slope(weights.X2, products.X2, alignment, scale),
        Slope(weights.X3, products.X3, alignment, scale));

    private static float Slope(float weight, float product, float alignment, float scale) =>
        GpuMath.Multiply(GpuMath.Multiply(weight, GpuMath.Subtract(product, alignment)), scale);
}
