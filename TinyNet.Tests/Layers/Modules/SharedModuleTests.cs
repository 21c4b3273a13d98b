using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Names of modules that several others hold: each model gives its own, and the optimizer keeps those that it was given.</summary>
public class SharedModuleTests
{
    private readonly Dense _a = Layer(1), _b = Layer(2);

    [Fact]
    public void A_second_container_renames_nothing()
    {
        Sequential first = new(_a, _b), second = new(_b, new Sequential(_a), Layer(3));
        Assert.Equal(["0.weight", "1.weight"], first.NamedParameters().Select(named => named.Name));
        Assert.Equal(["0.weight", "1.0.weight", "2.weight"], second.NamedParameters().Select(named => named.Name));
        Assert.Equal(["0.weight", "1.weight"], first.Parameters().Select(parameter => parameter.Name));
        Assert.Equal(("0", "1"), (_a.Path, _b.Path));
    }

    [Fact]
    public void Names_grow_with_the_first_container_only()
    {
        var first = new Sequential(_a, _b);
        var other = new Sequential(_b);
        _ = new Sequential(new ReLU(), other);
        _ = new Sequential(new ReLU(), new Sequential(new Tanh(), first));
        Assert.Equal(("1.1.0", "1.1.1", "1"), (_a.Path, _b.Path, other.Path));
        Assert.Equal("1.1.1.weight", _b.Weight.Name);
    }

    [Fact]
    public void A_module_twice_in_one_model_has_its_first_name()
    {
        _ = new Sequential(_a, new ReLU(), _a);
        Assert.Equal(("0", "0.weight"), (_a.Path, _a.Weight.Name));
    }

    [Fact]
    public void An_error_has_the_path_from_the_model_that_runs()
    {
        Sequential first = new(_a, _b), second = new(new Sequential(new Tanh(), _b));
        var wrong = Tensor.Ones([1, 3]);
        Assert.Equal("1 (Dense(2 -> 2, no bias))", new Sequential(new ReLU(), _a) is var third
            ? Assert.Throws<ShapeException>(() => third.Forward(wrong)).ModulePath
            : null);
        Assert.Equal("0.1 (Dense(2 -> 2, no bias))", Assert.Throws<ShapeException>(() => second.Forward(wrong)).ModulePath);
        Assert.Equal("0 (Dense(2 -> 2, no bias))", Assert.Throws<ShapeException>(() => first.Forward(wrong)).ModulePath);
        Assert.Equal("Dense(2 -> 2, no bias)", Assert.Throws<ShapeException>(() => _b.Forward(wrong)).ModulePath);
    }

    [Fact]
    public void Optimizer_state_finds_its_parameters_whatever_was_built_since()
    {
        var optimizer = new Adam(new Sequential(_a, _b).Parameters());
        Step(_a, _b, optimizer);
        var state = optimizer.SaveState();
        float[] momentsOfA = Mean(state, "0.weight"), momentsOfB = Mean(state, "1.weight");
        _ = new Sequential(_b, _a);
        Step(_a, _b, optimizer);
        optimizer.LoadState(state);
        Assert.Equal(momentsOfA, Mean(optimizer.SaveState(), "0.weight"));
        Assert.Equal(momentsOfB, Mean(optimizer.SaveState(), "1.weight"));
        Assert.NotEqual(momentsOfA, momentsOfB);
    }

    [Fact]
    public void Optimizer_state_has_the_names_from_the_model_that_was_given()
    {
        _ = new Sequential(_a, _b);
        var optimizer = new Adam(new Sequential(_b, _a).Parameters());
        Step(_a, _b, optimizer);
        var state = optimizer.SaveState();

        // Another program, which never builds the first model.
        Dense a = Layer(1), b = Layer(2);
        var again = new Adam(new Sequential(b, a).Parameters());
        Step(a, b, again);
        var expected = again.SaveState();
        Assert.Equal(["0.weight", "1.weight"], state.Parameters.Keys);
        Assert.All(state.Parameters.Keys, name => Assert.Equal(Mean(expected, name), Mean(state, name)));
        again.LoadState(state);
    }

    [Fact]
    public void Parameters_of_a_part_have_their_names_from_the_model()
    {
        var model = new ModuleTests.Network();
        var optimizer = new SGD(
            ParameterGroup.Of(model.Features.Parameters(), new SGDOptions { Momentum = 0.5f }),
            ParameterGroup.Of(model.Head.Parameters(), new SGDOptions { Momentum = 0.5f }));
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 4])).Sum());
        optimizer.Step();
        Assert.Equal(
            ["features.0.weight", "features.0.bias", "features.2.weight", "features.2.bias", "head.weight"],
            optimizer.SaveState().Parameters.Keys);
    }

    [Fact]
    public void Groups_split_by_decay_keep_the_names_of_the_list()
    {
        var layer = new Dense(2, 2);
        _ = new Sequential(layer);
        var model = new Sequential(new ReLU(), layer);
        var optimizer = new AdamW(ParameterGroup.SplitByDecay(model.Parameters(), new AdamWOptions()));
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 2])).Sum());
        optimizer.Step();
        Assert.Equal(["1.weight", "1.bias"], optimizer.SaveState().Parameters.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_models_in_one_optimizer_save_and_load(bool inGroups)
    {
        var (optimizer, actor, critic) = Make(1, 2);
        Step(actor, critic, optimizer);
        var state = optimizer.SaveState();
        Assert.Equal(["0.weight", "0.weight#2"], state.Parameters.Keys);

        var (resumed, actorAgain, criticAgain) = Make(1, 2);
        actorAgain.Weight.CopyFrom(actor.Weight.ToArray());
        criticAgain.Weight.CopyFrom(critic.Weight.ToArray());
        resumed.LoadState(state);
        Step(actor, critic, optimizer);
        Step(actorAgain, criticAgain, resumed);
        Assert.Equal(actor.Weight.ToArray(), actorAgain.Weight.ToArray());
        Assert.Equal(critic.Weight.ToArray(), criticAgain.Weight.ToArray());

        (Adam Optimizer, Dense Actor, Dense Critic) Make(ulong first, ulong second)
        {
            Dense a = Layer(first), b = Layer(second);
            Sequential actor = new(a), critic = new(b);
            var options = new AdamOptions();
            return (inGroups
                ? new Adam(ParameterGroup.Of(actor.Parameters(), options), ParameterGroup.Of(critic.Parameters(), options))
                : new Adam([.. actor.Parameters(), .. critic.Parameters()]), a, b);
        }
    }

    [Fact]
    public void Names_of_ones_own_do_not_depend_on_the_order()
    {
        Sequential actor = new(_a), critic = new(_b);
        Adam optimizer = Of(("actor", actor), ("critic", critic)), turned = Of(("critic", critic), ("actor", actor));
        Step(_a, _b, optimizer);
        var state = optimizer.SaveState();
        Assert.Equal(["actor.0.weight", "critic.0.weight"], state.Parameters.Keys);
        turned.LoadState(state);
        Assert.Equal(Mean(state, "critic.0.weight"), Mean(turned.SaveState(), "critic.0.weight"));

        static Adam Of(params (string Name, Module Model)[] models) => new(ParameterGroup.Of(
            models.SelectMany(model => model.Model.NamedParameters().Select(named => ($"{model.Name}.{named.Name}", named.Parameter))),
            new AdamOptions()));
    }

    [Fact]
    public void A_name_made_different_meets_no_other()
    {
        Parameter One(string name) => new(Tensor.From([1]), name);
        Parameter[] parameters = [One("w"), One("w#2"), One("w"), One("w")];
        var optimizer = new Adam(parameters);
        Array.ForEach(parameters, parameter => parameter.SetGradient(Tensor.From([1])));
        optimizer.Step();
        Assert.Equal(["w", "w#2", "w#3", "w#4"], optimizer.SaveState().Parameters.Keys);
    }

    [Fact]
    public void Missing_names_and_parameters_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ParameterGroup.Of([(null!, _a.Weight)], new AdamOptions()));
        Assert.Throws<ArgumentNullException>(() => ParameterGroup.Of([("a", null!)], new AdamOptions()));
        Assert.Throws<ArgumentNullException>(
            () => ParameterGroup.Of((IEnumerable<(string, Parameter)>)null!, new AdamOptions()));
    }

    [Fact]
    public void A_state_with_a_name_that_is_not_here_suggests_the_nearest()
    {
        var optimizer = new Adam(new Sequential(_a).Parameters());
        var state = optimizer.SaveState() with
        {
            Parameters = new Dictionary<string, ParameterState> { ["0.wieght"] = new(0, new Dictionary<string, Tensor>()) },
        };
        Refusal.Of<ArgumentException>(() => optimizer.LoadState(state), "'0.wieght'", "did you mean '0.weight'?");
    }

    private static Dense Layer(ulong seed) => new(2, 2, bias: false, random: new RandomStream(seed));

    private static float[] Mean(OptimizerState state, string name) => state.Parameters[name].Tensors["mean"].ToArray();

    private static void Step(Dense a, Dense b, Adam optimizer)
    {
        using var tape = Tape.Record();
        var x = Tensor.From([1, 2], [1, 2]);
        tape.Backward(a.Forward(x).Square().Sum() + 3 * b.Forward(x).Square().Sum());
        optimizer.Step();
    }
}
