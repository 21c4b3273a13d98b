using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Hooks on the gradients of tensors and parameters.</summary>
public class GradientHookTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]));

    [Fact]
    public void A_tensor_hook_sees_the_complete_gradient_once()
    {
        var seen = new List<float[]>();
        using var tape = Tape.Record();
        var y = _p * 2;
        y.OnGradient(gradient =>
        {
            seen.Add(gradient.ToArray());
            return null;
        });
        tape.Backward((y + y * y).Sum());
        Assert.Equal([5, 9, 13], Assert.Single(seen));
    }

    [Fact]
    public void A_tensor_hook_may_replace_the_gradient()
    {
        using var tape = Tape.Record();
        var y = _p * 2;
        y.OnGradient(gradient => gradient * 10);
        y.OnGradient(gradient => gradient + 1);
        tape.Backward(y.Sum());
        Assert.Equal([22, 22, 22], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_replacement_does_not_change_other_paths()
    {
        using var tape = Tape.Record();
        Tensor a = _p + 0, b = _p + 0;
        a.OnGradient(gradient => gradient * 10);
        tape.Backward((a + b).Sum());
        Assert.Equal([11, 11, 11], _p.Gradient!.ToArray());
    }

    [Fact]
    public void What_a_hook_saw_is_valid_until_the_scope_ends()
    {
        Tensor? seen = null;
        using var tape = Tape.Record();
        var y = _p.Exp();
        y.OnGradient(gradient =>
        {
            seen = gradient;
            return null;
        });
        tape.Backward((y * 3).Exp().Log().Sum());
        for (int i = 0; i < 10; i++)
        {
            _ = _p.Sqrt();
        }

        Assert.All(seen!.ToArray(), value => Assert.Equal(3, value, 1e-5f));
    }

    [Fact]
    public void A_removed_hook_is_not_called()
    {
        using var tape = Tape.Record();
        var y = _p * 2;
        var handle = y.OnGradient(_ => throw new InvalidOperationException());
        handle.Dispose();
        handle.Dispose();
        tape.Backward(y.Sum());
        Assert.Equal([2, 2, 2], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_hook_may_remove_itself_while_others_run()
    {
        int calls = 0;
        HookHandle? first = null;
        first = _p.OnGradient(_ =>
        {
            first!.Dispose();
            calls += 100;
            return null;
        });
        _p.OnGradient(_ =>
        {
            calls++;
            return null;
        });
        for (int i = 0; i < 2; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(_p.Sum());
        }

        Assert.Equal(102, calls);
    }

    [Fact]
    public void A_hook_on_a_tensor_without_history_throws()
    {
        using var tape = Tape.Record();
        Refusal.Of<LifetimeException>(() => Tensor.Ones([2]).OnGradient(_ => null), "OnGradient", "[2]");
        Assert.Throws<ArgumentNullException>(() => (_p * 2).OnGradient(null!));
    }

    [Fact]
    public void A_hook_that_returns_another_shape_or_device_is_refused()
    {
        using (var tape = Tape.Record())
        {
            var y = _p * 2;
            y.OnGradient(_ => Tensor.Ones([2]));
            Refusal.Of<ShapeException>(() => tape.Backward(y.Sum()), "OnGradient", "[2]", "[3]");
        }

        using (var tape = Tape.Record())
        {
            var y = _p * 2;
            y.OnGradient(_ => Tensor.Ones([3], Device.Reference));
            Refusal.Of<TensorException>(() => tape.Backward(y.Sum()), "OnGradient", "reference");
        }
    }

    [Fact]
    public void A_parameter_hook_sees_the_sum_of_one_pass()
    {
        var seen = new List<float[]>();
        _p.OnGradient(gradient =>
        {
            seen.Add(gradient.ToArray());
            return null;
        });
        for (int i = 0; i < 2; i++)
        {
            using var tape = Tape.Record();
            tape.Backward((_p + _p * 2 + _p.Slice(0, 1).Sum()).Sum());
        }

        Assert.Equal(2, seen.Count);
        Assert.All(seen, gradient => Assert.Equal([3, 6, 6], gradient));
        Assert.Equal([6, 12, 12], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_parameter_hook_may_replace_what_is_added()
    {
        using var handle = _p.OnGradient(gradient => gradient * 10);
        for (int i = 0; i < 2; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(_p.Sum());
        }

        Assert.Equal([20, 20, 20], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_removed_parameter_hook_is_not_called()
    {
        _p.OnGradient(gradient => gradient * 10).Dispose();
        using var tape = Tape.Record();
        tape.Backward(_p.Sum());
        Assert.Equal([1, 1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_hook_on_a_parameter_typed_as_tensor_lasts_beyond_the_scope()
    {
        int calls = 0;
        Tensor p = _p;
        using (Tape.Record())
        {
            p.OnGradient(_ =>
            {
                calls++;
                return null;
            });
        }

        using var tape = Tape.Record();
        tape.Backward(p.Sum());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void After_a_pass_that_a_hook_broke_off_the_next_one_is_right()
    {
        bool fails = true;
        _p.OnGradient(_ => null);
        using (var tape = Tape.Record())
        {
            var y = _p.Exp();
            y.OnGradient(_ => fails ? throw new InvalidOperationException("stop") : null);
            Assert.Throws<InvalidOperationException>(() => tape.Backward((_p * 7 + y).Sum()));
        }

        fails = false;
        using (var tape = Tape.Record())
        {
            tape.Backward(_p.Sum());
        }

        Assert.Equal([1, 1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void What_a_hook_computes_is_not_recorded()
    {
        using var tape = Tape.Record();
        var y = _p * 2;
        y.OnGradient(gradient =>
        {
            Assert.False((gradient * _p).HasHistory);
            return null;
        });
        tape.Backward(y.Sum());
    }
}
