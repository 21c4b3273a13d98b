using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Dropout for SELU: while training, sets each element to −λα, the floor of SELU, with probability p, and scales and shifts all so that
/// mean 0 and variance 1 stay: y = a · x′ + b with a = (q + (λα)² q p)^−½, b = a p λα and q = 1 − p. In evaluation the input itself.
/// </summary>
/// <remarks>G. Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017, arXiv:1706.02515.</remarks>
/// <param name="probability">p, in [0, 1].</param>
/// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed class AlphaDropout(float probability = 0.5f, RandomStream? random = null) : DropoutLayer(probability, random)
{
    private protected override Tensor Drop(Tensor input, float probability, RandomStream random) => input.AlphaDropout(probability, random);
}
