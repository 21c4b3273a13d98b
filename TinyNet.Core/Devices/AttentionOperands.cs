namespace TinyNet.Core;

/// <summary>
/// What attention works on: softmax(scale · Q Kᵀ + bias) V, where only the keys count that mask and causality
/// let a query see. All tensors have the same leading axes; those that were broadcast have stride 0 there.
/// </summary>
/// <param name="Query">Q [.., L, D].</param>
/// <param name="Key">K [.., S, D].</param>
/// <param name="Value">V [.., S, E].</param>
/// <param name="Mask">[.., L, S]: a query sees a key where it is not 0; null for everywhere.</param>
/// <param name="Bias">[.., L, S], added to the scores; null for 0.</param>
/// <param name="CausalOffset">Query i sees the keys up to i + offset (0 or more); null for all.</param>
/// <param name="Scale">The factor of the scores.</param>
public readonly record struct AttentionOperands(
    Tensor Query, Tensor Key, Tensor Value, Tensor? Mask, Tensor? Bias, int? CausalOffset, float Scale);
