using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>The gradient check of modules that take several inputs or indices, and of functions that close over parameters.</summary>
public class GradCheckTests
{
    private readonly RandomStream _random = new(7);

    [Fact]
    public void A_module_of_two_inputs_is_checked_at_both_and_at_its_parameters()
    {
        var module = new Bilinear(3, 2, _random);
        GradCheck.Verify(module, x => module.Forward(new Pair(x[0], x[1])), Normal(4, 3), Normal(4, 2));
    }

    [Fact]
    public void A_planted_error_of_a_thousandth_is_found_in_it()
    {
        var module = new Bilinear(3, 2, _random, isRight: false);
        var wrong = Assert.Throws<GradientCheckException>(
            () => GradCheck.Verify(module, x => module.Forward(new Pair(x[0], x[1])), Normal(4, 3), Normal(4, 2)));
        Assert.Contains("operand 0", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_with_a_mask_and_another_record_as_result()
    {
        var attention = new MultiHeadAttention(4, heads: 2, random: _random);
        var mask = Tensor.From([1, 0, 1, 1, 1, 0, 1, 1, 1], [3, 3]);
        GradCheck.Verify(
            attention,
            x => attention.Forward(new AttentionInput(x[0], x[1], x[1]) { Mask = mask.Keep(x[0].Device) }).Output,
            Normal(2, 3, 4), Normal(2, 3, 4));
    }

    [Fact]
    public void A_module_that_takes_indices_is_checked_at_its_parameters() =>
        GradCheck.Verify(new Embedding(5, 3, random: _random), IndexTensor.From([4, 0, 4, 2], [2, 2]));

    [Fact]
    public void A_frozen_module_that_takes_indices_has_nothing_to_check()
    {
        var embedding = new Embedding(5, 3, random: _random);
        embedding.Weight.IsFrozen = true;
        Assert.Throws<ArgumentException>(() => GradCheck.Verify(embedding, IndexTensor.From([4, 0, 4, 2], [2, 2])));
        Assert.Same(Device.Default, embedding.Weight.Device);
    }

    [Fact]
    public void A_function_that_closes_over_parameters_is_checked_at_them()
    {
        Parameter weight = new(Normal(3, 2), "weight"), bias = new(Normal(2), "bias");
        weight.SetGradient(Tensor.Ones([3, 2]));
        float[] before = weight.ToArray();
        GradCheck.Verify(x => (x[0].MatMul(weight) + bias).Tanh(), [Normal(4, 3)], [weight, bias]);

        Assert.Equal(before, weight.ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1], weight.Gradient!.ToArray());
        Assert.False(weight.IsGradientSpent);
        Assert.Null(bias.Gradient);
        Assert.Same(Device.Default, weight.Device);
    }

    [Fact]
    public void A_planted_error_at_such_a_parameter_is_named()
    {
        Parameter right = new(Normal(3), "right"), wrong = new(Normal(3), "wrong");
        var exception = Assert.Throws<GradientCheckException>(
            () => GradCheck.Verify(x => x[0] * right + wrong.Apply(new WrongSquare()), [Normal(2, 3)], [right, wrong]));
        Assert.Contains("parameter 'wrong'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_parameters_are_moved_and_not_checked()
    {
        var frozen = new Parameter(Normal(3), "frozen") { IsFrozen = true };
        GradCheck.Verify(x => x[0] * frozen, [Normal(2, 3)], [frozen]);
        Assert.Null(frozen.Gradient);
    }

    private Tensor Normal(params int[] sizes) => Tensor.Normal(new Shape(sizes), _random);
}
