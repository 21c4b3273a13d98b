using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Anomaly mode names the operation that first makes a nan or infinity.</summary>
public class AnomalyTests
{
    private readonly Parameter _p = new(Tensor.From([0, 1]), "weights");

    [Fact]
    public void The_first_operation_of_the_forward_pass_is_named()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        var y = _p - 1;
        Refusal.Of<AnomalyException>(() => (y.Log().Exp() * 2).Sum(), "Log", "[2]", "nan or infinity");
    }

    [Fact]
    public void Infinity_counts()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        Refusal.Of<AnomalyException>(() => _p.Reciprocal(), "Reciprocal");
    }

    [Theory]
    [InlineData("Divide")]
    [InlineData("MatMul")]
    [InlineData("Sum")]
    [InlineData("Softmax")]
    [InlineData("Variance")]
    [InlineData("CrossEntropy")]
    public void Operations_of_every_kind_are_watched(string operation)
    {
        var bad = Tensor.From([float.NaN, 1]);
        using var tape = Tape.Record(detectAnomalies: true);
        Refusal.Of<AnomalyException>(() => operation switch
        {
            "Divide" => _p / _p,
            "MatMul" => _p.MatMul(bad),
            "Sum" => bad.Sum(),
            "Softmax" => bad.Softmax(),
            "Variance" => bad.Variance(),
            _ => bad.Reshape(1, 2).CrossEntropy(IndexTensor.From(0)),
        }, operation);
    }

    [Fact]
    public void Infinities_put_there_on_purpose_are_no_anomaly()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        var masked = Tensor.Concat(0, _p, _p).Pad([1, 0], value: float.NegativeInfinity)
            .MaskedFill(Tensor.From([0, 1, 0, 0, 0]), float.NegativeInfinity);
        var y = masked.Softmax();
        tape.Backward(y.Square().Sum());
        Assert.Equal(0, y[0]);
    }

    [Fact]
    public void The_first_rule_of_the_backward_pass_is_named()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        var loss = _p.Sqrt().Exp().Sum();
        Refusal.Of<AnomalyException>(() => tape.Backward(loss), "Backward of Sqrt", "Parameter", "[2]");
    }

    [Fact]
    public void A_rule_between_operations_is_named_with_the_operation_it_gives_to()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        var loss = (_p * 2).Sqrt().Sum();
        Refusal.Of<AnomalyException>(() => tape.Backward(loss), "Backward of Sqrt", "Multiply");
    }

    [Fact]
    public void A_custom_function_is_named()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        var y = new Broken().Apply(_p);
        Refusal.Of<AnomalyException>(() => tape.Backward(y.Sum()), "Backward of Broken");
    }

    [Fact]
    public void A_gradient_of_nan_that_is_given_is_found()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        Refusal.Of<AnomalyException>(() => tape.Backward(_p * 2, Tensor.From([1, float.NaN])), "the gradient given");
    }

    [Fact]
    public void Without_the_mode_nan_passes()
    {
        using var tape = Tape.Record();
        Assert.True(float.IsNaN((_p - 1).Log().Sum().Item()));
    }

    [Fact]
    public void Finite_numbers_pass()
    {
        using var tape = Tape.Record(detectAnomalies: true);
        tape.Backward((_p * 3e38f / 2).Sum());
        Assert.Equal([1.5e38f, 1.5e38f], _p.Gradient!.ToArray());
    }

    private sealed class Broken : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => context.Input(0).Exp();

        protected override void Backward(FunctionContext context, Tensor gradient) =>
            context.AddGradient(0, Tensor.Full([2], float.PositiveInfinity));
    }
}
