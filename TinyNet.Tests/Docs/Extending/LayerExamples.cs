using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Docs.Extending;

// <extending>
/// <summary>y = scale · σ(x · W + b) · x: every feature, times a gate that sees all of them.</summary>
public sealed class SelfGate : Module<Tensor, Tensor>
{
    private readonly Dense _gate;
    private readonly Parameter _scale;

    public SelfGate(int features, RandomStream? random = null)
    {
        _gate = Child("gate", new Dense(features, features, random: random));
        _scale = AddParameter("scale", 1f);
    }

    protected override Tensor ForwardCore(Tensor input) => _scale * _gate.Forward(input).Sigmoid() * input;
}
// </extending>

public class LayerExamples
{
    [Fact]
    public void A_layer_has_the_parameters_of_its_children_and_a_right_gradient()
    {
        var layer = new SelfGate(3, new RandomStream(1));
        var input = Tensor.From([0.5f, -1, 2, 1, 0.25f, -0.75f], [2, 3]);

        // <extending>
        GradCheck.Verify(layer, input);
        // </extending>

        Assert.Equal(
            ["gate.bias", "gate.weight", "scale"],
            layer.NamedParameters().Select(named => named.Name).Order(StringComparer.Ordinal));
        Assert.Equal(input.Shape, layer.Forward(input).Shape);
    }
}
