using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

public class BlockTests
{
    private readonly RandomStream _random = new(4);

    [Fact]
    public void A_residual_block_adds_its_input_or_a_shortcut_of_it()
    {
        Tensor x = Tensor.Uniform([3, 5], _random, -1, 1);
        Dense body = new(5, 5, random: _random), wide = new(5, 7, random: _random), shortcut = new(5, 7, random: _random);
        using var scope = Tape.NoRecord();
        Assert.Equal((body.Forward(x) + x).Apply(new ReLUOp()).ToArray(), new Residual(body, activation: new ReLU()).Forward(x).ToArray());
        Assert.Equal((wide.Forward(x) + shortcut.Forward(x)).ToArray(), new Residual(wide, shortcut).Forward(x).ToArray());
    }

    [Fact]
    public void A_residual_block_refuses_what_would_broadcast()
    {
        var block = new Residual(new Dense(5, 1));
        string message = Assert.Throws<ShapeException>(() => block.Forward(Tensor.Ones([3, 5]))).Message;
        Assert.Contains("[3, 1]", message, StringComparison.Ordinal);
        Assert.Contains("[3, 5]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Squeeze_and_excitation_scales_each_channel_by_its_gate()
    {
        var block = new SqueezeExcite(6, 2, random: _random);
        var x = Tensor.Uniform([2, 6, 3, 4], _random, -1, 1);
        using var scope = Tape.NoRecord();
        float[] y = block.Forward(x).ToArray(), gates = block.Capture("gate", x).ToArray(), elements = x.ToArray();
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(elements[i] * gates[i / 12], y[i]);
        }
    }

    [Fact]
    public void Blocks_pass_the_gradient_check()
    {
        var images = Tensor.Uniform([2, 4, 3, 3], _random, -1, 1);
        GradCheck.Verify(new SqueezeExcite(4, 3, new Tanh(), _random), images);
        GradCheck.Verify(new Residual(new Conv2d(4, 4, kernelSize: 3, padding: 1, random: _random), activation: new Tanh()), images);
        GradCheck.Verify(new DeepNetworkLayer(5, 3, random: _random), Tensor.Uniform([4, 5], _random, -1, 1));
        GradCheck.Verify(new GenerativeLayer(5, 3, random: _random), Tensor.Uniform([4, 5], _random, -1, 1));
    }

    [Fact]
    public void Layers_with_an_activation_by_name_start_as_they_say_and_refuse_unknown_names()
    {
        var generator = new GenerativeLayer(random: _random);
        double[] weights = [.. generator.Parameters()[0].ToArray().Select(value => (double)value)];
        Assert.Equal(0.02, Math.Sqrt(weights.Average(value => value * value)), 0.0005);
        weights = [.. new DeepNetworkLayer(200, 300, random: _random).Parameters()[0].ToArray().Select(value => (double)value)];
        Assert.Equal(0.1, Math.Sqrt(weights.Average(value => value * value)), 0.0015);
        Assert.Contains(
            "mish", Assert.Throws<ArgumentException>(() => new DeepNetworkLayer(2, 2, "swich")).Message, StringComparison.Ordinal);
    }
}
