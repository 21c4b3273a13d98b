using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Dense layers and the one that flattens what goes into them.</summary>
public class DenseTests
{
    [Fact]
    public void Dense_is_x_times_W_plus_b_over_the_last_axis()
    {
        var dense = new Dense(2, 3);
        dense.Weight.CopyFrom([1, 2, 3, 4, 5, 6]);
        dense.Bias!.CopyFrom([0.5f, -0.5f, 1]);
        Assert.Equal([9.5f, 11.5f, 16], dense.Forward(Tensor.From([1, 2])).ToArray());
        Assert.Equal([1, 2, 3], dense.Forward(Tensor.Ones([1, 2, 2])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Dense_starts_uniform_in_one_over_the_root_of_the_fan_in()
    {
        var dense = new Dense(100, 200, random: new RandomStream(1));
        foreach (float[] values in new[] { dense.Weight.ToArray(), dense.Bias!.ToArray() })
        {
            Assert.All(values, value => Assert.InRange(value, -0.1f, 0.1f));
            Assert.Equal(0, values.Average(), 0.02);
            // The variance of a uniform number in ±a is a² / 3.
            Assert.Equal(0.01 / 3, values.Average(value => value * value), 0.001);
        }
    }

    [Fact]
    public void Dense_refuses_sizes_that_are_not_positive()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(1, -1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights() =>
        Assert.Equal(
            new Dense(5, 7, random: new RandomStream(3)).Weight.ToArray(), new Dense(5, 7, random: new RandomStream(3)).Weight.ToArray());

    [Fact]
    public void Flatten_merges_the_axes_from_one_on() =>
        Assert.Equal([2, 12], new Flatten().Forward(Tensor.Ones([2, 3, 4])).Shape.Sizes.ToArray());

    [Fact]
    public void Flatten_of_a_vector_says_which_axis_is_missing() =>
        Refusal.Of<ShapeException>(() => new Flatten().Forward(Tensor.Ones([3])), "Flatten", "axis 1 of shape [3]", "in module Flatten()");
}
