using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// The gradient check of whole modules: every layer passes, a planted error fails, and the module is afterwards as before.
/// </summary>
public class ModuleGradCheckTests
{
    public static TheoryData<string> Layers => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<Module<Tensor, Tensor>>> Makers = new()
    {
        ["dense"] = () => new Dense(4, 3),
        ["dense without bias"] = () => new Dense(4, 3, bias: false),
        ["relu"] = () => new ReLU(),
        ["sigmoid"] = () => new Sigmoid(),
        ["tanh"] = () => new Tanh(),
        ["softmax"] = () => new Softmax(0, 0.7f),
        ["flatten"] = () => new Flatten(),
        ["dropout"] = () => new Dropout(0.4f, new RandomStream(2)),
        ["network"] = () => new ModuleTests.Network(),
        ["sequential"] = () =>
            new Sequential(new Dense(4, 8), new Tanh(), new Dropout(0.5f, new RandomStream(5)), new Dense(8, 3), new Softmax()),
    };

    [Theory, MemberData(nameof(Layers))]
    public void Every_layer_passes(string layer) => GradCheck.Verify(Makers[layer](), Tensor.Normal([5, 4], new RandomStream(1)));

    [Fact]
    public void A_module_wrong_by_a_thousandth_fails_at_its_input() =>
        Refusal.Of<GradientCheckException>(
            () => GradCheck.Verify(new Sequential(new Dense(4, 4), new Elementwise<WrongSquare>()), Tensor.Ones([2, 4])), "operand 0");

    [Fact]
    public void A_module_wrong_by_a_thousandth_in_a_parameter_names_it() =>
        Refusal.Of<GradientCheckException>(() => GradCheck.Verify(new WrongScale(), Tensor.Ones([3])), "parameter 'scale'", "[3]");

    [Fact]
    public void A_module_that_computes_in_raw_floats_is_refused_by_name() =>
        Refusal.Of<TensorException>(() => GradCheck.Verify(new RawModule(), Tensor.Ones([3])), "RawDouble", "raw floats");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_gradients_buffers_streams_device_and_mode_are_afterwards_as_before(bool passes)
    {
        var module = new Counting(passes);
        var parameter = module.Parameters().Single();
        var buffer = module.NamedBuffers().Single().Buffer;
        parameter.SetGradient(Tensor.From([5, 6, 7]));
        var gradient = parameter.Gradient;
        module.Stream.Position = 8;
        var defaultDevice = Device.Default;
        if (passes)
        {
            GradCheck.Verify(module, Tensor.From([1, 2, 3]));
        }
        else
        {
            Assert.Throws<GradientCheckException>(() => GradCheck.Verify(module, Tensor.From([1, 2, 3])));
        }

        Assert.Equal([0.5f, 1.5f, 2.5f], parameter.ToArray());
        Assert.Same(gradient, parameter.Gradient);
        Assert.Equal([5, 6, 7], gradient!.ToArray());
        Assert.False(parameter.IsGradientSpent);
        Assert.Same(Device.Cpu, parameter.Device);
        Assert.Equal([100], buffer.ToArray());
        Assert.Same(Device.Cpu, buffer.Device);
        Assert.Equal(8ul, module.Stream.Position);
        Assert.Same(defaultDevice, Device.Default);
        Assert.Same(module.NamedBuffers().Single().Buffer, buffer);
        Assert.True(module.IsTraining);
    }

    [Fact]
    public void Frozen_parameters_are_left_out()
    {
        var module = new Dense(4, 3);
        module.Freeze();
        GradCheck.Verify(module, Tensor.Ones([2, 4]));
        Assert.All(module.Parameters(), parameter => Assert.Null(parameter.Gradient));
    }

    [Fact]
    public void Inside_a_scope_the_step_goes_on()
    {
        var module = new Dense(2, 1);
        using var tape = Tape.Record();
        var loss = module.Forward(Tensor.Ones([1, 2])).Sum();
        GradCheck.Verify(module, Tensor.Ones([1, 2]));
        tape.Backward(loss);
        Assert.Equal([1, 1], module.Weight.Gradient!.ToArray());
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => GradCheck.Verify((Module<Tensor, Tensor>)null!, Tensor.Ones([1])));
        Assert.Throws<ArgumentNullException>(() => GradCheck.Verify(new ReLU(), null!));
    }

    private readonly struct WrongSquare : IUnaryOp
    {
        public T Forward<T>(T x) where T : struct, ILane<T> => x * x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(2.002) * x;
    }

    private sealed class WrongScale : Module<Tensor, Tensor>
    {
        private readonly Parameter _scale;

        public WrongScale() => _scale = AddParameter("scale", Tensor.Ones([3]));

        protected override Tensor ForwardCore(Tensor input) => input * _scale.Apply(new WrongSquare());
    }

    private sealed class RawModule : Module<Tensor, Tensor>
    {
        protected override Tensor ForwardCore(Tensor input) => new RawDouble().Apply(input);
    }

    private sealed class RawDouble : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) =>
            context.FromFloats(Array.ConvertAll(context.Input(0).ToArray(), x => 2 * x), context.Input(0).Shape);

        protected override void Backward(FunctionContext context, Tensor gradient) => context.AddGradient(0, 2 * gradient);
    }

    /// <summary>Counts its passes in a buffer that its output depends on, and draws random numbers.</summary>
    private sealed class Counting : Module<Tensor, Tensor>
    {
        private readonly Parameter _weight;
        private readonly Tensor _passes;
        private readonly bool _isRight;

        public Counting(bool isRight)
        {
            _isRight = isRight;
            _weight = AddParameter("weight", Tensor.From([0.5f, 1.5f, 2.5f]));
            _passes = AddBuffer("passes", Tensor.From([100]));
            Child("dropout", new Dropout(0.5f, Stream));
        }

        public RandomStream Stream { get; } = new(3);

        protected override Tensor ForwardCore(Tensor input)
        {
            _passes[0] += 1;
            var noisy = input * _weight + Tensor.Uniform([3], Stream) + _passes;
            return _isRight ? noisy.Square() : noisy.Apply(new WrongSquare());
        }
    }
}
