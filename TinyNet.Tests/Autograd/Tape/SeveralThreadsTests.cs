using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Autograd;

/// <summary>What several threads may do with one model: each waits in a hook, so that they meet for sure.</summary>
public class SeveralThreadsTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2]), "p"), _q = new(Tensor.From([3, 4]), "q");

    [Fact]
    public void Backward_of_another_thread_into_the_same_parameter_is_refused()
    {
        using var tape = Tape.Record();
        var x = _p * 2;
        x.OnGradient(_ =>
        {
            OtherThread.Run(() =>
            {
                using var other = Tape.Record();
                var loss = (_q * 3).Sum();
                Refusal.Of<TensorException>(() => other.Backward(loss), "Backward", "another thread", "'q'", "[2]", "lock");
            });
            return null;
        });
        tape.Backward(x.Sum() + _q.Sum());
        Assert.Equal([1, 1], _q.Gradient!.ToArray());
    }

    [Fact]
    public void Step_of_another_thread_during_a_backward_pass_is_refused()
    {
        using var tape = Tape.Record();
        var x = _p * 2;
        var optimizer = new SGD([_q, _p]);
        x.OnGradient(_ =>
        {
            OtherThread.Run(() => Refusal.Of<TensorException>(optimizer.Step, "Step", "another thread", "'q'"));
            return null;
        });
        tape.Backward(x.Sum() + _q.Sum());
        Assert.False(_p.IsGradientSpent);
        Assert.False(_q.IsGradientSpent);
        optimizer.Step();
        Assert.True(_p.IsGradientSpent);
    }

    [Fact]
    public void Backward_and_Step_of_another_thread_during_a_step_are_refused_and_change_nothing()
    {
        var optimizer = new SGD([_p, _q], learningRate: 1);
        _p.SetGradient(Tensor.From([1, 1]));
        _q.SetGradient(Tensor.From([1, 1]));
        optimizer.BeforeUpdate(parameter => OtherThread.Run(() =>
        {
            Refusal.Of<TensorException>(optimizer.Step, "Step", "another thread");
            using var tape = Tape.Record();
            var loss = (_q * 3).Sum();
            Refusal.Of<TensorException>(() => tape.Backward(loss), "Backward", "another thread", "'q'");
        }));
        optimizer.Step();
        Assert.Equal([0, 1, 2, 3], [.. _p.ToArray(), .. _q.ToArray()]);
    }

    [Fact]
    public void What_one_thread_has_finished_another_may_go_on_with_also_after_a_failure()
    {
        for (int i = 0; i < 3; i++)
        {
            bool fails = i == 1;
            OtherThread.Run(() =>
            {
                using var tape = Tape.Record();
                var x = _p * 2;
                x.OnGradient(_ => fails ? throw new InvalidOperationException("planted") : null);
                var loss = (x + _q).Sum();
                if (fails)
                {
                    Assert.Throws<InvalidOperationException>(() => tape.Backward(loss));
                }
                else
                {
                    tape.Backward(loss);
                }
            });
        }

        // The failure has added nothing to the gradient of q that it had reached, and left it what others had finished.
        Assert.Equal([4, 4, 2, 2], [.. _p.Gradient!.ToArray(), .. _q.Gradient!.ToArray()]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refused_pass_leaves_what_other_threads_have_finished(bool hasHook)
    {
        OtherThread.Run(() => Pass(() => (_p + _q).Sum()));
        if (hasHook)
        {
            _p.OnGradient(_ => null);
        }

        using var tape = Tape.Record();
        Tensor late = 2 * _p.Sum(), x = _q * 2;
        x.OnGradient(_ =>
        {
            // Reaches p, and is refused at q, which the pass around it has claimed.
            OtherThread.Run(() => Refusal.Of<TensorException>(() => Pass(() => _q.Sum() + _p.Sum()), "another thread", "'q'"));
            return null;
        });
        tape.Backward(late + x.Sum() + _q.Sum());
        Assert.Equal([3, 3, 4, 4], [.. _p.Gradient!.ToArray(), .. _q.Gradient!.ToArray()]);
    }

    [Fact]
    public void A_refused_pass_into_a_gradient_that_is_used_leaves_none()
    {
        Pass(() => _p.Sum());
        new SGD([_p]).Step();
        using var tape = Tape.Record();
        var x = _q * 2;
        x.OnGradient(_ =>
        {
            OtherThread.Run(() => Assert.Throws<TensorException>(() => Pass(() => _q.Sum() + _p.Sum())));
            return null;
        });
        tape.Backward(x.Sum() + _q.Sum());
        Assert.Null(_p.Gradient);
    }

    [Fact]
    public void A_hook_may_step_and_run_a_pass_of_its_own_into_the_same_parameters()
    {
        using var tape = Tape.Record();
        var x = _p * 2;
        x.OnGradient(_ =>
        {
            using var suspension = Tape.Suspend();
            using var inner = Tape.Record();
            inner.Backward((_q * 10).Sum());
            new SGD([_p]).Step();
            return null;
        });
        tape.Backward(x.Sum() + _q.Sum());
        Assert.Equal([2, 2, 11, 11], [.. _p.Gradient!.ToArray(), .. _q.Gradient!.ToArray()]);
        OtherThread.Run(() => new SGD([_p, _q]).Step());
    }

    [Fact]
    public void A_step_in_a_hook_of_a_step_of_the_same_optimizer_is_refused_and_leaves_no_claim()
    {
        var optimizer = new SGD([_p, _q], learningRate: 1);
        using (optimizer.BeforeUpdate(_ => Refusal.Of<TensorException>(optimizer.Step, "Step", "hook", "under way")))
        using (optimizer.AfterUpdate(_ => Refusal.Of<TensorException>(optimizer.Step, "Step", "hook", "under way")))
        {
            Pass(() => (_p + _q).Sum());
            optimizer.Step();
        }

        Assert.Equal([0, 1, 2, 3], [.. _p.ToArray(), .. _q.ToArray()]);
        OtherThread.Run(() =>
        {
            Pass(() => (_p + _q).Sum());
            optimizer.Step();
        });
        Assert.Equal([-1, 0, 1, 2], [.. _p.ToArray(), .. _q.ToArray()]);
    }

    [Fact]
    public void A_step_of_another_optimizer_in_a_hook_of_a_step_runs()
    {
        var other = new SGD([_q], learningRate: 1);
        var optimizer = new SGD([_p, _q], learningRate: 1);
        _p.SetGradient(Tensor.From([1, 1]));
        _q.SetGradient(Tensor.From([1, 1]));
        using (optimizer.BeforeUpdate(_ => other.Step()))
        {
            optimizer.Step();
        }

        Assert.Equal([0, 1, 2, 3], [.. _p.ToArray(), .. _q.ToArray()]);
        OtherThread.Run(() => new SGD([_p, _q]).Step());
    }

    [Fact]
    public void Frozen_parameters_may_be_in_the_optimizers_of_several_threads()
    {
        _p.IsFrozen = true;
        Parameter first = new(Tensor.From([1, 1])), second = new(Tensor.From([2, 2]));
        SGD optimizer = new([_p, first], learningRate: 1), other = new([_p, second], learningRate: 1);
        optimizer.BeforeUpdate(_ => OtherThread.Run(() => Train(other, second)));
        Train(optimizer, first);
        Assert.Equal([0, -1, 1, 0], [.. first.ToArray(), .. second.ToArray()]);

        void Train(SGD mine, Parameter head)
        {
            Pass(() => (_p * head).Sum());
            mine.Step();
        }
    }

    [Fact]
    public void A_parameter_that_a_hook_thaws_in_a_step_is_claimed_before_it_is_updated()
    {
        _q.IsFrozen = true;
        var optimizer = new SGD([_p, _q], learningRate: 1);
        optimizer.BeforeUpdate(parameter =>
        {
            if (parameter == _p)
            {
                _q.IsFrozen = false;
                _q.SetGradient(Tensor.From([1, 1]));
            }
            else
            {
                OtherThread.Run(() => Refusal.Of<TensorException>(() => new SGD([_q]).Step(), "another thread", "'q'"));
            }
        });
        _p.SetGradient(Tensor.From([1, 1]));
        optimizer.Step();
        Assert.Equal([0, 1, 2, 3], [.. _p.ToArray(), .. _q.ToArray()]);
    }

    [Fact]
    public void Threads_with_a_lock_around_forward_Backward_and_Step_train()
    {
        var optimizer = new SGD([_p, _q], learningRate: 1f / 64);
        object gate = new();
        Parallel.For(0, 64, _ =>
        {
            lock (gate)
            {
                Pass(() => (_p + 2 * _q).Square().Sum() * 0 + (_p + 2 * _q).Sum());
                optimizer.Step();
            }
        });
        Assert.Equal([0, 1, 1, 2], [.. _p.ToArray(), .. _q.ToArray()]);
    }

    [Fact]
    public void A_step_between_a_forward_pass_and_its_Backward_is_refused()
    {
        var optimizer = new SGD([_p]);
        _p.SetGradient(Tensor.From([1, 1]));
        using var tape = Tape.Record();
        var loss = _p.Square().Sum();
        OtherThread.Run(optimizer.Step);
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "'p'", "overwritten in place");
    }

    [Fact]
    public void Threads_with_a_lock_around_Backward_add_up()
    {
        var model = new Sequential(new Dense(3, 4), new Tanh(), new Dense(4, 2));
        object gate = new();
        Parallel.For(0, 8, _ =>
        {
            using var tape = Tape.Record();
            var loss = model.Forward(Tensor.Ones([5, 3])).Sum();
            lock (gate)
            {
                tape.Backward(loss);
            }
        });
        Assert.All(model.Parameters()[^1].Gradient!.ToArray(), value => Assert.Equal(8 * 5, value));
        model.Parameters()[^1].Fill(0);
        new SGD(model.Parameters(), learningRate: 1).Step();
        Assert.All(model.Parameters()[^1].ToArray(), value => Assert.Equal(-8 * 5, value));
    }
    private static void Pass(Func<Tensor> loss)
    {
        using var tape = Tape.Record();
        tape.Backward(loss());
    }
}
