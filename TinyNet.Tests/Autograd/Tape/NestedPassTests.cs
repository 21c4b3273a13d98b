using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Backward passes that fail, and that run in a hook of another: none spoils what another one adds.</summary>
public class NestedPassTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2]), "p");
    private readonly List<float> _seen = [];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_pass_in_a_hook_that_fails_leaves_the_pass_around_it_alone(bool hasHook, bool isFirst)
    {
        Watch(hasHook);
        Outer(isFirst, () => Assert.Throws<InvalidOperationException>(() => Inner(fails: true)));
        Assert.Equal([5, 5], _p.Gradient!.ToArray());
        Assert.Equal(Seen(hasHook, 5), _seen);
        Outer(isFirst, () => Assert.Throws<InvalidOperationException>(() => Inner(fails: true)));
        Assert.Equal([10, 10], _p.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_pass_in_a_hook_adds_its_gradient_and_hooks_see_each_pass_apart(bool hasHook, bool isFirst)
    {
        Watch(hasHook);
        Outer(isFirst, () => Inner(fails: false));
        Assert.Equal([15, 15], _p.Gradient!.ToArray());
        Assert.Equal(Seen(hasHook, 10, 5), _seen);
        Outer(isFirst, () => Inner(fails: false));
        Assert.Equal([30, 30], _p.Gradient!.ToArray());
    }

    [Fact]
    public void Passes_three_deep_add_up()
    {
        Watch(true);
        Outer(isFirst: false, () => Outer(isFirst: false, () => Inner(fails: false)));
        Assert.Equal([10, 5, 5], _seen);
        Assert.Equal([20, 20], _p.Gradient!.ToArray());
    }

    [Fact]
    public void A_pass_in_the_hook_of_the_parameter_itself_adds_up()
    {
        bool isInner = false;
        _p.OnGradient(gradient =>
        {
            _seen.Add(gradient.ToArray()[0]);
            if (!isInner)
            {
                isInner = true;
                Inner(fails: false);
            }

            return null;
        });
        Pass(() => 5 * _p.Sum());
        Assert.Equal([5, 10], _seen);
        Assert.Equal([15, 15], _p.Gradient!.ToArray());
    }

    [Theory]
    [InlineData("hook")]
    [InlineData("hook of the parameter")]
    [InlineData("overwritten")]
    [InlineData("not finite")]
    public void A_pass_that_fails_leaves_a_gradient_that_it_was_to_add_to(string how)
    {
        var q = new Parameter(Tensor.From([3, 4]), "q");
        Pass(() => (2 * _p + q).Sum());
        if (how == "hook of the parameter")
        {
            _p.OnGradient(_ => null);
            q.OnGradient(_ => throw new InvalidOperationException("planted"));
        }

        using (var tape = Tape.Record(detectAnomalies: how == "not finite"))
        {
            Tensor x = _p * 0 + 1, zero = x - 1, y = x.Square();
            y.OnGradient(_ => how == "hook" ? throw new InvalidOperationException("planted") : null);
            var loss = y.Sum() + zero.Sqrt().Sum() + q.Sum() + _p.Sum() + _p.IndexSelect(0, IndexTensor.From(1)).Sum();
            if (how == "overwritten")
            {
                x.Fill(7);
            }

            if (how == "not finite")
            {
                Assert.Throws<AnomalyException>(() => tape.Backward(loss));
            }
            else if (how == "overwritten")
            {
                Assert.Throws<LifetimeException>(() => tape.Backward(loss));
            }
            else
            {
                Assert.Throws<InvalidOperationException>(() => tape.Backward(loss));
            }
        }

        Assert.Equal([2, 2, 1, 1], [.. _p.Gradient!.ToArray(), .. q.Gradient!.ToArray()]);
        OtherThread.Run(() => new SGD([_p, q]).Step());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_parameter_frozen_within_the_pass_is_shown_to_no_hook(bool isFresh)
    {
        if (isFresh)
        {
            Pass(() => _p.Sum());
        }

        Watch(true);
        using var tape = Tape.Record();
        var x = _p * 2;
        x.OnGradient(_ =>
        {
            _p.IsFrozen = true;
            return null;
        });
        tape.Backward(x.Sum() + _p.Sum());
        Assert.Empty(_seen);
        if (isFresh)
        {
            Assert.Equal([1, 1], _p.Gradient!.ToArray());
        }
        else
        {
            Assert.Null(_p.Gradient);
        }
    }

    [Fact]
    public void A_function_that_recomputes_in_its_backward_rule_gives_all_gradients()
    {
        var w = new Parameter(Tensor.From([3, 4]), "w");
        for (int i = 1; i <= 2; i++)
        {
            Pass(() => (new Recomputed(w).Apply(_p) + w + _p).Sum());
            Assert.Equal([i * 4f, i * 5], _p.Gradient!.ToArray());
            Assert.Equal([i * 2f, i * 3], w.Gradient!.ToArray());
        }

        Refusal.Of<LifetimeException>(
            () => Pass(() => new Recomputed(w, isEarly: true).Apply(_p).Sum()), "AddGradient", "Suspend");
        Assert.Equal([8, 10], _p.Gradient!.ToArray());
        OtherThread.Run(() => new SGD([_p, w]).Step());
    }

    private static void Pass(Func<Tensor> loss)
    {
        using var tape = Tape.Record();
        tape.Backward(loss());
    }

    private static float[] Seen(bool hasHook, params float[] gradients) => hasHook ? gradients : [];

    private void Watch(bool hasHook)
    {
        if (hasHook)
        {
            _p.OnGradient(gradient =>
            {
                _seen.Add(gradient.ToArray()[0]);
                return null;
            });
        }
    }

    /// <summary>Adds 5 to the gradient of p: 2 before or after something else happens, then 3.</summary>
    private void Outer(bool isFirst, Action between)
    {
        using var suspension = Tape.Suspend();
        using var tape = Tape.Record();
        var early = isFirst ? _p * 2 : null;
        var x = _p * 3;
        x.OnGradient(_ =>
        {
            between();
            return null;
        });

        // The walk goes from the last to the first.
        tape.Backward((x + (early ?? _p * 2)).Sum());
    }

    /// <summary>Adds 10, or fails when it has added some of it.</summary>
    private void Inner(bool fails)
    {
        using var suspension = Tape.Suspend();
        using var tape = Tape.Record();
        var x = _p * 4;
        x.OnGradient(_ => fails ? throw new InvalidOperationException("planted") : null);
        tape.Backward(x.Sum() + (_p * 6).Sum());
    }

    /// <summary>x · w, computed again in the backward rule instead of being kept.</summary>
    private sealed class Recomputed(Parameter w, bool isEarly = false) : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => context.Input(0) * w;

        protected override void Backward(FunctionContext context, Tensor gradient)
        {
            var x = new Parameter(context.Input(0).Keep());
            var cotangent = gradient.Keep();
            using (Tape.Suspend())
            {
                using var tape = Tape.Record();
                tape.Backward(x * w, cotangent);
                if (isEarly)
                {
                    context.AddGradient(0, x.Gradient!);
                }
            }

            context.AddGradient(0, x.Gradient!);
        }
    }
}
