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

        // The failure has taken the gradient of q that it had reached.
        Assert.Equal([4, 4, 1, 1], [.. _p.Gradient!.ToArray(), .. _q.Gradient!.ToArray()]);
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
    }
}
