using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// While training, sets each element to 0 with probability p and scales the others by 1 / (1 − p); in evaluation the input
/// itself (N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014).
/// </summary>
/// <param name="probability">p, in [0, 1].</param>
/// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed class Dropout(float probability = 0.5f, RandomStream? random = null) : DropoutLayer(probability, random)
{
    private protected override Tensor Drop(Tensor input, float probability, RandomStream random) => input.Dropout(probability, random);
}
