using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Activations by name, and softmax as a layer.</summary>
public class NamedActivationTests
{
    [Fact]
    public void Softmax_divides_by_the_temperature()
    {
        // torch.softmax(torch.tensor([1., 2., 4.]) / 2, 0)
        float[] y = new Softmax(temperature: 2).Forward(Tensor.From([1, 2, 4])).ToArray();
        float[] expected = [0.14024438f, 0.23122390f, 0.62853172f];
        Assert.All(y.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Softmax_refuses_a_temperature_that_is_not_positive(float temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Softmax(temperature: temperature));

    [Fact]
    public void Softmax_along_an_axis_that_is_not_there_names_the_module() =>
        Refusal.Of<ShapeException>(
            () => new Softmax(2).Forward(Tensor.Ones([2])), "Softmax", "axis 2 of shape [2]", "in module Softmax(axis 2)");

    [Fact]
    public void Activations_are_found_by_name_in_any_case()
    {
        Assert.Equal("relu sigmoid softmax tanh", string.Join(" ", Activation.Names.Intersect(["relu", "sigmoid", "softmax", "tanh"])));
        Assert.All(Activation.Names, name => Assert.NotNull(Activation.FromName(name)));
        Assert.IsType<ReLU>(Activation.FromName("ReLU"));
        Assert.NotSame(Activation.FromName("relu"), Activation.FromName("relu"));
    }

    [Fact]
    public void An_unknown_activation_lists_the_known_ones()
    {
        Refusal.Of<ArgumentException>(() => Activation.FromName("rely"), "'rely'", "relu, ", "tanh");
        Assert.Throws<ArgumentNullException>(() => Activation.FromName(null!));
    }

    [Fact]
    public void Activations_give_their_values()
    {
        var x = Tensor.From([-1, 0, 2]);
        Close([0, 0, 2], new ReLU().Forward(x));
        Close([0.26894142f, 0.5f, 0.88079708f], new Sigmoid().Forward(x));
        Close([-0.76159416f, 0, 0.96402758f], new Tanh().Forward(x));

        static void Close(float[] expected, Tensor actual) =>
            Assert.All(actual.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }
}
