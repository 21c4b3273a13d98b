using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Softmax: yᵢ = e^(xᵢ/T) / Σ e^(xⱼ/T) along an axis; ∂yᵢ/∂xⱼ = yᵢ (δᵢⱼ − yⱼ) / T. Use <see cref="CrossEntropy"/> on logits, not on its output.
/// </summary>
/// <remarks>
/// Range: 0 &lt; y ≤ 1, with sum 1 along the axis.
/// Paper: J. S. Bridle, "Training stochastic model recognition algorithms as networks can lead to maximum mutual information
/// estimation of parameters", NIPS 1989; for the temperature, G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural
/// network", 2015, arXiv:1503.02531.
/// </remarks>
public sealed class Softmax : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _axis;
    private readonly float _temperature;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">The axis whose elements compete; the last by default.</param>
    /// <param name="temperature">T; 1 by default. More than 1 evens the probabilities out, less sharpens them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
    public Softmax(int axis = -1, float temperature = 1)
    {
        _axis = axis;
        _temperature = (float)Require.Positive(temperature);
    }

    /// <inheritdoc/>
    public override string ToString() => SoftmaxSettings.Describe("Softmax", _axis, _temperature);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => SoftmaxSettings.Divide(input, _temperature).Softmax(_axis);
}

/// <summary>Logarithm of the softmax: yᵢ = xᵢ/T − ln Σ e^(xⱼ/T) along an axis; ∂yᵢ/∂xⱼ = (δᵢⱼ − e^(yⱼ)) / T.</summary>
/// <remarks>Range: y ≤ 0. Paper: none, the logarithm of <see cref="Softmax"/>.</remarks>
public sealed class LogSoftmax : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _axis;
    private readonly float _temperature;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">The axis whose elements compete; the last by default.</param>
    /// <param name="temperature">T; 1 by default. More than 1 evens the probabilities out, less sharpens them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
    public LogSoftmax(int axis = -1, float temperature = 1)
    {
        _axis = axis;
        _temperature = (float)Require.Positive(temperature);
    }

    /// <inheritdoc/>
    public override string ToString() => SoftmaxSettings.Describe("LogSoftmax", _axis, _temperature);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => SoftmaxSettings.Divide(input, _temperature).LogSoftmax(_axis);
}

/// <summary>Softmin, which prefers the smallest: yᵢ = e^(−xᵢ) / Σ e^(−xⱼ) along an axis; ∂yᵢ/∂xⱼ = −yᵢ (δᵢⱼ − yⱼ).</summary>
/// <remarks>Range: 0 &lt; y ≤ 1, with sum 1 along the axis. Paper: none, the <see cref="Softmax"/> of −x.</remarks>
/// <param name="axis">The axis whose elements compete; the last by default.</param>
public sealed class Softmin(int axis = -1) : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <inheritdoc/>
    public override string ToString() => SoftmaxSettings.Describe("Softmin", axis, temperature: 1);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => (-input).Softmax(axis);
}

/// <summary>What the layers here share.</summary>
internal static class SoftmaxSettings
{
    public static string Describe(string name, int axis, float temperature) =>
        $"{name}(axis {axis}{(temperature == 1 ? "" : FormattableString.Invariant($", temperature {temperature}"))})";

    public static Tensor Divide(Tensor x, float temperature) => temperature == 1 ? x : x / temperature;
}
