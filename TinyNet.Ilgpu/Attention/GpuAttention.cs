using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Attention in squares of queries and keys: the scores of all of them are nowhere in memory.</summary>
internal static class GpuAttention
{
    // A float adds up a term for each square of keys or queries; with more of them the composed default keeps more digits.
    private const int MostLength = FloatChain.Terms * FloatChain.Totals;

    // The operands, the gradient of the result and the three that are asked for.
    private const int Places = 9;

    /// <summary>Whether there are so few queries and keys that sums in squares keep their digits.</summary>
    public static bool Suits(in AttentionOperands operands) => Math.Max(operands.Query.Shape[-2], operands.Key.Shape[-2]) <= MostLength;

    /// <summary>softmax(scale · Q Kᵀ + bias) V, and ln Σ e^score of every query where that is wanted.</summary>
    public static void Run(IlgpuDevice device, in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        if (device.GroupSize >= 256)
        {
            Run<Grid16>(device, operands, logSumExp, destination);
        }
        else
        {
            Run<Grid4>(device, operands, logSumExp, destination);
        }
    }

    /// <summary>The gradients that are asked for.</summary>
    public static void RunGradient(
        IlgpuDevice device, in AttentionOperands operands, Tensor logSumExp, Tensor gradient,
        Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
    {
        if (device.GroupSize >= 256)
        {
            RunGradient<Grid16>(device, operands, logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        }
        else
        {
            RunGradient<Grid4>(device, operands, logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        }
    }

    private static void Run<TGrid>(IlgpuDevice device, in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
        where TGrid : struct, IAttentionGrid
    {
        int queries = operands.Query.Shape[-2], features = operands.Value.Shape[-1], matrices = MatricesOf(operands.Query);
        if (matrices == 0 || queries == 0)
        {
            return;
        }

        using var inputs = Keep(operands);
        using var outputs = KeepAlive.Of(logSumExp, destination);
        Span<Steps> steps = stackalloc Steps[Places];
        var batches = BatchesOf([operands.Query, operands.Key, operands.Value, operands.Mask, operands.Bias, destination], steps);
        int querySquares = SquaresOf<TGrid>(queries), columnSquares = SquaresOf<TGrid>(features);
        device.Launch(
            new AttentionJob<TGrid>
            {
                Batches = batches,
                Scores = ScoresOf<TGrid>(operands, steps),
                Value = Columns(operands.Value, steps[2]),
                Writer = WriterOf(destination, steps[5]),
                LogSumExp = logSumExp.MemoryOr(destination),
                LogSumExpOffset = logSumExp?.Layout.Offset ?? 0,
                WantsLogSumExp = logSumExp is not null,
                QuerySquares = querySquares,
                ColumnSquares = columnSquares,
            },
            ConfigOf<TGrid>(matrices, querySquares * columnSquares));
    }

    private static void RunGradient<TGrid>(
        IlgpuDevice device, AttentionOperands operands, Tensor logSumExp, Tensor gradient,
        Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
        where TGrid : struct, IAttentionGrid
    {
        int queries = operands.Query.Shape[-2], keys = operands.Key.Shape[-2], matrices = MatricesOf(operands.Query);
        if (matrices == 0)
        {
            return;
        }

        using var inputs = Keep(operands);
        using var others = KeepAlive.Of(logSumExp, gradient, queryGradient, keyGradient, valueGradient);
        Span<Steps> steps = stackalloc Steps[Places];
        var batches = BatchesOf(
            [
                operands.Query, operands.Key, operands.Value, operands.Mask, operands.Bias, gradient,
                queryGradient, keyGradient, valueGradient,
            ],
            steps);
        using var alignments = device.Scratch<float>(Math.Max(1, matrices * queries));
        var slopes = new AttentionSlopes<TGrid>
        {
            Scores = ScoresOf<TGrid>(operands, steps),
            Gradient = Rows(gradient, steps[5]),
            Value = Rows(operands.Value, steps[2]),
            LogSumExp = logSumExp.Memory(),
            LogSumExpOffset = logSumExp.Layout.Offset,
            Alignments = alignments.View,
            Features = gradient.Shape[-1],
        };
        if (queries > 0 && (queryGradient ?? keyGradient) is not null)
        {
            int squares = SquaresOf<TGrid>(queries);
            device.Launch(
                new AttentionAlignmentJob<TGrid> { Batches = batches, Slopes = slopes, QuerySquares = squares },
                ConfigOf<TGrid>(matrices, squares));
        }

        if (queryGradient is { Length: > 0 })
        {
            int querySquares = SquaresOf<TGrid>(queries), columnSquares = SquaresOf<TGrid>(queryGradient.Shape[-1]);
            device.Launch(
                new AttentionQueryGradientJob<TGrid>
                {
                    Batches = batches,
                    Slopes = slopes,
                    Key = Columns(operands.Key, steps[1]),
                    Writer = WriterOf(queryGradient, steps[6]),
                    QuerySquares = querySquares,
                    ColumnSquares = columnSquares,
                },
                ConfigOf<TGrid>(matrices, querySquares * columnSquares));
        }

        if (keyGradient is { Length: > 0 })
        {
            Launch(Columns(operands.Query, steps[0]), WriterOf(keyGradient, steps[7]), isOfValues: false, batches);
        }

        if (valueGradient is { Length: > 0 })
        {
            Launch(Columns(gradient, steps[5]), WriterOf(valueGradient, steps[8]), isOfValues: true, batches);
        }

        void Launch(in MatrixReader right, in MatrixWriter writer, bool isOfValues, in WalkAxes batches)
        {
            int keySquares = SquaresOf<TGrid>(keys), columnSquares = SquaresOf<TGrid>(right.Count);
            device.Launch(
                new AttentionKeyGradientJob<TGrid>
                {
                    Batches = batches,
                    Slopes = slopes,
                    Right = right,
                    Writer = writer,
                    IsOfValues = isOfValues,
                    KeySquares = keySquares,
                    ColumnSquares = columnSquares,
                },
                ConfigOf<TGrid>(matrices, keySquares * columnSquares));
        }
    }

    private static AttentionScores<TGrid> ScoresOf<TGrid>(in AttentionOperands operands, ReadOnlySpan<Steps> steps)
        where TGrid : struct, IAttentionGrid
    {
        Tensor? mask = operands.Mask, bias = operands.Bias;
        return new AttentionScores<TGrid>
        {
            Query = Rows(operands.Query, steps[0]),
            Key = Rows(operands.Key, steps[1]),
            Mask = mask.MemoryOr(operands.Query),
            MaskAtBatch = steps[3],
            MaskRow = mask?.Layout.Strides[^2] ?? 0,
            MaskColumn = mask?.Layout.Strides[^1] ?? 0,
            HasMask = mask is not null,
            Bias = bias.MemoryOr(operands.Query),
            BiasAtBatch = steps[4],
            BiasRow = bias?.Layout.Strides[^2] ?? 0,
            BiasColumn = bias?.Layout.Strides[^1] ?? 0,
            HasBias = bias is not null,
            IsCausal = operands.CausalOffset is not null,
            CausalOffset = operands.CausalOffset ?? 0,
            Queries = operands.Query.Shape[-2],
            Keys = operands.Key.Shape[-2],
            Depth = operands.Query.Shape[-1],
            Scale = operands.Scale,
        };
    }

    /// <summary>
    /// The leading axes of tensors that have the same, counted in row-major order, and where the matrices of each start. Where there is no
    /// tensor nothing is read.
    /// </summary>
    private static WalkAxes BatchesOf(ReadOnlySpan<Tensor?> tensors, Span<Steps> steps)
    {
        // The first of them decides on the order.
        Span<Layout> layouts = stackalloc Layout[tensors.Length + 1];
        var shape = tensors[0]!.Shape;
        layouts[0] = new Layout(shape.With(-1, 1).With(-2, 1));
        for (int i = 0; i < tensors.Length; i++)
        {
            layouts[i + 1] = tensors[i] is { } tensor ? tensor.Layout.Starts(shape.Rank - 1).Starts(shape.Rank - 2) : layouts[0];
        }

        Span<Steps> all = stackalloc Steps[layouts.Length];
        var axes = Walk.Over(layouts, all);
        all[1..].CopyTo(steps);
        return axes;
    }

    private static KeepAlive Keep(in AttentionOperands operands) =>
        KeepAlive.Of(operands.Query, operands.Key, operands.Value, operands.Mask, operands.Bias);

    private static int MatricesOf(Tensor queries) => queries.Shape.With(-1, 1).With(-2, 1).Length;

    /// <summary>The rows of matrices as lines.</summary>
    private static MatrixReader Rows(Tensor matrices, in Steps atBatch) => Lines(matrices, atBatch, matrices.Rank - 2, matrices.Rank - 1);

    /// <summary>The columns of matrices as lines.</summary>
    private static MatrixReader Columns(Tensor matrices, in Steps atBatch) =>
        Lines(matrices, atBatch, matrices.Rank - 1, matrices.Rank - 2);

    private static MatrixReader Lines(Tensor matrices, in Steps atBatch, int lineAxis, int depthAxis)
    {
        var (axes, steps) = AxisOf(matrices, lineAxis);
        return MatrixReader.Of(matrices, atBatch, axes, steps, axes.Size0, matrices.Layout.Strides[depthAxis]);
    }

    private static MatrixWriter WriterOf(Tensor matrices, in Steps atBatch)
    {
        var (axes, steps) = AxisOf(matrices, matrices.Rank - 2);
        return new MatrixWriter
        {
            Values = matrices.Memory(),
            Bias = matrices.Memory(),
            AtBatch = atBatch,
            AtLine = steps,
            Lines = axes,
            LineCount = axes.Size0,
            ColumnCount = matrices.Shape[-1],
            ColumnStep = matrices.Layout.Strides[^1],
        };
    }

    private static (WalkAxes Axes, Steps Steps) AxisOf(Tensor tensor, int axis) =>
        (new WalkAxes { Rank = 1, Size0 = tensor.Shape.Sizes[axis] }, new Steps { Step0 = tensor.Layout.Strides[axis] });

    /// <summary>The squares along a side; one where it is empty, as what else a group writes is wanted then too.</summary>
    private static int SquaresOf<TGrid>(int length) where TGrid : struct, IAttentionGrid =>
        Math.Max(1, BlockCount.Of(length, AttentionScores<TGrid>.Side));

    private static KernelConfig ConfigOf<TGrid>(int matrices, int squares) where TGrid : struct, IAttentionGrid =>
        new(checked(matrices * squares), TileLoop<TGrid, OneTile>.GroupSize);
}
