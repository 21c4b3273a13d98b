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
    public void A_frozen_parameter_gets_no_gradient()
    {
        var frozen = new Parameter(_x) { IsFrozen = true };
        using var tape = Tape.Record();
        tape.Backward((_p * frozen).Sum());
        Assert.Null(frozen.Gradient);
        Assert.Equal([4, 5, 6], _p.Gradient!.ToArray());
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
        var optimizer = new Sgd([_p], 0);
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
        var optimizer = new Sgd([_p], 0);
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
    public void A_parameter_itself_may_be_the_loss()
    {
        var p = new Parameter(Tensor.FromScalar(3));
        using var tape = Tape.Record();
        tape.Backward(p);
        Assert.Equal(1, p.Gradient!.Item());
    }

    [Theory]
    [InlineData("x + x", 2, 2, 2)]
    [InlineData("x * x", 2, 4, 6)]
    [InlineData("x + view + view", 3, 3, 3)]
    [InlineData("diamond", 6, 6, 6)]
    [InlineData("diamond of slices", 1, 4, 1)]
    [InlineData("x - x", 0, 0, 0)]
    [InlineData("broadcast and itself", 4, 4, 4)]
    [InlineData("deep", 32, 32, 32)]
    [InlineData("concat", 3, 3, 3)]
    [InlineData("picked", 1, 3, 1)]
    public void A_tensor_used_several_times_gets_the_sum(string graph, float first, float second, float third)
    {
        foreach (bool isLeaf in new[] { true, false })
        {
            _p.ClearGradient();
            using var tape = Tape.Record();
            var x = isLeaf ? (Tensor)_p : _p + 0;
            tape.Backward(Graph(graph, x).Sum());
            Assert.Equal([first, second, third], _p.Gradient!.ToArray());
        }
    }

    [Fact]
    public void Gradients_shared_along_several_paths_stay_apart()
    {
        var q = new Parameter(_x);
        using var tape = Tape.Record();
        Tensor a = _p + 0, b = q + 0;
        Tensor sum = a + b, more = sum + a;
        tape.Backward((more + sum.Reshape(3, 1).Reshape(3) + a.Slice(0, 0, 3)).Sum());
        Assert.Equal([4, 4, 4], _p.Gradient!.ToArray());
        Assert.Equal([2, 2, 2], q.Gradient!.ToArray());
    }

    [Fact]
    public void A_gradient_given_by_the_caller_stays_as_it_is()
    {
        using var tape = Tape.Record();
        var given = _x.Exp();
        float[] before = given.ToArray();
        var y = _p + 0;
        tape.Backward(y + y + y.Slice(0, 0, 3), given);
        Assert.Equal(before, given.ToArray());
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_gets_no_gradient()
    {
        var unused = new Parameter(_x);
        using var tape = Tape.Record();
        _ = unused * 2;
        tape.Backward(_p.Sum());
        Assert.Null(unused.Gradient);
    }

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
                new Sgd([_p]).Step();
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

    private static Tensor Graph(string name, Tensor x)
    {
        switch (name)
        {
            case "x + x":
                return x + x;
            case "x * x":
                return x * x;
            case "x + view + view":
                return x + x.Reshape(3) + x.Slice(0, 0, 3);
            case "diamond":
                Tensor left = 2 * x, right = x + x;
                return left + right + (left + 0);
            case "diamond of slices":
                var y = x + 0;
                return y + y.Slice(0, 0, 2).Sum() + y.Slice(0, 1).Sum() - y.Sum() + y.Select(0, 1) * 0;
            case "x - x":
                return x - x;
            case "broadcast and itself":
                return x.Expand(3, 3) + x.Expand(3, 3) - x.Expand(2, 3).Sum(0) * 0 - 2 * x.Expand(2, 3).Slice(0, 0, 1) / 3;
            case "deep":
                for (int i = 0; i < 5; i++)
                {
                    x += x;
                }

                return x;
            case "concat":
                return Tensor.Concat(0, x, x, x.Reshape(3));
            default:
                var picked = x.IndexSelect(0, IndexTensor.From(1, 1));
                return Tensor.Concat(0, picked, x);
        }
    }
}
