using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// While training, sets each channel of each sample of x [N, C, ..] to 0 with probability p and scales the others by 1 / (1 − p); in
/// evaluation the input itself. Neighboring pixels are alike, so that dropping single ones drops little.
/// </summary>
/// <remarks>
/// J. Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015, arXiv:1411.4280. PyTorch's Dropout1d
/// and Dropout2d.
/// </remarks>
/// <param name="probability">p, in [0, 1].</param>
/// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed class SpatialDropout(float probability = 0.5f, RandomStream? random = null) : DropoutLayer(probability, random)
{
    private protected override int FeatureAxis => 1;

    private protected override Tensor Drop(Tensor input, float probability, RandomStream random) =>
        input.SpatialDropout(probability, random);
}
