using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>What the backward pass gives to parameters, and what it refuses.</summary>
public class BackwardTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]), "weights");
    private readonly Tensor _x = Tensor.From([4, 5, 6]);

    [Fact]
    public void A_second_pass_throws()
    {
        using var tape = Tape.Record();
        var loss = _p.Sum();
        tape.Backward(loss);
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward", "walked before", "Backward once a scope");
    }

    [Fact]
    public void A_tensor_that_is_no_scalar_needs_a_gradient()
    {
        using var tape = Tape.Record();
        Refusal.Of<ShapeException>(() => tape.Backward(_p * 2), "Backward", "[3]", "Mean");
        Refusal.Of<ShapeException>(() => tape.Backward(_p * 2, Tensor.Ones([2])), "Backward", "[2]", "[3]");
        Refusal.Of<TensorException>(() => tape.Backward(_p * 2, Tensor.Ones([3], Device.Reference)), "Backward", "reference");
        tape.Backward(_p * 2, _x);
        Assert.Equal([8, 10, 12], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_tensor_without_history_throws_and_names_what_made_it()
    {
        using var tape = Tape.Record();
        Refusal.Of<LifetimeException>(() => tape.Backward((_x * _x).Sum()), "Backward", "parameter", "Tape.Record()");
        Refusal.Of<LifetimeException>(() => tape.Backward(_p.Detach().Max()), "Backward", "Detach");
    }

    [Fact]
    public void A_scope_that_does_not_record_has_nothing_to_walk()
    {
        using var tape = Tape.NoRecord();
        Refusal.Of<LifetimeException>(() => tape.Backward(_p.Square().Mean()), "Backward", "Tape.Record()");
    }

    [Fact]
    public void After_the_scope_Backward_throws()
    {
        var tape = Tape.Record();
        var loss = _p.Sum();
        tape.Dispose();
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward");
        Refusal.Of<LifetimeException>(() => tape.Backward(_p, _x), "Backward", "closed");
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        using var tape = Tape.Record();
        Assert.Throws<ArgumentNullException>(() => tape.Backward(null!));
        Assert.Throws<ArgumentNullException>(() => tape.Backward(_p, null!));
    }

    [Fact]
    public void Outside_a_scope_nothing_is_recorded() => Assert.False((_p * 2).HasHistory);

    [Fact]
    public void Under_NoGrad_nothing_is_recorded_and_afterwards_again()
    {
        using var tape = Tape.Record();
        using (Tape.NoGrad())
        {
            Assert.False((_p * 2).HasHistory);
        }

        Assert.True((_p * 2).HasHistory);
    }

    [Fact]
    public void What_NoGrad_makes_ends_with_the_scope()
    {
        Tensor y;
        using (Tape.Record())
        {
            using var pause = Tape.NoGrad();
            y = _p * 2;
        }

        Refusal.Of<LifetimeException>(() => y.ToArray());
    }

    [Fact]
    public void NoGrad_outside_a_scope_does_nothing()
    {
        using (Tape.NoGrad())
        {
            using var tape = Tape.Record();
            tape.Backward(_p.Sum());
        }

        Assert.Equal([1, 1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void No_gradient_flows_through_Detach()
    {
        using var tape = Tape.Record();
        tape.Backward((_p * _p.Detach()).Sum());
        Assert.Equal([1, 2, 3], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_parameter_itself_may_be_the_loss()
    {
        var p = new Parameter(Tensor.FromScalar(3));
        using var tape = Tape.Record();
        tape.Backward(p);
        Assert.Equal(1, p.Gradient!.Item());
    }
}
