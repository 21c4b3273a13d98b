using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Merges the axes from one on: [N, C, H, W] becomes [N, C·H·W].</summary>
public sealed class Flatten(int startAxis = 1) : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    public override string Describe() => startAxis == 1 ? "Flatten()" : $"Flatten({startAxis})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Flatten(startAxis);
}
