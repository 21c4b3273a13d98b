using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Operands that are written between the forward and the backward pass.</summary>
public class OverwrittenOperandTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]), "weights");
    private readonly Tensor _x = Tensor.From([4, 5, 6]);

    [Theory]
    [InlineData("CopyFrom")]
    [InlineData("Fill")]
    [InlineData("element")]
    [InlineData("view")]
    [InlineData("optimizer")]
    public void A_parameter_written_between_forward_and_backward_is_named_with_the_operation(string write)
    {
        _p.SetGradient(_x);
        using var tape = Tape.Record();
        var loss = (_p * _x).Sum() + _p.Square().Sum();
        switch (write)
        {
            case "CopyFrom":
                _p.CopyFrom([1, 2, 3]);
                break;
            case "Fill":
                _p.Fill(1);
                break;
            case "element":
                _p[0] = 5;
                break;
            case "view":
                _p.Slice(0, 1).Fill(2);
                break;
            default:
                new SGD([_p]).Step();
                break;
        }

        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward of Square", "'weights'", "[3]", "overwritten in place");
    }

    [Fact]
    public void A_tensor_of_the_step_written_in_between_is_found_too()
    {
        using var tape = Tape.Record();
        var y = _p.Exp();
        var loss = y.Square().Sum();
        y.Fill(0);
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward of Square", "Exp");
    }

    [Fact]
    public void A_write_to_what_no_rule_reads_does_no_harm()
    {
        using var tape = Tape.Record();
        var loss = (_p + _x).Sum();
        _p.Fill(0);
        tape.Backward(loss);
        Assert.Equal([1, 1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void The_first_step_of_an_optimizer_inside_a_scope_does_no_harm()
    {
        var p = new Parameter(Tensor.From([1, 2, 3]));
        Parameter[] parameters = [p, _p];
        var optimizers = Array.ConvertAll(parameters, parameter => new Adam([parameter], 0.1f));
        for (int i = 0; i < 3; i++)
        {
            using (var tape = Tape.Record())
            {
                tape.Backward(_p.Square().Sum() + p.Square().Sum());
                optimizers[0].Step();
            }

            optimizers[1].Step();
        }

        Assert.Equal(_p.ToArray(), p.ToArray());
    }
}
