using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// softmax(scale · Q Kᵀ + bias) V. The result of a query that sees no key, so that all its scores are −∞, is 0.
    /// </summary>
    /// <param name="operands">The operands.</param>
    /// <param name="logSumExp">
    /// Receives ln Σ e^score of every query, −∞ where it sees no key, [.., L] dense; null where nobody wants it.
    /// </param>
    /// <param name="destination">[.., L, E], its last axis dense.</param>
    protected internal virtual void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        var scores = AttentionScores(operands);
        if (logSumExp is not null)
        {
            LogSumExp(scores, View(logSumExp, logSumExp.Layout.Unsqueeze(logSumExp.Rank)));
        }

        AttentionWeights(scores, scores);
        MatrixProduct(scores, operands.Value, bias: null, accumulate: false, destination);
        Release(scores);
    }

    /// <summary>
    /// The softmax of scores along the last axis, in which a row of nothing but −∞ gives 0: the weights of a query that sees no key. The
    /// gradient is that of <see cref="Softmax"/>, which is 0 in such a row.
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="destination">The weights; may be the scores.</param>
    protected internal virtual void AttentionWeights(Tensor scores, Tensor destination)
    {
        var largest = Temporary(scores.Shape.With(-1, 1), "Attention");
        Reduce(new MaxReduction(), scores, largest);
        Softmax(scores, scores.Rank - 1, logarithm: false, destination);
        Map(new SeenMap(), largest, destination, destination);
        Release(largest);
    }

    /// <summary>
    /// Those gradients of <see cref="Attention"/> that are asked for. With weights P = e^(score − logSumExp), 0 for a query that sees no
    /// key, and G the gradient of the result: Pᵀ G to the values, and with H = scale · P · (G Vᵀ − Σ P · G Vᵀ) to the queries H K, to the
    /// keys Hᵀ Q.
    /// </summary>
    /// <remarks>The default keeps G Vᵀ and H as floats, also where only their products with keys and queries are.</remarks>
    /// <param name="operands">The operands.</param>
    /// <param name="logSumExp">What <see cref="Attention"/> gave.</param>
    /// <param name="gradient">[.., L, E].</param>
    /// <param name="queryGradient">The shape of the queries, its last axis dense, or null.</param>
    /// <param name="keyGradient">The shape of the keys, its last axis dense, or null.</param>
    /// <param name="valueGradient">The shape of the values, its last axis dense, or null.</param>
    protected internal virtual void AttentionGradient(
        in AttentionOperands operands, Tensor logSumExp, Tensor gradient,
        Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
    {
        var weights = AttentionScores(operands);
        Map(new WeightMap(), weights, View(logSumExp, logSumExp.Layout.Unsqueeze(logSumExp.Rank)), weights);
        if (valueGradient is not null)
        {
            MatrixProduct(Transposed(weights), gradient, bias: null, accumulate: false, valueGradient);
        }

        if (queryGradient is not null || keyGradient is not null)
        {
            Tensor h = Temporary(weights.Shape, "Attention"), alignment = Temporary(weights.Shape.With(-1, 1), "Attention");
            MatrixProduct(gradient, Transposed(operands.Value), bias: null, accumulate: false, h);
            Map(new MultiplyOp(), h, weights, h);
            Reduce(new SumReduction(), h, alignment);
            Map(new SubtractProductMap(), h, weights, alignment, h);
            Map(new ScaleMap(operands.Scale), h, h);
            if (queryGradient is not null)
            {
                MatrixProduct(h, operands.Key, bias: null, accumulate: false, queryGradient);
            }

            if (keyGradient is not null)
            {
                MatrixProduct(Transposed(h), operands.Query, bias: null, accumulate: false, keyGradient);
            }

            Release(h, alignment);
        }

        Release(weights);
    }

    /// <summary>scale · Q Kᵀ + bias [.., L, S], −∞ where a query does not see a key.</summary>
    private Tensor AttentionScores(in AttentionOperands operands)
    {
        int queries = operands.Query.Shape[-2], keys = operands.Key.Shape[-2];
        var scores = Temporary(operands.Query.Shape.With(-1, keys), "Attention");
        MatrixProduct(operands.Query, Transposed(operands.Key), bias: null, accumulate: false, scores);
        Map(new ScaleMap(operands.Scale), scores, scores);
        if (operands.Bias is not null)
        {
            Map(new SumMap(), scores, operands.Bias, scores);
        }

        if (operands.Mask is not null)
        {
            Map(new VisibleMap(), operands.Mask, scores, scores);
        }

        if (operands.CausalOffset is { } offset)
        {
            var mask = CausalMask(queries, keys, offset);
            Map(new VisibleMap(), mask, scores, scores);
            Release(mask);
        }

        return scores;
    }

    /// <summary>[L, S]: 1 where query i sees key j, j ≤ i + offset, else 0.</summary>
    private Tensor CausalMask(int queries, int keys, int offset) => FromHost([queries, keys], "Attention", (keys, offset),
        static (sizes, i) => i % sizes.keys <= (long)(i / sizes.keys) + sizes.offset ? 1 : 0);

    private static Tensor Transposed(Tensor matrices) => View(matrices, matrices.Layout.Transpose(matrices.Rank - 2, matrices.Rank - 1));
}

/// <summary>The weight e^(a − b) of a score a with b = ln Σ e^score, 0 where that is −∞: nothing is seen.</summary>
internal readonly struct WeightMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        var seesNothing = T.Equal(b, T.Const(double.NegativeInfinity));
        return T.Select(seesNothing, T.Zero, T.Exp(a - T.Select(seesNothing, T.Zero, b)));
    }
}

/// <summary>The weight b, or 0 where a, the largest score of the row, is −∞: nothing is seen.</summary>
internal readonly struct SeenMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Const(double.NegativeInfinity)), T.Zero, b);
}

/// <summary>a − b · c.</summary>
internal readonly struct SubtractProductMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.MultiplyAdd(-b, c, a);
}

/// <summary>The score where the mask is not 0, else −∞.</summary>
internal readonly struct VisibleMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Const(double.NegativeInfinity), b);
}
