using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// Layer norm and RMS norm as layers, and what the operations refuse. Values and gradients are in the table of operations.
/// </summary>
public class LayerNormTests
{
    [Fact]
    public void Layer_norm_gives_mean_0_and_variance_1_over_the_trailing_axes()
    {
        float[] y = new LayerNorm([3, 4]).Forward(Tensor.Normal([2, 3, 4], new RandomStream(1), 5, 3)).ToArray();
        foreach (float[] sample in y.Chunk(12))
        {
            Assert.Equal(0, sample.Average(), 1e-5);
            Assert.Equal(1, sample.Average(value => value * value), 1e-4);
        }
    }

    [Fact]
    public void A_large_offset_does_not_cost_the_variance() =>
        Assert.Equal(
            [-1.3416f, -0.4472f, 0.4472f, 1.3416f],
            new LayerNorm(4).Forward(Tensor.From([10000, 10001, 10002, 10003])).ToArray().Select(value => MathF.Round(value, 4)));

    [Fact]
    public void Rms_norm_divides_by_the_root_of_the_mean_square() =>
        Assert.Equal([3 / MathF.Sqrt(12.5f), 4 / MathF.Sqrt(12.5f)], new RMSNorm(2).Forward(Tensor.From([3, 4])).ToArray());

    [Fact]
    public void The_parameters_have_the_names_of_PyTorch_and_can_be_left_out()
    {
        Assert.Equal(["weight", "bias"], new LayerNorm(3).NamedParameters().Select(named => named.Name));
        Assert.Equal(["weight"], new LayerNorm([3], bias: false).NamedParameters().Select(named => named.Name));
        Assert.Empty(new LayerNorm([3], elementwiseAffine: false).Parameters());
        Assert.Equal(["weight"], new RMSNorm(3).NamedParameters().Select(named => named.Name));
        Assert.Empty(new RMSNorm([3], elementwiseAffine: false).Parameters());
    }

    [Fact]
    public void The_gradients_of_the_layers_are_right()
    {
        GradCheck.Verify(new LayerNorm([2, 5]), Tensor.Normal([3, 2, 5], new RandomStream(1)));
        GradCheck.Verify(new RMSNorm([2, 5]), Tensor.Normal([3, 2, 5], new RandomStream(1)));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_what_was_needed()
    {
        Refusal.Of<ShapeException>(
            () => new LayerNorm(3).Forward(Tensor.Ones([2, 4])), "LayerNorm", "[2, 4]", "[3]", "in module LayerNorm([3])");
        Refusal.Of<ShapeException>(() => new RMSNorm([2, 3]).Forward(Tensor.Ones([3])), "RmsNorm", "[3]", "[2, 3]");
        Refusal.Of<ShapeException>(() => Tensor.Ones([2, 3]).LayerNorm([3], Tensor.Ones([1, 3])), "weight of shape [1, 3]");
        Refusal.Of<ShapeException>(() => Tensor.Ones([2, 3]).LayerNorm([3], bias: Tensor.Ones([2])), "bias of shape [2]");
        Refusal.Of<ArgumentException>(() => new LayerNorm([]), "[]");
        Refusal.Of<ArgumentException>(() => new LayerNorm([3, 0]), "[3, 0]");
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(3, -1));
        Refusal.Of<ArgumentException>(() => new Sequential(new Dense(3, 4), new LayerNorm(3)), "expects 3 features");
    }
}
