using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Softmax: yᵢ = e^(xᵢ/T) / Σ e^(xⱼ/T) along an axis. Use <see cref="CrossEntropy"/> on logits, not on its output.
/// </summary>
public sealed class Softmax : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _axis;
    private readonly float _temperature;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">The axis whose elements compete.</param>
    /// <param name="temperature">T: more than 1 evens the probabilities out, less sharpens them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
    public Softmax(int axis = -1, float temperature = 1)
    {
        _axis = axis;
        _temperature = temperature > 0 && float.IsFinite(temperature) ? temperature : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "a temperature is positive");
    }

    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    /// <inheritdoc/>
    public override string ToString() => $"Softmax(axis {_axis}{(_temperature == 1 ? "" : FormattableString.Invariant($", temperature {_temperature}"))})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => (_temperature == 1 ? input : input / _temperature).Softmax(_axis);
}
