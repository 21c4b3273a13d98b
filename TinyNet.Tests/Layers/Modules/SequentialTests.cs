using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Modules one after the other: the same numbers as by hand, and memory that goes back early only where nobody reads it.</summary>
public class SequentialTests
{
    [Fact]
    public void Neighbors_that_do_not_fit_are_refused_at_construction() =>
        Refusal.Of<ArgumentException>(
            () => new Sequential(new Dense(2, 3), new ReLU(), new Dropout(), new Dense(4, 1)),
            "module 3 (Dense(4 -> 1))",
            "4",
            "module 0 (Dense(2 -> 3))",
            "3");

    [Fact]
    public void After_a_module_of_unknown_features_anything_fits() =>
        Assert.Equal(3, new Sequential(new Dense(2, 3), new Flatten(), new Dense(6, 1)).Count);

    [Fact]
    public void Without_modules_the_input_is_the_output()
    {
        var x = Tensor.Ones([2]);
        Assert.Same(x, new Sequential().Forward(x));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_those_of_the_layers_called_by_hand(bool rank3)
    {
        Module<Tensor, Tensor>[] Layers()
        {
            var random = new RandomStream(9);
            return
            [
                new Dense(4, 5, random: random), new ReLU(), new Dense(5, 5, random: random), new Tanh(),
                new Dropout(0.3f, new RandomStream(4)), new Dense(5, 3, random: random),
                new Sigmoid(), new Softmax(temperature: 0.5f), new Elementwise<Cube>(), new Dense(3, 2, bias: false, random: random),
            ];
        }

        var x = Tensor.Normal(rank3 ? [2, 3, 4] : [6, 4], new RandomStream(2));
        var byHand = Layers();
        var together = new Sequential(Layers());
        var (expected, actual) = (
            Gradients(byHand, input => byHand.Aggregate(input, (y, layer) => layer.Forward(y))), Gradients([together], together.Forward));
        Assert.Equal(expected, actual);

        float[][] Gradients(Module[] modules, Func<Tensor, Tensor> forward)
        {
            var p = new Parameter(x);
            using var tape = Tape.Record();
            var y = forward(p * 1);
            tape.Backward(y.Square().Sum());
            return
            [
                y.ToArray(),
                p.Gradient!.ToArray(),
                .. modules.SelectMany(module => module.Parameters()).Select(parameter => parameter.Gradient!.ToArray()),
            ];
        }
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("elu")]
    [InlineData("hardtanh")]
    [InlineData("gelu")]
    [InlineData("identity")]
    [InlineData("cube")]
    public void A_dense_layer_fused_with_its_activation_gives_the_bits_of_both_apart(string activation)
    {
        foreach (Shape shape in new Shape[] { [7, 5], [2, 3, 5], [0, 5], [5] })
        {
            foreach (bool frozen in new[] { false, true })
            {
                Assert.Equal(Run(shape, frozen, hooked: true), Run(shape, frozen, hooked: false));
            }
        }

        // A hook, even one that does nothing, keeps the modules apart.
        float[][] Run(Shape shape, bool frozen, bool hooked)
        {
            var random = new RandomStream(9);
            Module<Tensor, Tensor> follower = activation == "cube" ? new Elementwise<Cube>() : Activation.FromName(activation);
            var model = new Sequential(new Dense(5, 9, random: random), follower);
            model[0].Freeze(frozen);
            if (hooked)
            {
                model[0].OnOutput((_, _, _) => { });
            }

            var p = new Parameter(Tensor.Normal(shape, random));
            using var tape = Tape.Record();
            var y = model.Forward(p * 1);
            tape.Backward(y, Tensor.Normal(y.Shape, new RandomStream(4)));
            return [y.ToArray(), p.Gradient!.ToArray(), .. model.Parameters().Select(parameter => parameter.Gradient?.ToArray() ?? [])];
        }
    }

    [Theory]
    [InlineData(16, 16, 1)] // By Winograd.
    [InlineData(3, 21, 1)]
    [InlineData(6, 4, 2)]
    [InlineData(37, 37, 37)] // Depthwise.
    public void A_convolution_fused_with_its_normalization_in_evaluation_gives_the_bits_of_both_apart(int inputs, int outputs, int groups)
    {
        foreach (var device in new Device[] { new CpuDevice(2), new CpuDevice(1, 32), Device.Reference })
        {
            foreach (bool activated in new[] { false, true })
            {
                Assert.Equal(Run(device, activated, hooked: true), Run(device, activated, hooked: false));
            }
        }

        float[] Run(Device device, bool activated, bool hooked)
        {
            var random = new RandomStream(9);
            var norm = new BatchNorm2d(outputs);
            norm.RunningMean!.CopyFrom(Tensor.Normal([outputs], random).ToArray());
            norm.RunningVariance!.CopyFrom(Tensor.Uniform([outputs], random, 0.5f, 2).ToArray());
            norm.Weight!.CopyFrom(Tensor.Normal([outputs], random).ToArray());
            norm.Bias!.CopyFrom(Tensor.Normal([outputs], random).ToArray());
            var model = new Sequential(
                new Conv2d(inputs, outputs, 3, padding: 1, groups: groups, random: random), norm, activated ? new ReLU() : new Flatten());
            model.To(device);
            model.Evaluate();
            if (hooked)
            {
                model[0].OnOutput((_, _, _) => { });
            }

            using var scope = Tape.NoRecord();
            return model.Forward(Tensor.Normal([2, inputs, 13, 9], random).Keep(device)).ToArray();
        }
    }

    [Fact]
    public void A_normalization_in_evaluation_that_is_differentiated_is_not_fused_away()
    {
        var norm = new BatchNorm2d(2);
        var model = new Sequential(new Conv2d(1, 2, 3), norm);
        model.Evaluate();
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 1, 3, 3])).Sum());
        Assert.Equal([1, 1], norm.Bias!.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Hooks_of_a_layer_and_of_its_activation_see_what_is_between_them(int hooked)
    {
        var model = new Sequential(new Dense(2, 2, bias: false), new ReLU());
        model.Parameters().Single().CopyFrom([1, 0, 0, 1]);
        float[] between = [], gradient = [];
        if (hooked == 0)
        {
            model[0].OnOutput((_, _, tensor) => between = tensor.ToArray());
            model[0].OnOutputGradient((_, _, tensor) => gradient = tensor.ToArray());
        }
        else
        {
            model[1].OnInput((_, _, tensor) => between = tensor.ToArray());
            model[1].OnInputGradient((_, _, tensor) => gradient = tensor.ToArray());
        }

        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.From([3, -4], [1, 2])).Sum());
        Assert.Equal([3, -4], between);
        Assert.Equal([1, 0], gradient);
    }

    [Fact]
    public void Anomaly_mode_names_the_activation_and_not_the_layer_before_it()
    {
        var dense = new Dense(1, 1);
        dense.Weight.Fill(1e20f);
        var model = new Sequential(dense, new Elementwise<Cube>());
        using var tape = Tape.Record(detectAnomalies: true);
        Refusal.Of<AnomalyException>(() => model.Forward(Tensor.Ones([1, 1])), "Cube", "in module 1 (Elementwise<Cube>())");
    }

    [Fact]
    public void In_evaluation_memory_goes_back_early()
    {
        var device = new CpuDevice(1);
        var model = new Sequential([.. Enumerable.Range(0, 10).Select(_ => new Dense(64, 64))]);
        model.To(device);
        using var scope = Tape.NoRecord();
        model.Forward(Tensor.Ones([8, 64], device));
        Assert.InRange(device.Pool.Outstanding, 1, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_input_stays_valid_even_where_a_layer_hands_it_on(bool records)
    {
        var model = new Sequential(new Dropout(), new Dropout(0), new Dense(2, 3), new ReLU(), new Dense(3, 1));
        model.Evaluate();
        using var tape = records ? Tape.Record() : Tape.NoRecord();
        var x = Tensor.Ones([4, 2]) * 3;
        var inner = x.Reshape(2, 2, 2);
        model.Forward(x);
        model.Forward(inner);
        Assert.All(x.ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    public void A_module_that_keeps_a_tensor_of_its_own_may_read_it_later()
    {
        var keeper = new Keeper();
        var model = new Sequential(new Dense(2, 2), keeper, new ReLU(), new Dense(2, 2), new ReLU());
        using var scope = Tape.NoRecord();
        model.Forward(Tensor.Ones([1, 2]));
        Assert.Equal(2, keeper.Input!.ToArray().Length);
        Assert.Equal(2, keeper.Output!.ToArray().Length);
    }

    [Fact]
    public void What_a_hook_kept_before_it_removed_itself_is_valid_until_the_scope_ends()
    {
        var model = new Sequential(new Dense(2, 2), new Dense(2, 2), new Dense(2, 2));
        Tensor? kept = null;
        HookHandle? handle = null;
        handle = model[0].OnOutput((_, _, tensor) =>
        {
            kept = tensor;
            handle!.Dispose();
        });
        using var scope = Tape.NoRecord();
        model.Forward(Tensor.Ones([1, 2]));
        Assert.Equal(2, kept!.ToArray().Length);
    }

    [Fact]
    public void Nested_sequentials_give_the_same_numbers()
    {
        var random = new RandomStream(1);
        Dense a = new(2, 3, random: random), b = new(3, 2, random: random);
        var x = Tensor.Normal([5, 2], random);
        using var scope = Tape.NoRecord();
        Assert.Equal(b.Forward(a.Forward(x)).ToArray(), new Sequential(new Sequential(a), new Sequential(b)).Forward(x).ToArray());
    }

    private readonly struct Cube : IUnaryOp
    {
        public T Forward<T>(T x) where T : struct, ILane<T> => x * x * x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(3) * x * x;
    }

    private sealed class Keeper : Module<Tensor, Tensor>
    {
        public Tensor? Input { get; private set; }

        public Tensor? Output { get; private set; }

        protected override Tensor ForwardCore(Tensor input) => Output = (Input = input) * 2;
    }
}
