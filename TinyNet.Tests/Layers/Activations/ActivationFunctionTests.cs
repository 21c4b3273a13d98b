using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Activations as functions: each that learns nothing has one, which computes what the module does.</summary>
public class ActivationFunctionTests
{
    /// <summary>Those that have no function: they learn, or there is nothing to compute.</summary>
    private static readonly string[] Without =
        ["activation_mix", "identity", "linear_sin", "param_swish", "prelu", "square_softplus"];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["approximate_tanh"] = x => x.ApproximateTanh(),
        ["celu"] = x => x.Celu(),
        ["clipped_sigmoid"] = x => x.ClippedSigmoid(),
        ["decay_tanh"] = x => x.DecayTanh(0),
        ["elu"] = x => x.Elu(),
        ["gaussian_glu"] = x => x.GaussianGlu(),
        ["geglu"] = x => x.Geglu(),
        ["gelu"] = x => x.Gelu(),
        ["gelu_tanh"] = x => x.TanhGelu(),
        ["glu"] = x => x.Glu(),
        ["hardshrink"] = x => x.HardShrink(),
        ["hardsigmoid"] = x => x.HardSigmoid(),
        ["hardswish"] = x => x.HardSwish(),
        ["hardtanh"] = x => x.HardTanh(),
        ["leaky_relu"] = x => x.LeakyRelu(),
        ["log_softmax"] = x => x.LogSoftmax(),
        ["logsigmoid"] = x => x.LogSigmoid(),
        ["mish"] = x => x.Mish(),
        ["piecewise_linear_tanh"] = x => x.PiecewiseLinearTanh(),
        ["quantized_clip"] = x => x.QuantizedClip(),
        ["quantized_sigmoid"] = x => x.QuantizedSigmoid(),
        ["reglu"] = x => x.Reglu(),
        ["relu"] = x => x.Relu(),
        ["relu6"] = x => x.Relu6(),
        ["rrelu"] = x => x.RRelu(new RandomStream(1)),
        ["scaled_tanh"] = x => x.ScaledTanh(),
        ["selu"] = x => x.Selu(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["silu"] = x => x.Silu(),
        ["snake"] = x => x.Snake(),
        ["snake_sin2"] = x => x.UnscaledSnake(),
        ["softmax"] = x => x.Softmax(),
        ["softmin"] = x => x.Softmin(),
        ["softplus"] = x => x.Softplus(),
        ["softshrink"] = x => x.SoftShrink(),
        ["softsign"] = x => x.Softsign(),
        ["swiglu"] = x => x.Swiglu(),
        ["swish"] = x => x.Swish(),
        ["tanh"] = x => x.Tanh(),
        ["tanhshrink"] = x => x.TanhShrink(),
        ["threshold"] = x => x.Threshold(),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Fact]
    public void Every_activation_that_learns_nothing_has_a_function()
    {
        Assert.Empty(Activation.Names.Except(Functions.Keys).Except(Without));
        Assert.Empty(Functions.Keys.Except(Activation.Names));
        Assert.All(Without, name => Assert.True(name == "identity" || Activation.FromName(name).Parameters().Count > 0, name));
    }

    [Fact]
    public void Every_function_is_tested()
    {
        string[] functions =
        [
            .. typeof(ActivationFunctions).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Select(method => method.Name),
        ];
        string[] beside = ["sigmoid", "tanh", "softmax", "log_softmax"];

        Assert.Equal(Functions.Count - beside.Length, functions.Length);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_function_computes_what_the_module_does(string name)
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var module = name == "rrelu" ? new RReLU(random: new RandomStream(1)) : Activation.FromName(name);
            var (expected, expectedGradient) = Run(module.Forward);
            var (actual, actualGradient) = Run(Functions[name]);
            Assert.Equal(expected, actual);
            Assert.Equal(expectedGradient, actualGradient);
            Assert.Equal(0, Functions[name](Tensor.Zeros([0, 4], device)).Length);

            (float[] Values, float[] Gradient) Run(Func<Tensor, Tensor> function)
            {
                var x = new Parameter(Tensor.Normal([8, 5], new RandomStream(3), 0, 3, device));
                using var tape = Tape.Record();
                var y = function(x.Transpose());
                tape.Backward(y, Tensor.Uniform(y.Shape, new RandomStream(4), -1, 1, device));
                return (y.ToArray(), x.Gradient!.ToArray());
            }
        }
    }

    [Fact]
    public void Functions_take_the_settings_of_their_modules()
    {
        var x = Tensor.From([-2, -0.25f, 0, 0.75f, 3]);
        Assert.Equal([-0.2f, -0.025f, 0, 0.75f, 3], x.LeakyRelu(0.1f).ToArray());
        Assert.Equal(new ELU(2).Forward(x).ToArray(), x.Elu(2).ToArray());
        Assert.Equal(new CELU(2).Forward(x).ToArray(), x.Celu(2).ToArray());
        Assert.Equal(new Softplus(2, 1).Forward(x).ToArray(), x.Softplus(2, 1).ToArray());
        Assert.Equal([-1, -0.25f, 0, 0.5f, 0.5f], x.HardTanh(-1, 0.5f).ToArray());
        Assert.Equal([7, 7, 7, 0.75f, 3], x.Threshold(0.5f, 7).ToArray());
        Assert.Equal(new DecayTanh(0.5f) { Time = 2 }.Forward(x).ToArray(), x.DecayTanh(2, 0.5f).ToArray());
        Assert.Equal(new Snake(3).Forward(x).ToArray(), x.Snake(3).ToArray());
        Refusal.Of<ArgumentOutOfRangeException>(() => x.Celu(0), "alpha");
        Refusal.Of<ArgumentOutOfRangeException>(() => x.Snake(0), "frequency");
        Refusal.Of<ArgumentOutOfRangeException>(() => x.RRelu(new RandomStream(1), 1, 0), "upper");
        Refusal.Of<ShapeException>(() => x.Glu(), "GLU", "odd length 5");
    }
}
