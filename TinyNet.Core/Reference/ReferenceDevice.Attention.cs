namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination)
    {
        int keys = operands.Key.Shape[-2], features = operands.Value.Shape[-1], queries = operands.Query.Shape[-2];
        var values = new ReferenceElements(operands.Value);
        var to = new ReferenceElements(destination);
        int rows = features == 0 ? 0 : destination.Length / features;
        for (int row = 0; row < rows; row++)
        {
            double[] weights = Scores(operands, row, out double total);
            if (logSumExp is not null)
            {
                new ReferenceElements(logSumExp)[row] = total;
            }

            for (int e = 0; e < features; e++)
            {
                double sum = 0;
                for (int s = 0; s < keys; s++)
                {
                    sum += Weight(weights[s], total) * values[(row / queries * keys + s) * features + e];
                }

                to[row * features + e] = sum;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionWeights(Tensor scores, Tensor destination)
    {
        var from = new ReferenceLines(scores, scores.Rank - 1);
        var to = new ReferenceLines(destination, scores.Rank - 1);
        for (int line = 0; line < from.Count; line++)
        {
            double max = double.NegativeInfinity, sum = 0;
            for (int s = 0; s < from.Length; s++)
            {
                max = Math.Max(max, from[line, s]);
            }

            for (int s = 0; s < from.Length; s++)
            {
                sum += Weight(from[line, s], max);
            }

            for (int s = 0; s < from.Length; s++)
            {
                to[line, s] = sum == 0 ? 0 : Weight(from[line, s], max) / sum;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionGradient(
        in AttentionOperands operands, Tensor logSumExp, Tensor gradient,
        Tensor? queryGradient, Tensor? keyGradient, Tensor? valueGradient)
    {
        int queries = operands.Query.Shape[-2], keys = operands.Key.Shape[-2];
        int depth = operands.Query.Shape[-1], features = operands.Value.Shape[-1];
        ReferenceElements q = new(operands.Query), k = new(operands.Key), v = new(operands.Value), g = new(gradient);
        double[] dq = new double[operands.Query.Length], dk = new double[operands.Key.Length], dv = new double[operands.Value.Length];
        for (int row = 0; row < logSumExp.Length; row++)
        {
            double[] scores = Scores(operands, row, out double total), p = new double[keys], dp = new double[keys];
            int firstKey = row / queries * keys;
            double alignment = 0;
            for (int s = 0; s < keys; s++)
            {
                p[s] = Weight(scores[s], total);
                for (int e = 0; e < features; e++)
                {
                    dp[s] += g[row * features + e] * v[(firstKey + s) * features + e];
                    dv[(firstKey + s) * features + e] += p[s] * g[row * features + e];
                }

                alignment += p[s] * dp[s];
            }

            for (int s = 0; s < keys; s++)
            {
                double h = operands.Scale * p[s] * (dp[s] - alignment);
                for (int d = 0; d < depth; d++)
                {
                    dq[row * depth + d] += h * k[(firstKey + s) * depth + d];
                    dk[(firstKey + s) * depth + d] += h * q[row * depth + d];
                }
            }
        }

        Write(dq, queryGradient);
        Write(dk, keyGradient);
        Write(dv, valueGradient);
    }

    /// <summary>The scores of a query, counted through all leading axes, −∞ where it does not see a key; and ln Σ e^score.</summary>
    private static double[] Scores(in AttentionOperands operands, int row, out double total)
    {
        int queries = operands.Query.Shape[-2], keys = operands.Key.Shape[-2], depth = operands.Query.Shape[-1];
        ReferenceElements q = new(operands.Query), k = new(operands.Key);
        var scores = new double[keys];
        double max = double.NegativeInfinity;
        for (int s = 0; s < keys; s++)
        {
            double product = 0;
            for (int d = 0; d < depth; d++)
            {
                product += q[row * depth + d] * k[(row / queries * keys + s) * depth + d];
            }

            bool isReached = operands.CausalOffset is not { } offset || s <= (long)(row % queries) + offset;
            bool isSeen = isReached && At(operands.Mask, row * keys + s, 1) != 0;
            scores[s] = isSeen ? product * operands.Scale + At(operands.Bias, row * keys + s, 0) : double.NegativeInfinity;
            max = Math.Max(max, scores[s]);
        }

        double sum = 0;
        foreach (double score in scores)
        {
            sum += Weight(score, max);
        }

        total = max + Math.Log(sum);
        return scores;
    }

    /// <summary>e^(score − total), 0 where the total is −∞: a query that sees no key has no weights.</summary>
    private static double Weight(double score, double total) => double.IsNegativeInfinity(total) ? 0 : Math.Exp(score - total);
}
