using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A recurrent layer as a module of a tensor in a <see cref="Sequential"/>: it starts from states of 0 and gives the hidden state of the
/// top layer after the last step, [batch, hidden]. In both directions they are joined, [batch, 2 · hidden]: the last step of the reverse
/// one is the first in time.
/// </summary>
public sealed class LastStep : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly RecurrentLayer _layer;

    /// <summary>Makes the module; the layer is its child <c>layer</c>.</summary>
    public LastStep(RecurrentLayer layer) => _layer = Child("layer", layer);

    int? IFeatureLayer.InputFeatures => _layer.InputSize;

    int? IFeatureLayer.OutputFeatures => _layer.OutputSize;

    /// <inheritdoc/>
    public override string Describe() => $"LastStep({_layer.Describe()})";

    private protected override string Title => "LastStep";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        var states = _layer.Forward(input).State.Hidden;
        var last = states.Select(0, -1);
        return _layer.IsBidirectional ? Tensor.Concat(1, states.Select(0, -2), last) : last;
    }
}

/// <summary>
/// A recurrent layer as a module of a tensor in a <see cref="Sequential"/>: it starts from states of 0 and gives the hidden states of the
/// top layer at every step, [batch, time, hidden]; in both directions they are joined, [batch, time, 2 · hidden].
/// </summary>
public sealed class AllSteps : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly RecurrentLayer _layer;

    /// <summary>Makes the module; the layer is its child <c>layer</c>.</summary>
    public AllSteps(RecurrentLayer layer) => _layer = Child("layer", layer);

    int? IFeatureLayer.InputFeatures => _layer.InputSize;

    int? IFeatureLayer.OutputFeatures => _layer.OutputSize;

    /// <inheritdoc/>
    public override string Describe() => $"AllSteps({_layer.Describe()})";

    private protected override string Title => "AllSteps";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _layer.Forward(input).Output;
}
