using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// What happens to the tensors of a step from outside, between its forward and its backward pass or in the middle of one.
/// </summary>
public class InterferenceTests
{
    private readonly Parameter _a = new(Tensor.From([1, 2]), "a"), _b = new(Tensor.From([3, 4]), "b");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_moves_before_Backward_is_refused(bool isSaved)
    {
        var model = new Dense(3, 2);
        using var tape = Tape.Record();
        var x = Tensor.Ones([4, 3]);
        var y = isSaved ? model.Forward(x).Tanh().MatMul(model.Weight.Transpose()) : model.Bias! + 1;
        model.To(Device.Reference);
        Refusal.Of<LifetimeException>(() => tape.Backward(y.Sum()), "moved", "before the forward pass");
    }

    [Fact]
    public void A_gradient_that_a_rule_reads_is_not_overwritten_under_it()
    {
        const int Size = 96;
        var random = new RandomStream(3);
        var p = new Parameter(Tensor.Normal([Size, Size], random), "p");
        var old = Tensor.Normal([Size, Size], random);
        p.SetGradient(old);
        new SGD([p], learningRate: 0).Step();
        using var tape = Tape.Record();
        tape.Backward(p.MatMul(p.Gradient!).Sum());
        // d/dP Σ (P G) = 1 Gᵀ: every row holds the row sums of G.
        float[] expected = old.Sum(1).ToArray();
        float[] row = p.Gradient!.Slice(0, 5, 6).ToArray();
        Assert.All(row.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void A_cotangent_that_is_the_old_gradient_is_not_overwritten_under_the_rule()
    {
        const int Size = 96;
        var random = new RandomStream(4);
        var p = new Parameter(Tensor.Normal([Size, Size], random), "p");
        var q = Tensor.Normal([Size, Size], random);
        var old = Tensor.Normal([Size, Size], random);
        p.SetGradient(old);
        new SGD([p], learningRate: 0).Step();
        float[] expected = old.MatMul(q.Transpose()).ToArray();
        using var tape = Tape.Record();
        tape.Backward(p.MatMul(q), p.Gradient!);
        Assert.All(p.Gradient!.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));
    }

    [Fact]
    public void A_hook_that_writes_into_a_gradient_is_refused()
    {
        using var tape = Tape.Record();
        Tensor x = _a * 2, y = _b * 3;
        y.OnGradient(gradient =>
        {
            gradient.Fill(0);
            return null;
        });
        Refusal.Of<LifetimeException>(() => tape.Backward((x + y).Sum()), "OnGradient", "in place", "return a new tensor");
    }

    [Fact]
    public void A_pass_that_throws_leaves_nothing_for_the_next_to_add_to()
    {
        using (var tape = Tape.Record())
        {
            var x = _a * 2;
            x.OnGradient(_ => throw new InvalidOperationException("planted"));
            Assert.Throws<InvalidOperationException>(() => tape.Backward((x * _b).Sum()));
        }

        Assert.Null(_b.Gradient);
        using (var tape = Tape.Record())
        {
            tape.Backward((_a * _b).Sum());
        }

        Assert.Equal([1f, 2], _b.Gradient!.ToArray());
        Assert.Equal([3f, 4], _a.Gradient!.ToArray());
    }

    [Fact]
    public void A_step_whose_hook_throws_leaves_nothing_for_the_next_pass_to_add_to()
    {
        var optimizer = new SGD([_a, _b], learningRate: 0);
        void Pass()
        {
            using var tape = Tape.Record();
            tape.Backward((_a * _b).Sum());
        }

        Pass();
        using (optimizer.BeforeUpdate(_ => throw new InvalidOperationException("planted")))
        {
            Assert.Throws<InvalidOperationException>(optimizer.Step);
        }

        Pass();
        Assert.Equal([1f, 2], _b.Gradient!.ToArray());
    }

    [Fact]
    public void A_recorded_result_that_is_overwritten_is_refused()
    {
        using var tape = Tape.Record();
        var y = _a * 2;
        y.Fill(0);
        Refusal.Of<LifetimeException>(() => tape.Backward(y.Sum()), "Multiply", "[2]", "in place");
    }

    [Fact]
    public void A_recorded_result_that_is_overwritten_through_a_view_is_refused()
    {
        using var tape = Tape.Record();
        var y = _a * 2;
        var total = y.Sum();
        y.Slice(0, 0, 1).CopyFrom([7]);
        Refusal.Of<LifetimeException>(() => tape.Backward(total), "in place");
    }

    [Fact]
    public void A_custom_function_that_returns_a_constant_gives_that_no_history()
    {
        var constant = Tensor.From([5, 6]);
        using var tape = Tape.Record();
        var y = new ConstantFunction(constant).Apply(_a);
        Assert.False(constant.HasHistory);
        tape.Backward(y.Sum());
        Assert.Equal([3f, 3], _a.Gradient!.ToArray());
    }

    [Fact]
    public void A_frozen_parameter_forgets_what_came_in_before()
    {
        void Pass()
        {
            using var tape = Tape.Record();
            tape.Backward((_a * 3).Sum());
        }

        Pass();
        _a.IsFrozen = true;
        _a.IsFrozen = false;
        Pass();
        Assert.Equal([3f, 3], _a.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1e3f)]
    public void GradCheck_finds_a_wrong_gradient_of_any_size(float scale)
    {
        var function = new WronglyScaled(scale);
        Assert.Throws<GradientCheckException>(() => GradCheck.Verify((Tensor x) => function.Apply(x), Tensor.From([1, 2, 3])));
    }

    [Fact]
    public void GradCheck_finds_a_wrong_gradient_behind_a_mean_of_many()
    {
        var function = new WronglyScaled(1);
        var x = Tensor.Normal([100, 100], new RandomStream(1));
        Assert.Throws<GradientCheckException>(() => GradCheck.Verify((Tensor operand) => function.Apply(operand).Mean(), x));
    }

    [Theory]
    [InlineData(1e-20f, 1e-14f)]
    [InlineData(0, 1e-16f)]
    public void Adam_takes_steps_of_its_learning_rate_for_tiny_gradients(float epsilon, float gradient)
    {
        var p = new Parameter(Tensor.From([1]), "p");
        p.SetGradient(Tensor.From([gradient]));
        new Adam([p], learningRate: 0.1f, epsilon: epsilon).Step();
        Assert.Equal(0.9f, p.Item(), 1e-5f);
    }

    [Theory]
    [InlineData("ij,ij->j", new[] { 2, 3 }, new[] { 1, 3 }, new float[] { 5, 70, 900 })]
    [InlineData("ij,jk->k", new[] { 2, 3 }, new[] { 1, 2 }, new float[] { 975, 9750 })]
    public void Einsum_sums_over_what_an_axis_of_size_1_broadcasts_to(string equation, int[] shapeA, int[] shapeB, float[] expected)
    {
        Tensor a = Tensor.From([1, 20, 300, 4, 50, 600], new Shape(shapeA)),
            b = Tensor.From(shapeB[1] == 3 ? [1, 1, 1] : [1, 10], new Shape(shapeB));
        Assert.Equal(expected, Tensor.Einsum(equation, a, b).ToArray());
    }

    private sealed class ConstantFunction(Tensor constant) : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => constant;

        protected override void Backward(FunctionContext context, Tensor gradient) => context.AddGradient(0, gradient * 3);
    }

    /// <summary>y = scale · x with a gradient that is 0.1 % too large.</summary>
    private sealed class WronglyScaled(float scale) : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => context.Input(0) * scale;

        protected override void Backward(FunctionContext context, Tensor gradient) => context.AddGradient(0, gradient * (scale * 1.001f));
    }
}
