using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A layer that drops something with probability p while training; in evaluation it gives the input itself.</summary>
public abstract class DropoutLayer : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _probability;
    private readonly RandomStream? _random;

    private protected DropoutLayer(float probability, RandomStream? random) =>
        (_probability, _random) = (Require.Probability(probability), random);

    int IFeatureLayer.FeatureAxis => FeatureAxis;

    /// <inheritdoc/>
    protected internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <summary>The axis along which the features lie.</summary>
    private protected virtual int FeatureAxis => -1;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"{GetType().Name}({_probability})");

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input) =>
        _probability > 0 && IsTraining ? Drop(input, _probability, Random) : input;

    private protected abstract Tensor Drop(Tensor input, float probability, RandomStream random);
}
