using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Identity: y = x; dy/dx = 1. The output is the input itself.</summary>
/// <remarks>Range: all numbers. Paper: none, elementary.</remarks>
public sealed class Identity : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <inheritdoc/>
    public override string Describe() => "Identity()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input;
}
