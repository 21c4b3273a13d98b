using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Dropout for SELU: while training, sets each element to −λα, the floor of SELU, with probability p, and scales and shifts all so that
/// mean 0 and variance 1 stay: y = a · x′ + b with a = (q + (λα)² q p)^−½, b = a p λα and q = 1 − p. In evaluation the input itself.
/// </summary>
/// <remarks>G. Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017, arXiv:1706.02515.</remarks>
public sealed class AlphaDropout : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _probability;
    private readonly RandomStream? _random;

    /// <summary>Makes the layer.</summary>
    /// <param name="probability">p, in [0, 1].</param>
    /// <param name="random">Where the masks come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public AlphaDropout(float probability = 0.5f, RandomStream? random = null)
    {
        _probability = Require.Probability(probability);
        _random = random;
    }

    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"AlphaDropout({_probability})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => IsTraining && _probability > 0 ? input.AlphaDropout(_probability, Random) : input;
}
