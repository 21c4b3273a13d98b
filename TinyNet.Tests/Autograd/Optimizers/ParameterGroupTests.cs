using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Groups with settings of their own, and the state of optimizers.</summary>
public class ParameterGroupTests
{
    private readonly Parameter _weight = new(Tensor.Ones([2, 2]), "weight"), _bias = new(Tensor.Ones([2]), "bias");

    [Fact]
    public void Each_group_has_its_rate_and_decay()
    {
        var options = new SGDOptions { LearningRate = 0.5f, WeightDecay = 0.5f };
        var optimizer = new SGD(
            ParameterGroup.Of([_weight], options), ParameterGroup.Of([_bias], options with { LearningRate = 0.25f, WeightDecay = 0 }));
        Step(optimizer);
        Assert.Equal(1 - 0.5f * 1.5f, _weight[0, 0]);
        Assert.Equal(0.75f, _bias[0]);
        Assert.Equal([_weight, _bias], optimizer.Parameters);
        Assert.Equal(0.5f, optimizer.LearningRate);
        optimizer.LearningRate = 0;
        Assert.All(optimizer.Groups, group => Assert.Equal(0, group.LearningRate));
    }

    [Fact]
    public void Decay_leaves_out_biases_or_what_is_named()
    {
        var groups = ParameterGroup.SplitByDecay([_weight, _bias], new AdamWOptions { WeightDecay = 0.1f });
        Assert.Equal([_weight], groups[0].Parameters);
        Assert.Equal([_bias], groups[1].Parameters);
        Assert.Equal((0.1f, 0f), (groups[0].Options.WeightDecay, groups[1].Options.WeightDecay));
        Step(new AdamW(groups));
        groups = ParameterGroup.SplitByDecay([_weight, _bias], new AdamWOptions(), parameter => parameter.Name == "weight");
        Assert.Equal([_weight], groups[1].Parameters);
    }

    [Fact]
    public void Momentum_belongs_to_the_group_and_may_change()
    {
        var optimizer = new Adam([_weight]);
        Assert.Equal(0.9f, optimizer.Groups[0].Momentum);
        optimizer.Groups[0].Momentum = 0.5f;
        Assert.Equal(0.5f, optimizer.SaveState().Groups[0].Momentum);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Groups[0].Momentum = 1);
        Assert.Throws<InvalidOperationException>(() => optimizer.Groups[0].Momentum = null);
        Refusal.Of<InvalidOperationException>(() => new Adagrad([_weight]).Groups[0].Momentum = 0.5f, "no momentum");
    }

    [Fact]
    public void State_holds_steps_and_tensors_by_name()
    {
        var optimizer = new Adam([_weight, _bias], amsgrad: true);
        Step(optimizer);
        _weight.SetGradient(Tensor.Ones([2, 2]));
        optimizer.Step();
        var state = optimizer.SaveState();
        Assert.Equal((2, 1), (state.Parameters["weight"].Steps, state.Parameters["bias"].Steps));
        Assert.Equal(["mean", "root mean square", "largest"], state.Parameters["weight"].Tensors.Keys);
        Assert.Equal(_weight.Shape, state.Parameters["weight"].Tensors["mean"].Shape);
    }

    [Fact]
    public void State_of_what_was_never_updated_is_missing_and_loading_it_forgets()
    {
        var optimizer = new Adam([_weight, _bias]);
        var nothing = optimizer.SaveState();
        Assert.Empty(nothing.Parameters);
        Step(optimizer);
        optimizer.LoadState(nothing);
        Assert.Empty(optimizer.SaveState().Parameters);
    }

    [Fact]
    public void Rates_that_schedules_have_set_are_restored()
    {
        var optimizer = new Adam([_weight]) { LearningRate = 0.125f };
        var other = new Adam([_weight]);
        other.LoadState(optimizer.SaveState());
        Assert.Equal(0.125f, other.LearningRate);
    }

    [Fact]
    public void State_of_something_else_is_refused_and_changes_nothing()
    {
        var adam = new Adam([_weight]);
        Step(adam);
        var state = adam.SaveState();
        Refusal.Of<ArgumentException>(() => new Adagrad([_weight]).LoadState(state), "kind", "Adam,", "Adagrad");
        Refusal.Of<ArgumentException>(() => new Adam([_bias]).LoadState(state), "'weight'", "bias");
        Refusal.Of<ArgumentException>(
            () => new Adam(ParameterGroup.Of([_weight], new AdamOptions()), ParameterGroup.Of([_bias], new AdamOptions())).LoadState(state),
            "1 parameter groups",
            "2");
        Refusal.Of<ShapeException>(() => new Adam([new Parameter(Tensor.Ones([3]), "weight")]).LoadState(state), "[2, 2]", "[3]");
        Assert.Throws<ArgumentNullException>(() => adam.LoadState(null!));
    }

    [Fact]
    public void State_of_a_kind_with_the_same_names_is_refused()
    {
        var sgd = new SGD([_weight], momentum: 0.9f);
        Refusal.Of<ArgumentException>(() => new Adam([_weight]).LoadState(sgd.SaveState()), "SGD", "Adam");
        Refusal.Of<ArgumentException>(() => new AdamW([_weight]).LoadState(new Adam([_weight]).SaveState()), "of Adam,", "AdamW");
    }

    [Fact]
    public void State_must_have_what_the_settings_need_and_nothing_else()
    {
        Adam plain = new([_weight]), amsgrad = new([_weight], amsgrad: true);
        Step(plain);
        Step(amsgrad);
        Refusal.Of<ArgumentException>(() => amsgrad.LoadState(plain.SaveState()), "'weight'", "no 'largest'", "needs");
        Refusal.Of<ArgumentException>(() => plain.LoadState(amsgrad.SaveState()), "'weight'", "a 'largest'", "does not use");
        RMSProp centered = new([_weight], centered: true), pushed = new([_weight], momentum: 0.5f);
        Step(centered);
        Step(pushed);
        Refusal.Of<ArgumentException>(() => pushed.LoadState(centered.SaveState()), "a 'mean'");
        Refusal.Of<ArgumentException>(() => centered.LoadState(pushed.SaveState()), "momentum 0.5", "without");
    }

    [Fact]
    public void An_optimizer_without_momentum_takes_none_from_a_state()
    {
        SGD pushed = new([_weight], momentum: 0.9f), plain = new([_weight]);
        Step(pushed);
        Refusal.Of<ArgumentException>(() => plain.LoadState(pushed.SaveState()), "momentum 0.9", "without");
        pushed.Groups[0].Momentum = 0;
        Refusal.Of<ArgumentException>(() => plain.LoadState(pushed.SaveState()), "a 'momentum'");
        Assert.Equal(0, plain.Groups[0].Momentum);

        // A schedule may have brought it to 0 for a while.
        var resumed = new SGD([_weight], momentum: 0.9f);
        resumed.LoadState(pushed.SaveState());
        resumed.LoadState(new SGD([_weight], momentum: 0.5f).SaveState());
        Assert.Equal(0.5f, resumed.Groups[0].Momentum);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_before_anything_is_changed()
    {
        var options = new AdamOptions { LearningRate = 0.5f };
        var optimizer = new Adam(ParameterGroup.Of([_weight], options), ParameterGroup.Of([_bias], options));
        Step(optimizer);
        var state = optimizer.SaveState();
        ParameterGroupState first = new(0.25f, 0.8f), good = state.Groups[1];
        foreach (var bad in new ParameterGroupState[]
        {
            good with { LearningRate = float.NaN },
            good with { LearningRate = -1 },
            good with { InitialLearningRate = float.NaN },
            good with { InitialLearningRate = -1 },
            good with { Momentum = 1 },
            good with { Momentum = null },
        })
        {
            Refusal.Of<ArgumentException>(() => optimizer.LoadState(state with { Groups = [first, bad] }), "group 1");
        }

        var weight = state.Parameters["weight"];
        foreach (var bad in new ParameterState[] { weight with { Steps = -1 }, weight with { MomentumProduct = double.NaN } })
        {
            Refusal.Of<ArgumentException>(
                () => optimizer.LoadState(
                    state with { Groups = [first, good], Parameters = new Dictionary<string, ParameterState> { ["weight"] = bad } }),
                "'weight'",
                "steps");
        }

        Assert.All(optimizer.Groups, group => Assert.Equal((0.5f, 0.9f), (group.LearningRate, group.Momentum)));
    }

    [Fact]
    public void Bad_groups_are_refused()
    {
        var options = new SGDOptions();
        Refusal.Of<ArgumentException>(
            () => new SGD(ParameterGroup.Of([_weight], options), ParameterGroup.Of([_weight], options)), "'weight'", "twice");
        Refusal.Of<ArgumentException>(() => ParameterGroup.Of([_weight], new SGDOptions { IsNesterov = true }), "momentum");
        Refusal.Of<ArgumentException>(() => new SGD(ParameterGroup.Of([], options)), "no parameters");
        Assert.Throws<ArgumentNullException>(() => ParameterGroup.Of<SGDOptions>([_weight], null!));
        Assert.Throws<ArgumentNullException>(() => ParameterGroup.Of([null!], options));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RMSProp([_weight], alpha: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adadelta([_weight], rho: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad([_weight], initialAccumulator: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NAdam([_weight], momentumDecay: -1));
    }

    [Fact]
    public void State_follows_a_parameter_to_another_device()
    {
        var optimizer = new Adam([_weight]);
        Step(optimizer);
        _weight.MoveTo(Device.Reference);
        _weight.SetGradient(Tensor.Ones([2, 2], Device.Reference));
        optimizer.Step();
        Assert.Same(Device.Reference, optimizer.SaveState().Parameters["weight"].Tensors["mean"].Device);
    }

    private void Step(Optimizer optimizer)
    {
        _weight.SetGradient(Tensor.Ones([2, 2]));
        _bias.SetGradient(Tensor.Ones([2]));
        optimizer.Step();
    }
}
