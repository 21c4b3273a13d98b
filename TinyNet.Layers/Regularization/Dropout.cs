using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// While training, sets each element to 0 with probability p and scales the others by 1 / (1 − p); in evaluation the input
/// itself (N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014).
/// </summary>
public sealed class Dropout : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _probability;
    private readonly RandomStream? _random;

    /// <summary>Makes the layer.</summary>
    /// <param name="probability">p, in [0, 1].</param>
    /// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public Dropout(float probability = 0.5f, RandomStream? random = null)
    {
        _probability = Require.Probability(probability);
        _random = random;
    }

    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"Dropout({_probability})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => IsTraining && _probability > 0 ? input.Dropout(_probability, Random) : input;
}
