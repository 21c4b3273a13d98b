using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// While training, sets each channel of each sample of x [N, C, ..] to 0 with probability p and scales the others by 1 / (1 − p); in
/// evaluation the input itself. Neighbouring pixels are alike, so that dropping single ones drops little.
/// </summary>
/// <remarks>J. Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015, arXiv:1411.4280. PyTorch's Dropout1d and Dropout2d.</remarks>
public sealed class SpatialDropout : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _probability;
    private readonly RandomStream? _random;

    /// <summary>Makes the layer.</summary>
    /// <param name="probability">p, in [0, 1].</param>
    /// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public SpatialDropout(float probability = 0.5f, RandomStream? random = null)
    {
        _probability = Require.Probability(probability);
        _random = random;
    }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"SpatialDropout({_probability})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => IsTraining && _probability > 0 ? input.SpatialDropout(_probability, Random) : input;
}
