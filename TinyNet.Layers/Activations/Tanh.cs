using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Hyperbolic tangent: y = (e^x − e^−x) / (e^x + e^−x); dy/dx = 1 − y².</summary>
public sealed class Tanh : Module<Tensor, Tensor>, IFeatureLayer
{
    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    /// <inheritdoc/>
    public override string ToString() => "Tanh()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Tanh();
}
