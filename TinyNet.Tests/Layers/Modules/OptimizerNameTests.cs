using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// The names by which an optimizer saves its state: those of the model whose parameters it was given, whatever else was built. What could
/// find another parameter is refused.
/// </summary>
public class OptimizerNameTests
{
    private readonly Dense _a = Layer(1), _b = Layer(2);

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
    public void Parameters_of_a_part_have_their_names_from_the_part()
    {
        var model = new ModuleTests.Network();
        var optimizer = new SGD(
            ParameterGroup.Of(model.Features.Parameters(), new SGDOptions { Momentum = 0.5f }),
            ParameterGroup.Of(model.Head.Parameters(), new SGDOptions { Momentum = 0.5f }));
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 4])).Sum());
        optimizer.Step();
        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "2.bias", "weight"],
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
    public void Two_models_in_one_optimizer_of_the_same_names_are_refused_until_their_groups_have_names(bool inGroups)
    {
        var (optimizer, actor, critic) = Make(1, 2);
        Step(actor, critic, optimizer);
        var other = new Adam(actor.Parameters());
        Refusal.Of<InvalidOperationException>(optimizer.SaveState, "'0.weight'", "[2, 2]", "ParameterGroup.Of", "Name");
        Refusal.Of<InvalidOperationException>(() => optimizer.LoadState(other.SaveState()), "'0.weight'", "ParameterGroup.Of", "Name");
        if (!inGroups)
        {
            return;
        }

        optimizer.Groups[0].Name = "actor";
        optimizer.Groups[1].Name = "critic";
        var state = optimizer.SaveState();
        Assert.Equal(["actor.0.weight", "critic.0.weight"], state.Parameters.Keys);

        var (resumed, actorAgain, criticAgain) = Make(1, 2);
        resumed.Groups[0].Name = "actor";
        resumed.Groups[1].Name = "critic";
        actorAgain.Weight.CopyFrom(actor.Weight.ToArray());
        criticAgain.Weight.CopyFrom(critic.Weight.ToArray());
        resumed.LoadState(state);
        Step(actor, critic, optimizer);
        Step(actorAgain, criticAgain, resumed);
        Assert.Equal(actor.Weight.ToArray(), actorAgain.Weight.ToArray());
        Assert.Equal(critic.Weight.ToArray(), criticAgain.Weight.ToArray());

        // The other way round each group would take the rates of the other one.
        var (turned, _, _) = Make(1, 2);
        turned.Groups[0].Name = "critic";
        turned.Groups[1].Name = "actor";
        Refusal.Of<ArgumentException>(() => turned.LoadState(state), "'actor.0.weight'", "group 0", "same order");

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
    public void Groups_in_another_order_are_refused()
    {
        var options = new SGDOptions { Momentum = 0.5f };
        var model = new Sequential(_a, _b);
        var other = new Sequential(new Dense(2, 2, bias: false), new Dense(2, 2, bias: false));
        SGD Of(Sequential of, int first) => new(Group(of, first), Group(of, 1 - first));
        ParameterGroup<SGDOptions> Group(Sequential of, int place) => ParameterGroup.Of([of.NamedParameters().ElementAt(place)], options);
        var state = Of(model, 0).SaveState();
        Of(other, 0).LoadState(state);
        Refusal.Of<ArgumentException>(() => Of(other, 1).LoadState(state), "'0.weight'", "group 0", "same order");
    }

    [Fact]
    public void A_list_without_names_of_a_layer_with_several_is_refused()
    {
        _ = new Sequential(_a, _b);
        var model = new Sequential(_b, _a);
        List<Func<Adam>> makers =
        [
            () => new Adam(model.Parameters().Where(parameter => !parameter.IsFrozen)),
            () => new Adam(model.Parameters().ToArray()),
            () => new Adam([.. _b.Parameters(), .. _a.Parameters()]),
            () => new Adam(ParameterGroup.SplitByDecay(model.Parameters().Skip(0), new AdamOptions())),
        ];
        var state = new Adam(model.Parameters()).SaveState();
        foreach (var make in makers)
        {
            var optimizer = make();
            Step(_a, _b, optimizer);
            Refusal.Of<InvalidOperationException>(optimizer.SaveState, "without a name", "NamedParameters()");
            Refusal.Of<InvalidOperationException>(() => optimizer.LoadState(state), "without a name", "NamedParameters()");
        }

        var named = new Adam(ParameterGroup.Of(
            model.NamedParameters().Where(named => !named.Parameter.IsFrozen), new AdamOptions()));
        Step(_a, _b, named);
        Assert.Equal(["0.weight", "1.weight"], named.SaveState().Parameters.Keys);
        Assert.Equal(Mean(named.SaveState(), "0.weight"), Mean(Loaded(named.SaveState()), "0.weight"));

        OptimizerState Loaded(OptimizerState saved)
        {
            // Another program, which never builds the first model.
            var again = new Adam(new Sequential(Layer(2), Layer(1)).Parameters().Where(parameter => !parameter.IsFrozen));
            again.LoadState(saved);
            return again.SaveState();
        }
    }

    [Fact]
    public void Layers_below_one_with_several_names_have_several_too()
    {
        var inner = new Sequential(_a);
        _ = new Sequential(inner);
        _ = new Sequential(new Tanh(), inner);
        foreach (var layer in new[] { _a, new Added(inner).Layer })
        {
            Assert.Throws<InvalidOperationException>(new SGD(layer.Parameters().ToArray()).SaveState);
        }

        new SGD(new Sequential(_b).Parameters().ToArray()).SaveState();
    }

    [Fact]
    public void Tied_layers_are_found_by_any_of_their_names()
    {
        Adam first = new(Tied(1, "encoder", "decoder").Parameters()), second = new(Tied(1, "decoder", "encoder").Parameters());
        Assert.Equal("encoder.0.weight", Assert.Single(Updated(first).Parameters.Keys));
        Assert.Equal("decoder.0.weight", Assert.Single(Updated(second).Parameters.Keys));
        var state = first.SaveState();
        second.LoadState(state);
        Assert.Equal(Mean(state, "encoder.0.weight"), Mean(second.SaveState(), "decoder.0.weight"));

        var twice = state with
        {
            Parameters = new Dictionary<string, ParameterState>
            {
                ["encoder.0.weight"] = state.Parameters["encoder.0.weight"],
                ["decoder.0.weight"] = state.Parameters["encoder.0.weight"],
            },
        };
        Refusal.Of<ArgumentException>(() => second.LoadState(twice), "twice", "'encoder.0.weight'", "'decoder.0.weight'");

        // With the name of a group, and not by that of no path.
        second = new Adam(ParameterGroup.Of(Tied(2, "decoder", "encoder").Parameters(), new AdamOptions()));
        second.Groups[0].Name = "model";
        Refusal.Of<ArgumentException>(() => second.LoadState(state), "'encoder.0.weight'", "not here");
        first.Groups[0].Name = "model";
        second.LoadState(first.SaveState());
        Assert.Equal(Mean(state, "encoder.0.weight"), Mean(second.SaveState(), "model.decoder.0.weight"));

        static OptimizerState Updated(Adam optimizer)
        {
            optimizer.Parameters[0].SetGradient(Tensor.From([1, 2, 3, 4], [2, 2]));
            optimizer.Step();
            return optimizer.SaveState();
        }

        static Module Tied(ulong seed, params string[] names)
        {
            var shared = new Sequential(Layer(seed));
            return new Named([.. names.Select(name => (name, (Module)shared))]);
        }
    }

    [Fact]
    public void A_wrapper_changes_no_name()
    {
        var model = new Sequential(_a, _b);
        _ = new Sequential(model, new Softmax());
        var optimizer = new Adam(model.Parameters());
        Step(_a, _b, optimizer);
        Assert.Equal(["0.weight", "1.weight"], optimizer.SaveState().Parameters.Keys);
        Assert.Throws<ArgumentNullException>(() => optimizer.Groups[0].Name = null!);
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

    private sealed class Named : Module
    {
        public Named((string Name, Module Module)[] parts) => Array.ForEach(parts, part => Child(part.Name, part.Module));
    }

    /// <summary>Puts a layer, made later, below one that is there already.</summary>
    private sealed class Added : Module
    {
        public Added(Sequential shared)
        {
            var late = new Late();
            Child("first", new Named([("late", late)]));
            Child("second", late);
            Child("shared", shared);
            Layer = late.Add();
        }

        public Dense Layer { get; }

        private sealed class Late : Module
        {
            public Dense Add() => Child("layer", new Dense(2, 2));
        }
    }
}
