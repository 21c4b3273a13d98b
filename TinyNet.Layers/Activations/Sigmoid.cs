using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Logistic function: y = 1 / (1 + e^−x); dy/dx = y (1 − y). It does not overflow.</summary>
public sealed class Sigmoid : Module<Tensor, Tensor>, IFeatureLayer
{
    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    /// <inheritdoc/>
    public override string ToString() => "Sigmoid()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Sigmoid();
}
