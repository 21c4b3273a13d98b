namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// softmax(scale · Q Kᵀ + bias) V. A query that sees none of the keys there are gives nan, as a softmax of only −∞ does; where there are no
    /// keys at all, the result is 0.
    /// </summary>
    /// <param name="operands">The operands.</param>
    /// <param name="logSumExp">Receives ln Σ e^score of every query, [.., L] dense; null where nobody wants it.</param>
    /// <param name="destination">[.., L, E], its last axis dense.</param>
    protected internal abstract void Attention(in AttentionOperands operands, Tensor? logSumExp, Tensor destination);

    /// <summary>
    /// The gradients of <see cref="Attention"/>, those that are asked for. With weights P = e^(score − logSumExp) and G the
    /// gradient of the result: Pᵀ G to the values, and with H = scale · P · (G Vᵀ − Σ P · G Vᵀ) to the queries H K, to the keys Hᵀ Q.
    /// </summary>
    /// <param name="operands">The operands.</param>
    /// <param name="logSumExp">What <see cref="Attention"/> gave.</param>
    /// <param name="gradient">[.., L, E].</param>
    /// <param name="toQuery">The shape of the queries, its last axis dense, or null.</param>
    /// <param name="toKey">The shape of the keys, its last axis dense, or null.</param>
    /// <param name="toValue">The shape of the values, its last axis dense, or null.</param>
    protected internal abstract void AttentionGradient(in AttentionOperands operands, Tensor logSumExp, Tensor gradient, Tensor? toQuery, Tensor? toKey, Tensor? toValue);
}
