using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Names, registration, modes and devices of modules.</summary>
public class ModuleTests
{
    [Fact]
    public void Parameters_have_the_names_PyTorch_gives_them_in_its_order()
    {
        var model = new Network();
        Assert.Equal(
            ["scale", "features.0.weight", "features.0.bias", "features.2.weight", "features.2.bias", "head.weight"],
            model.NamedParameters().Select(named => named.Name));
        Assert.All(model.NamedParameters(), named => Assert.Equal(named.Name, named.Parameter.Name));
    }

    [Fact]
    public void Modules_have_paths_from_the_model_down() => Assert.Equal(
        ["", "features", "features.0", "features.1", "features.2", "head"],
        new Network().NamedModules().Select(named =>
        {
            Assert.Equal(named.Name, named.Module.Path);
            return named.Name;
        }));

    [Fact]
    public void Names_count_from_the_module_that_is_asked()
    {
        var model = new Network();
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], model.Features.NamedParameters().Select(named => named.Name));
        Assert.Equal(["features", "head"], model.Children().Select(child => child.Name));
        Assert.Equal("running", Assert.Single(model.NamedBuffers()).Name);
    }

    [Fact]
    public void ParameterCount_counts_numbers() => Assert.Equal(1 + (4 * 3 + 3) + (3 * 2 + 2) + 2 * 2, new Network().ParameterCount);

    [Fact]
    public void A_list_registers_under_places()
    {
        var list = new ModuleList<Dense>(new Dense(1, 1, bias: false), new Dense(1, 1, bias: false));
        list.Add(new Dense(1, 2, bias: false));
        Assert.Equal(["0.weight", "1.weight", "2.weight"], list.NamedParameters().Select(named => named.Name));
        Assert.Equal((3, 2), (list.Count, list[2].OutFeatures));
        Assert.Equal([1, 1, 2], list.Select(dense => dense.OutFeatures));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData(null)]
    public void Empty_and_dotted_names_are_refused(string? name)
    {
        Refusal.Of<ArgumentException>(() => new Flexible().Parameter(name!), "Flexible", "no dot");
        Refusal.Of<ArgumentException>(() => new Flexible().Module(name!), "no dot");
        Refusal.Of<ArgumentException>(() => new Flexible().Buffer(name!), "no dot");
    }

    [Fact]
    public void A_name_is_taken_once_by_parameter_buffer_or_child()
    {
        Action<Flexible>[] takes = [module => module.Parameter("a"), module => module.Buffer("a"), module => module.Module("a")];
        foreach (var first in takes)
        {
            foreach (var second in takes)
            {
                var module = new Flexible();
                first(module);
                Refusal.Of<ArgumentException>(() => second(module), "'a'", "already");
            }
        }
    }

    [Fact]
    public void A_module_cannot_hold_itself()
    {
        Flexible outer = new(), inner = new();
        Refusal.Of<ArgumentException>(() => outer.Module("self", outer), "part of itself");
        outer.Module("inner", inner);
        Refusal.Of<ArgumentException>(() => inner.Module("outer", outer), "part of itself");
    }

    [Fact]
    public void Null_parts_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Flexible().Module("a", null!));
        Assert.Throws<ArgumentNullException>(() => new Flexible().Parameter("a", null!));
        Assert.Throws<ArgumentNullException>(() => new Flexible().Buffer("a", null!));
        Assert.Throws<ArgumentNullException>(() => new ModuleList<Dense>().Add(null!));
        Assert.Throws<ArgumentNullException>(() => new Sequential().Add(null!));
        Assert.Throws<ArgumentNullException>(() => new Dense(1, 1).To(null!));
    }

    [Fact]
    public void A_forgotten_parameter_is_named_with_the_module_that_reads_it()
    {
        var model = new Sequential(new ReLU(), new Forgetful());
        Refusal.Of<RegistrationException>(() => model.Forward(Tensor.Ones([2])), "'secret'", "Multiply", "1 (Forgetful)", "AddParameter");
    }

    [Fact]
    public void A_forgotten_child_is_named()
    {
        var exception = Refusal.Of<RegistrationException>(
            () => new ForgetfulParent().Forward(Tensor.Ones([2])), "Dense(2 -> 2) ran in ForgetfulParent", "Child");
        Assert.Equal("Dense", exception.Operation);
    }

    [Fact]
    public void A_failed_registration_is_reported_again_at_the_next_pass()
    {
        var model = new Forgetful();
        Assert.Throws<RegistrationException>(() => model.Forward(Tensor.Ones([2])));
        Assert.Throws<RegistrationException>(() => model.Forward(Tensor.Ones([2])));
    }

    [Fact]
    public void After_an_error_in_a_pass_the_next_one_works()
    {
        var model = new Sequential(new Dense(3, 2));
        Assert.Throws<ShapeException>(() => model.Forward(Tensor.Ones([1, 4])));
        Assert.Equal(2, model.Forward(Tensor.Ones([1, 3])).Length);
        Assert.Equal(3, (new Parameter(Tensor.Ones([3])) * 2).Length);
    }

    [Fact]
    public void A_parameter_outside_any_module_may_be_read() => Assert.Equal([2], (new Parameter(Tensor.Ones([1])) * 2).ToArray());

    [Fact]
    public void A_parameter_given_as_input_needs_no_registration()
    {
        var p = new Parameter(Tensor.Ones([1, 4]));
        using var tape = Tape.Record();
        tape.Backward(new Network().Forward(p).Sum());
        Assert.NotNull(p.Gradient);
    }

    [Fact]
    public void Tied_weights_are_listed_once_and_get_the_sum_of_both_gradients()
    {
        var model = new Tied();
        Assert.Equal(["first.weight"], model.NamedParameters().Select(named => named.Name));
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.From([3])));
        // y = w² x, dy/dw = 2 w x
        Assert.Equal(2 * 2 * 3, model.First.Weight.Gradient!.Item());
    }

    [Fact]
    public void A_module_under_two_names_is_listed_once()
    {
        var shared = new Dense(2, 2);
        var model = new Sequential(shared, shared);
        Assert.Equal(["0.weight", "0.bias"], model.NamedParameters().Select(named => named.Name));
        Assert.Equal(2, model.Forward(Tensor.Ones([1, 2])).Length);
    }

    [Fact]
    public void An_error_carries_the_path_of_the_innermost_module()
    {
        var exception = Refusal.Of<ShapeException>(
            () => new Network().Forward(Tensor.Ones([2, 5])), "Linear", "[2, 5]", "[4, 3]", "in module features.0 (Dense(4 -> 3))");
        Assert.Equal("features.0 (Dense(4 -> 3))", exception.ModulePath);
    }

    [Fact]
    public void Train_and_Evaluate_reach_every_module()
    {
        var model = new Network();
        Assert.All(model.NamedModules(), named => Assert.True(named.Module.IsTraining));
        model.Evaluate();
        Assert.All(model.NamedModules(), named => Assert.False(named.Module.IsTraining));
        model.Features.Train();
        Assert.False(model.IsTraining);
        Assert.True(model.Features[0].IsTraining);
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient_until_they_thaw()
    {
        var model = new Network();
        model.Features.Freeze();
        Step();
        Assert.All(model.Features.Parameters(), parameter => Assert.Null(parameter.Gradient));
        Assert.NotNull(model.Head.Weight.Gradient);
        model.Features.Freeze(false);
        Step();
        Assert.All(model.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
        model.ClearGradients();
        Assert.All(model.Parameters(), parameter => Assert.Null(parameter.Gradient));

        void Step()
        {
            using var tape = Tape.Record();
            tape.Backward(model.Forward(Tensor.Ones([1, 4])).Sum());
        }
    }

    [Fact]
    public void To_another_device_keeps_identity_gradients_and_optimizer_state()
    {
        Network moved = new(), stays = new();
        foreach (var (to, from) in moved.Parameters().Zip(stays.Parameters()))
        {
            to.CopyFrom(from.ToArray());
        }

        Adam movedAdam = new(moved.Parameters(), 0.1f), staysAdam = new(stays.Parameters(), 0.1f);
        Parameter[] identity = [.. moved.Parameters()];
        for (int i = 0; i < 4; i++)
        {
            Step(moved, movedAdam, i < 2 ? Device.Cpu : Device.Reference);
            Step(stays, staysAdam, Device.Cpu);
            if (i == 1)
            {
                float[][] gradients = [.. moved.Parameters().Select(parameter => parameter.Gradient!.ToArray())];
                moved.To(Device.Reference);
                moved.To(Device.Reference);
                Assert.Equal(gradients, moved.Parameters().Select(parameter => parameter.Gradient!.ToArray()));
                Assert.All(moved.Parameters(), parameter => Assert.True(parameter.IsGradientSpent));
            }
        }

        Assert.Equal(identity, moved.Parameters());
        Assert.All(moved.Parameters(), parameter => Assert.Same(Device.Reference, parameter.Device));
        Assert.All(moved.NamedBuffers(), named => Assert.Same(Device.Reference, named.Buffer.Device));
        foreach (var (a, b) in moved.Parameters().Zip(stays.Parameters()))
        {
            Assert.All(a.ToArray().Zip(b.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        }

        static void Step(Network model, Adam optimizer, Device device)
        {
            using var tape = Tape.Record();
            tape.Backward(model.Forward(Tensor.From([1, -2, 3, 0.5f], [1, 4], device)).Square().Sum());
            optimizer.Step();
        }
    }

    [Fact]
    public void A_model_on_another_device_than_its_input_says_so() =>
        Refusal.Of<TensorException>(
            () => new Dense(2, 2).Forward(Tensor.Ones([1, 2], Device.Reference)), "Linear", "reference", "cpu", "one device");

    [Fact]
    public void Building_a_model_inside_a_scope_does_no_harm()
    {
        Network model;
        Adam optimizer;
        using (var tape = Tape.Record())
        {
            model = new Network();
            optimizer = new Adam(model.Parameters());
            tape.Backward(model.Forward(Tensor.Ones([1, 4])).Sum());
            optimizer.Step();
        }

        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.Ones([1, 4])).Sum());
            optimizer.Step();
        }

        Assert.All(model.Parameters(), parameter => Assert.DoesNotContain(parameter.ToArray(), float.IsNaN));
    }

    [Fact]
    public void Layers_describe_themselves() => Assert.Equal(
        "Sequential(Dense(2 -> 3), Dense(3 -> 3, no bias), ReLU(), Sigmoid(), Tanh(), Softmax(axis -1), Dropout(0.25), Flatten())",
        new Sequential(
            new Dense(2, 3),
            new Dense(3, 3, bias: false),
            new ReLU(),
            new Sigmoid(),
            new Tanh(),
            new Softmax(),
            new Dropout(0.25f),
            new Flatten()).Describe());

    internal sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Parameter _scale;

        public Network()
        {
            var random = new RandomStream(3);
            Features = Child("features", new Sequential(new Dense(4, 3, random: random), new Tanh(), new Dense(3, 2, random: random)));
            Head = Child("head", new Dense(2, 2, bias: false, random: random));
            _scale = AddParameter("scale", 1f);
            AddBuffer("running", Tensor.Zeros([2]));
        }

        public Sequential Features { get; }

        public Dense Head { get; }

        protected override Tensor ForwardCore(Tensor input) => _scale * Head.Forward(Features.Forward(input));
    }

    private sealed class Flexible : Module
    {
        public void Parameter(string name) => AddParameter(name, 1);

        public void Parameter(string name, Tensor initial) => AddParameter(name, initial);

        public void Buffer(string name) => Buffer(name, Tensor.Ones([1]));

        public void Buffer(string name, Tensor initial) => AddBuffer(name, initial);

        public void Module(string name) => Module(name, new ReLU());

        public void Module(string name, Module module) => Child(name, module);
    }

    private sealed class Forgetful : Module<Tensor, Tensor>
    {
        private readonly Parameter _secret = new(Tensor.Ones([2]), "secret");

        protected override Tensor ForwardCore(Tensor input) => input * _secret;
    }

    private sealed class ForgetfulParent : Module<Tensor, Tensor>
    {
        private readonly Dense _dense = new(2, 2);

        protected override Tensor ForwardCore(Tensor input) => _dense.Forward(input);
    }

    private sealed class Tied : Module<Tensor, Tensor>
    {
        public Tied()
        {
            First = Child("first", new Dense(1, 1, bias: false));
            First.Weight.Fill(2);
        }

        public Dense First { get; }

        protected override Tensor ForwardCore(Tensor input) => First.Forward(input).MatMul(First.Weight);
    }
}
