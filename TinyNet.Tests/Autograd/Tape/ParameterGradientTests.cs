using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>How the gradient of a parameter is added to, spent, overwritten and set.</summary>
public class ParameterGradientTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]), "weights");
    private readonly Tensor _x = Tensor.From([4, 5, 6]);

    [Fact]
    public void A_frozen_parameter_gets_no_gradient()
    {
        var frozen = new Parameter(_x) { IsFrozen = true };
        using var tape = Tape.Record();
        tape.Backward((_p * frozen).Sum());
        Assert.Null(frozen.Gradient);
        Assert.Equal([4, 5, 6], _p.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_parameter_frozen_after_it_was_read_gets_no_gradient_and_no_update(bool hasHook)
    {
        // One for each way in which a gradient arrives: written in place, added, handed on, added to in parts, and summed.
        Func<Parameter, Tensor>[] functions =
        [
            p => p.Exp(), p => p * p, p => p + _x, p => p.IndexSelect(0, IndexTensor.From(2, 2)), p => p * Tensor.Ones([2, 3]),
            p => p.Slice(0, 0, 2), p => p.Unsqueeze(0).MatMul(_x.Unsqueeze(1)),
        ];
        foreach (var function in functions)
        {
            var p = new Parameter(_x);
            int seen = 0;
            if (hasHook)
            {
                p.OnGradient(_ =>
                {
                    seen++;
                    return null;
                });
            }

            using var tape = Tape.Record();
            var loss = function(p).Sum() + _p.Sum();
            p.IsFrozen = true;
            tape.Backward(loss);
            p.IsFrozen = false;
            new SGD([p]).Step();
            Assert.Null(p.Gradient);
            Assert.Equal(_x.ToArray(), p.ToArray());
            Assert.Equal(0, seen);
        }

        Assert.Equal([7, 7, 7], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_parameter_frozen_by_a_hook_of_the_pass_gets_nothing_more()
    {
        using var tape = Tape.Record();
        var loss = _p.Sum();
        loss.OnGradient(_ =>
        {
            _p.IsFrozen = true;
            return null;
        });
        tape.Backward(loss);
        Assert.Null(_p.Gradient);
    }

    [Fact]
    public void A_gradient_from_before_the_freeze_stays_as_it_was_and_counts_as_used()
    {
        using (var tape = Tape.Record())
        {
            tape.Backward((_p * _x).Sum());
        }

        using (var tape = Tape.Record())
        {
            var loss = (_p * _p).Sum();
            _p.IsFrozen = true;
            tape.Backward(loss);
        }

        Assert.Equal(_x.ToArray(), _p.Gradient!.ToArray());
        Assert.True(_p.IsGradientSpent);
    }

    [Fact]
    public void A_parameter_frozen_between_Backward_and_Step_is_not_updated()
    {
        using var tape = Tape.Record();
        tape.Backward(_p.Sum());
        _p.IsFrozen = true;
        var optimizer = new SGD([_p]);
        optimizer.Step();
        _p.IsFrozen = false;
        optimizer.Step();
        Assert.Equal([1, 2, 3], _p.ToArray());
    }

    [Fact]
    public void A_thawed_parameter_gets_gradients_again()
    {
        _p.IsFrozen = true;
        _p.IsFrozen = false;
        using var tape = Tape.Record();
        tape.Backward(_p.Sum());
        Assert.Equal([1, 1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void Only_freezing_spends_a_gradient()
    {
        using var tape = Tape.Record();
        tape.Backward(_p.Sum());
        _p.IsFrozen = false;
        Assert.False(_p.IsGradientSpent);
        _p.IsFrozen = true;
        Assert.True(_p.IsGradientSpent);
        _p.SetGradient(_x);
        _p.IsFrozen = true;
        _p.IsFrozen = false;
        Assert.False(_p.IsGradientSpent);
    }

    [Fact]
    public void Passes_without_a_step_between_add_up()
    {
        for (int i = 0; i < 3; i++)
        {
            using var tape = Tape.Record();
            tape.Backward((_p * _x).Sum());
        }

        Assert.Equal([12, 15, 18], _p.Gradient!.ToArray());
    }

    [Fact]
    public void After_a_step_the_gradient_is_readable_and_the_next_pass_overwrites_it()
    {
        var optimizer = new SGD([_p], 0);
        for (int i = 0; i < 3; i++)
        {
            using (var tape = Tape.Record())
            {
                tape.Backward((_p * _x).Sum());
            }

            optimizer.Step();
            Assert.True(_p.IsGradientSpent);
            Assert.Equal([4, 5, 6], _p.Gradient!.ToArray());
        }
    }

    [Fact]
    public void A_spent_gradient_is_overwritten_by_parts_that_are_added_in_place()
    {
        var optimizer = new SGD([_p], 0);
        for (int i = 0; i < 2; i++)
        {
            using (var tape = Tape.Record())
            {
                tape.Backward(_p.Slice(0, 1).Sum() + _p.Slice(0, 0, 2).Sum());
            }

            optimizer.Step();
            Assert.Equal([1, 2, 1], _p.Gradient!.ToArray());
        }
    }

    [Fact]
    public void ClearGradient_forgets()
    {
        using (var tape = Tape.Record())
        {
            tape.Backward(_p.Sum());
        }

        _p.ClearGradient();
        Assert.Null(_p.Gradient);
    }

    [Fact]
    public void SetGradient_copies_and_counts_as_fresh()
    {
        var given = Tensor.From([1, 0, 1]);
        _p.SetGradient(given);
        given.Fill(9);
        using (var tape = Tape.Record())
        {
            tape.Backward((_p * _x).Sum());
        }

        Assert.Equal([5, 5, 7], _p.Gradient!.ToArray());
    }

    [Fact]
    public void SetGradient_refuses_another_shape_or_device_and_null()
    {
        Refusal.Of<ShapeException>(() => _p.SetGradient(Tensor.Ones([2])), "SetGradient", "[2]", "weights", "[3]");
        Refusal.Of<TensorException>(() => _p.SetGradient(Tensor.Ones([3], Device.Reference)), "SetGradient", "reference");
        Assert.Throws<ArgumentNullException>(() => _p.SetGradient(null!));
    }

    [Fact]
    public void A_parameter_needs_a_value() => Assert.Throws<ArgumentNullException>(() => new Parameter(null!));

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_gets_no_gradient()
    {
        var unused = new Parameter(_x);
        using var tape = Tape.Record();
        _ = unused * 2;
        tape.Backward(_p.Sum());
        Assert.Null(unused.Gradient);
    }
}
