using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Autograd;

/// <summary>The gradient check finds gradients that are wrong by a thousandth, and leaves everything as it was.</summary>
public class GradCheckTests
{
    private static readonly Tensor X = Tensor.From([0.3f, -1.2f, 0.7f, 2.1f, -0.4f]);

    [Fact]
    public void Passes_a_right_rule() => GradCheck.Verify(x => new ScaledSquare(1).Apply(x), X);

    [Theory]
    [InlineData(1.001)]
    [InlineData(0.999)]
    public void Fails_a_custom_function_wrong_by_a_thousandth(float error) =>
        Refusal.Of<GradientCheckException>(
            () => GradCheck.Verify(x => new ScaledSquare(error).Apply(x), X), "operand 0", "[5]", "central differences");

    [Fact]
    public void Fails_an_element_wise_operation_wrong_by_a_thousandth() =>
        Refusal.Of<GradientCheckException>(() => GradCheck.Verify(x => x.Apply(new WrongCube()), X), "operand 0");

    [Fact]
    public void Names_the_operand_whose_gradient_is_wrong() =>
        Refusal.Of<GradientCheckException>(() => GradCheck.Verify(x => x[0] * x[1].Apply(new WrongCube()), X, X), "operand 1");

    [Fact]
    public void Fails_a_gradient_that_is_missing() =>
        Refusal.Of<GradientCheckException>(() => GradCheck.Verify(x => x * x.Detach(), X));

    [Fact]
    public void Fails_a_gradient_of_nan() =>
        Refusal.Of<GradientCheckException>(() => GradCheck.Verify(x => (x - x).Sqrt(), X));

    [Fact]
    public void Passes_empty_operands_and_results() => GradCheck.Verify(x => x[0] * x[1], Tensor.Zeros([0, 3]), Tensor.Ones([3]));

    [Fact]
    public void Inside_a_scope_it_leaves_the_step_alone()
    {
        var p = new Parameter(X);
        using var tape = Tape.Record();
        var y = p.Square();
        GradCheck.Verify(x => x.Exp(), y);
        tape.Backward(y.Sum());
        Assert.Equal(X.ToArray().Select(x => 2 * x), p.Gradient!.ToArray());
    }

    [Fact]
    public void Does_not_change_its_operands()
    {
        var x = Tensor.From([1, 2]);
        GradCheck.Verify(operand => operand.Exp(), x);
        Assert.Equal([1, 2], x.ToArray());
    }

    [Fact]
    public void A_parameter_that_is_null_leaves_the_others_where_they_are()
    {
        var p = new Parameter(X);
        Assert.Throws<ArgumentNullException>(() => GradCheck.Verify(x => x[0] * p, [X], [p, null!]));
        Assert.Same(Device.Default, p.Device);
    }

    [Fact]
    public void A_check_of_nothing_is_refused() =>
        Refusal.Of<ArgumentException>(
            () => GradCheck.Verify(_ => X, [], [new Parameter(X) { IsFrozen = true }]), "nothing to check", "not frozen");

    [Fact]
    public void A_function_that_ends_at_its_operands_is_refused_with_the_reason()
    {
        Tensor targets = Tensor.From([1f, 0]);
        Refusal.Of<TensorException>(
            () => GradCheck.Verify(x => new BinaryCrossEntropy().Forward(x, targets.Keep(x.Device)), Tensor.From([1, 0.5f])),
            "operand 0 moved by 1E-05", "a prediction of 1.0000", "defined on both sides");
        GradCheck.Verify(x => new BinaryCrossEntropy().Forward(x, targets.Keep(x.Device)), Tensor.From([0.99f, 0.5f]));
    }

    private sealed class ScaledSquare(float error) : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => context.Input(0).Square();

        protected override void Backward(FunctionContext context, Tensor gradient) =>
            context.AddGradient(0, 2 * error * gradient * context.Input(0));
    }

    private readonly struct WrongCube : IUnaryOp
    {
        public T Forward<T>(T x) where T : struct, ILane<T> => x * x * x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(3.003) * x * x;
    }
}
