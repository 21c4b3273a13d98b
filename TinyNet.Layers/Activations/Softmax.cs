using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Softmax: yᵢ = e^(xᵢ/T) / Σ e^(xⱼ/T) along an axis; ∂yᵢ/∂xⱼ = yᵢ (δᵢⱼ − yⱼ) / T. Use <see cref="CrossEntropy"/> on logits, not on
/// its output.
/// </summary>
/// <remarks>
/// Range: 0 &lt; y ≤ 1, with sum 1 along the axis.
/// Paper: J. S. Bridle, "Training stochastic model recognition algorithms as networks can lead to maximum mutual information
/// estimation of parameters", NIPS 1989; for the temperature, G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural
/// network", 2015, arXiv:1503.02531.
/// </remarks>
/// <param name="axis">The axis whose elements compete; the last by default.</param>
/// <param name="temperature">T; 1 by default. More than 1 evens the probabilities out, less sharpens them.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
public sealed class Softmax(int axis = -1, float temperature = 1) : SoftmaxLayer(axis, temperature)
{
    private protected override Tensor Apply(Tensor scores, int axis) => scores.Softmax(axis);
}

/// <summary>Logarithm of the softmax: yᵢ = xᵢ/T − ln Σ e^(xⱼ/T) along an axis; ∂yᵢ/∂xⱼ = (δᵢⱼ − e^(yⱼ)) / T.</summary>
/// <remarks>Range: y ≤ 0. Paper: none, the logarithm of <see cref="Softmax"/>.</remarks>
/// <param name="axis">The axis whose elements compete; the last by default.</param>
/// <param name="temperature">T; 1 by default. More than 1 evens the probabilities out, less sharpens them.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
public sealed class LogSoftmax(int axis = -1, float temperature = 1) : SoftmaxLayer(axis, temperature)
{
    private protected override Tensor Apply(Tensor scores, int axis) => scores.LogSoftmax(axis);
}

/// <summary>Softmin, which prefers the smallest: yᵢ = e^(−xᵢ) / Σ e^(−xⱼ) along an axis; ∂yᵢ/∂xⱼ = −yᵢ (δᵢⱼ − yⱼ).</summary>
/// <remarks>Range: 0 &lt; y ≤ 1, with sum 1 along the axis. Paper: none, the <see cref="Softmax"/> of −x.</remarks>
/// <param name="axis">The axis whose elements compete; the last by default.</param>
public sealed class Softmin(int axis = -1) : SoftmaxLayer(axis, temperature: 1)
{
    private protected override Tensor Apply(Tensor scores, int axis) => scores.Softmin(axis);
}

/// <summary>A layer in which the elements along an axis compete by their scores.</summary>
public abstract class SoftmaxLayer : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _axis;
    private readonly float _temperature;

    private protected SoftmaxLayer(int axis, float temperature) => (_axis, _temperature) = (axis, Require.Positive(temperature));

    /// <inheritdoc/>
    public override string Describe()
    {
        string temperature = _temperature == 1 ? "" : FormattableString.Invariant($", temperature {_temperature}");
        return $"{GetType().Name}(axis {_axis}{temperature})";
    }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input) => Apply(_temperature == 1 ? input : input / _temperature, _axis);

    private protected abstract Tensor Apply(Tensor scores, int axis);
}
