using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Applies an element-wise operation, one's own included: <c>new ElementWise&lt;Snake&gt;(new Snake(0.5f))</c>.</summary>
/// <typeparam name="TOp">The operation: value and derivative.</typeparam>
public class ElementWise<TOp>(TOp op = default) : Module<Tensor, Tensor>, IFeatureLayer where TOp : struct, IUnaryOp
{
    int? IFeatureLayer.InputFeatures => null;

    int? IFeatureLayer.OutputFeatures => null;

    /// <inheritdoc/>
    public override string ToString() => GetType() == typeof(ElementWise<TOp>) ? $"ElementWise<{typeof(TOp).Name}>()" : $"{GetType().Name}()";

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input) => input.Apply(op);
}
