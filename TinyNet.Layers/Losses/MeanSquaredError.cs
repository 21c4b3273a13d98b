using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The mean of (prediction − target)².</summary>
public sealed class MeanSquaredError : Loss<Tensor>
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        EnsureSameShape("MeanSquaredError", prediction, target);
        return (prediction - target).Square().Mean();
    }
}
