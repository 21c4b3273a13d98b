using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Every activation that has a name: gradient check, special values as PyTorch 1.13 gives them, golden values.</summary>
public class ActivationCatalogTests
{
    private const double NaN = double.NaN;
    private const double Inf = double.PositiveInfinity;

    /// <summary>0, −0, ±1e-8, ±88, ±1000 and, for values alone, nan, ∞ and −∞.</summary>
    private static readonly float[] SpecialOperands =
    [
        0, -0f, 1e-8f, -1e-8f, 88, -88, 1000, -1000, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
    ];

    /// <summary>What mixes elements, or rounds with a gradient that is not its own, has tests elsewhere.</summary>
    private static readonly string[] WithoutSpecials =
    [
        "activation_mix", "gaussian_glu", "geglu", "glu", "log_softmax", "quantized_clip", "quantized_sigmoid", "reglu", "rrelu",
        "softmax", "softmin", "swiglu",
    ];

    private static readonly string[] StraightThrough = ["quantized_clip", "quantized_sigmoid"];

    /// <summary>
    /// Values at all of the operands, gradients at the finite ones, in double precision; those of gelu_tanh and param_swish at −∞ are
    /// limits.
    /// </summary>
    private static readonly Dictionary<string, (double[] Values, double[] Gradients)> Specials = new()
    {
        ["approximate_tanh"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 1, -1, 1, -1, NaN, 1, -1], [1, 1, 1, 1, 0, 0, 0, 0]),
        ["celu"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 88, -1, 1000, -1, NaN, Inf, -1], [1, 1, 1, 0.99999999, 1, 6.0546019e-39, 1, 0]),
        ["clipped_sigmoid"] = (
            [0.5, 0.5, 0.500000002, 0.499999998, 1, 6.0546019e-39, 1, 0, NaN, 1, 0], [0.25, 0.25, 0.25, 0.25, 0, 6.0546019e-39, 0, 0]),
        ["decay_tanh"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 1, -1, 1, -1, NaN, 1, -1], [1, 1, 1, 1, 0, 0, 0, 0]),
        ["elu"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 88, -1, 1000, -1, NaN, Inf, -1], [1, 1, 1, 0.99999999, 1, 6.0546019e-39, 1, 0]),
        ["gelu"] = (
            [0, 0, 5.00000001e-09, -4.99999993e-09, 88, 0, 1000, 0, NaN, Inf, NaN], [0.5, 0.5, 0.500000008, 0.499999992, 1, 0, 1, 0]),
        ["gelu_tanh"] = (
            [0, 0, 5.00000001e-09, -4.99999993e-09, 88, 0, 1000, 0, NaN, Inf, 0], [0.5, 0.5, 0.500000008, 0.499999992, 1, 0, 1, 0]),
        ["hardshrink"] = ([0, 0, 0, 0, 88, -88, 1000, -1000, NaN, Inf, -Inf], [0, 0, 0, 0, 1, 1, 1, 1]),
        ["hardsigmoid"] = (
            [0.5, 0.5, 0.500000002, 0.499999998, 1, 0, 1, 0, NaN, 1, 0], [0.166666672, 0.166666672, 0.166666672, 0.166666672, 0, 0, 0, 0]),
        ["hardswish"] = (
            [0, 0, 4.99999999e-09, -4.99999995e-09, 88, 0, 1000, 0, NaN, Inf, NaN], [0.5, 0.5, 0.500000003, 0.499999997, 1, 0, 1, 0]),
        ["hardtanh"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 1, -1, 1, -1, NaN, 1, -1], [1, 1, 1, 1, 0, 0, 0, 0]),
        ["identity"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 88, -88, 1000, -1000, NaN, Inf, -Inf], [1, 1, 1, 1, 1, 1, 1, 1]),
        ["leaky_relu"] = (
            [0, 0, 9.99999994e-09, -9.99999972e-11, 88, -0.87999998, 1000, -9.99999978, NaN, Inf, -Inf],
            [0.00999999978, 0.00999999978, 1, 0.00999999978, 1, 0.00999999978, 1, 0.00999999978]),
        ["linear_sin"] = (
            [0, 0, 1.99999999e-08, -1.99999999e-08, 88.0353983, -88.0353983, 1000.82688, -1000.82688, NaN, NaN, NaN],
            [2, 2, 2, 2, 1.99937328, 1.99937328, 1.56237908, 1.56237908]),
        ["logsigmoid"] = (
            [-0.693147181, -0.693147181, -0.693147176, -0.693147186, -6.0546019e-39, -88, 0, -1000, NaN, 0, -Inf],
            [0.5, 0.5, 0.499999998, 0.500000002, 6.0546019e-39, 1, 0, 1]),
        ["mish"] = (
            [0, 0, 6e-09, -5.99999993e-09, 88, -5.32804967e-37, 1000, 0, NaN, Inf, NaN],
            [0.6, 0.6, 0.600000006, 0.599999994, 1, -5.26750365e-37, 1, 0]),
        ["param_swish"] = (
            [0, 0, 2.5e-09, -2.49999997e-09, 44, -2.66402483e-37, 500, 0, NaN, Inf, 0],
            [0.25, 0.25, 0.250000002, 0.249999998, 0.5, -2.63375182e-37, 0.5, 0]),
        ["piecewise_linear_tanh"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 1, -1, 1, -1, NaN, 1, -1], [1, 1, 1, 1, 0, 0, 0, 0]),
        ["prelu"] = ([0, 0, 9.99999994e-09, -2.49999998e-09, 88, -22, 1000, -250, NaN, Inf, -Inf], [0.25, 0.25, 1, 0.25, 1, 0.25, 1, 0.25]),
        ["relu"] = ([0, 0, 9.99999994e-09, 0, 88, 0, 1000, 0, NaN, Inf, 0], [0, 0, 1, 0, 1, 0, 1, 0]),
        ["relu6"] = ([0, 0, 9.99999994e-09, 0, 6, 0, 6, 0, NaN, 6, 0], [0, 0, 1, 0, 0, 0, 0, 0]),
        ["scaled_tanh"] = (
            [0, 0, 1.14393332e-08, -1.14393332e-08, 1.71589994, -1.71589994, 1.71589994, -1.71589994, NaN, 1.71589994, -1.71589994],
            [1.14393333, 1.14393333, 1.14393333, 1.14393333, 0, 0, 0, 0]),
        ["selu"] = (
            [0, 0, 1.05070098e-08, -1.75809933e-08, 92.4616869, -1.75809934, 1050.70099, -1.75809934, NaN, Inf, -1.75809934],
            [1.75809934, 1.75809934, 1.05070099, 1.75809932, 1.05070099, 1.06445916e-38, 1.05070099, 0]),
        ["sigmoid"] = (
            [0.5, 0.5, 0.500000002, 0.499999998, 1, 6.0546019e-39, 1, 0, NaN, 1, 0], [0.25, 0.25, 0.25, 0.25, 0, 6.0546019e-39, 0, 0]),
        ["silu"] = (
            [0, 0, 4.99999999e-09, -4.99999994e-09, 88, -5.32804967e-37, 1000, 0, NaN, Inf, NaN],
            [0.5, 0.5, 0.500000005, 0.499999995, 1, -5.26750365e-37, 1, 0]),
        ["snake"] = (
            [0, 0, 1e-08, -9.99999984e-09, 88.001253, -87.998747, 1000.68373, -999.31627, NaN, NaN, NaN],
            [1, 1, 1.00000002, 0.99999998, 1.07075224, 0.929247764, 1.9300395, 0.0699604956]),
        ["snake_sin2"] = (
            [0, 0, 1e-08, -9.99999984e-09, 88.001253, -87.998747, 1000.68373, -999.31627, NaN, NaN, NaN],
            [1, 1, 1.00000002, 0.99999998, 1.07075224, 0.929247764, 1.9300395, 0.0699604956]),
        ["softplus"] = (
            [0.693147181, 0.693147181, 0.693147186, 0.693147176, 88, 6.0546019e-39, 1000, 0, NaN, Inf, 0],
            [0.5, 0.5, 0.500000002, 0.499999998, 1, 6.0546019e-39, 1, 0]),
        ["softshrink"] = ([0, 0, 0, 0, 87.5, -87.5, 999.5, -999.5, NaN, Inf, -Inf], [0, 0, 0, 0, 1, 1, 1, 1]),
        ["softsign"] = (
            [0, 0, 9.99999984e-09, -9.99999984e-09, 0.988764045, -0.988764045, 0.999000999, -0.999000999, NaN, NaN, NaN],
            [1, 1, 0.99999998, 0.99999998, 0.000126246686, 0.000126246686, 9.98002996e-07, 9.98002996e-07]),
        ["square_softplus"] = (
            [0.693147181, 0.693147181, 4.99999994e-17, 0.693147176, 3872, 6.0546019e-39, 500000, 0, NaN, Inf, 0],
            [0.5, 0.5, 9.99999994e-09, 0.499999998, 88, 6.0546019e-39, 1000, 0]),
        ["swish"] = (
            [0, 0, 4.99999999e-09, -4.99999994e-09, 88, -5.32804967e-37, 1000, 0, NaN, Inf, NaN],
            [0.5, 0.5, 0.500000005, 0.499999995, 1, -5.26750365e-37, 1, 0]),
        ["tanh"] = ([0, 0, 9.99999994e-09, -9.99999994e-09, 1, -1, 1, -1, NaN, 1, -1], [1, 1, 1, 1, 0, 0, 0, 0]),
        ["tanhshrink"] = ([0, 0, 0, 0, 87, -87, 999, -999, NaN, Inf, -Inf], [0, 0, 1.11022302e-16, 1.11022302e-16, 1, 1, 1, 1]),
        ["threshold"] = ([0, 0, 9.99999994e-09, 0, 88, 0, 1000, 0, NaN, Inf, 0], [0, 0, 1, 0, 1, 0, 1, 0]),
    };

    /// <summary>−2, −1, −1/2, 0, 1/2, 1 and 2.</summary>
    private static readonly float[] GoldenOperands = [-2, -1, -0.5f, 0, 0.5f, 1, 2];

    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Create, double[] Values)> Golden = new()
    {
        ["sigmoid"] = (() => new Sigmoid(), [0.119203, 0.268941, 0.377541, 0.500000, 0.622459, 0.731059, 0.880797]),
        ["tanh"] = (() => new Tanh(), [-0.964028, -0.761594, -0.462117, 0.000000, 0.462117, 0.761594, 0.964028]),
        ["relu"] = (() => new ReLU(), [0, 0, 0, 0, 0.5, 1, 2]),
        ["leaky relu"] = (() => new LeakyReLU(), [-0.020000, -0.010000, -0.005000, 0, 0.5, 1, 2]),
        ["prelu"] = (() => new PReLU(), [-0.500000, -0.250000, -0.125000, 0, 0.5, 1, 2]),
        ["elu"] = (() => new ELU(), [-0.864665, -0.632121, -0.393469, 0, 0.5, 1, 2]),
        ["selu"] = (() => new SELU(), [-1.520166, -1.111331, -0.691758, 0, 0.525350, 1.050701, 2.101402]),
        ["gelu with tanh"] = (() => new TanhGELU(), [-0.045402, -0.158808, -0.154286, 0, 0.345714, 0.841192, 1.954598]),
        ["gelu"] = (() => new GELU(), [-0.045500, -0.158655, -0.154269, 0, 0.345731, 0.841345, 1.954500]),
        ["swish"] = (() => new Swish(), [-0.238406, -0.268941, -0.188770, 0, 0.311230, 0.731059, 1.761594]),
        ["silu"] = (() => new SiLU(), [-0.238406, -0.268941, -0.188770, 0, 0.311230, 0.731059, 1.761594]),
        ["swish of 2"] = (() => new Swish(2), [-0.035972, -0.119203, -0.134471, 0, 0.365529, 0.880797, 1.964028]),
        ["mish"] = (() => new Mish(), [-0.252501, -0.303401, -0.220744, 0, 0.375245, 0.865098, 1.943959]),
        ["softplus"] = (() => new Softplus(), [0.126928, 0.313262, 0.474077, 0.693147, 0.974077, 1.313262, 2.126928]),
        ["snake"] = (() => new Snake(), [-1.173178, -0.291927, -0.270151, 0, 0.729849, 1.708073, 2.826822]),
        ["unscaled snake"] = (() => new UnscaledSnake(), [-1.173178, -0.291927, -0.270151, 0, 0.729849, 1.708073, 2.826822]),
        ["scaled tanh"] = (() => new ScaledTanh(), [-1.492939, -0.999997, -0.551684, 0, 0.551684, 0.999997, 1.492939]),
        ["square and softplus"] = (() => new SquareSoftplus(), [0.126928, 0.313262, 0.474077, 0.693147, 0.125, 0.5, 2]),
        ["quantized clip"] = (() => new QuantizedClip(), [-1, -1, -0.5, 0, 0.5, 0.996094, 0.996094]),
        ["piecewise linear tanh"] = (() => new PiecewiseLinearTanh(), [-1, -1, -0.5, 0, 0.5, 1, 1]),
        ["trainable swish of features"] = (
            () => TrainableSwish.PerFeature(7), [-0.047681, -0.053788, -0.037754, 0, 0.062246, 0.146212, 0.352319]),
        ["trainable swish"] = (() => new TrainableSwish(), [-0.119203, -0.134471, -0.094385, 0, 0.155615, 0.365529, 0.880797]),
        ["mix"] = (
            () => new ActivationMix(new ReLU(), new Tanh(), new Sigmoid()),
            [-0.844825, -0.492653, -0.084576, 0.5, 1.584576, 2.492653, 3.844825]),
        ["mix that starts as identity"] = (
            () => ActivationMix.StartingAsIdentity(new ReLU(), new Tanh(), new Sigmoid()), [-2, -1, -0.5, 0, 0.5, 1, 2]),
        ["parametric sine"] = (() => new ParametricSine(), [-2.909297, -1.841471, -0.979426, 0, 0.979426, 1.841471, 2.909297]),
    };

    /// <summary>Other settings than those that a name gives.</summary>
    private static readonly Dictionary<string, Func<Module<Tensor, Tensor>>> Settings = new()
    {
        ["leaky relu"] = () => new LeakyReLU(0.3f),
        ["prelu of channels"] = () => new PReLU(4, -0.4f),
        ["rrelu in evaluation"] = () => Evaluating(new RReLU(0.1f, 0.7f)),
        ["elu"] = () => new ELU(1.7f),
        ["celu"] = () => new CELU(0.6f),
        ["swish"] = () => new Swish(-1.2f),
        ["softplus"] = () => new Softplus(2.5f, 1.1f),
        ["hard tanh"] = () => new HardTanh(-0.3f, 1.4f),
        ["threshold"] = () => new Threshold(0.4f, -3),
        ["glu"] = () => new GLU(0),
        ["reglu"] = () => new ReGLU(1),
        ["geglu"] = () => new GEGLU(0),
        ["swiglu"] = () => new SwiGLU(0),
        ["gaussian glu"] = () => new GaussianGLU(0.3f, 0.6f, axis: 1),
        ["softmax"] = () => new Softmax(0, 0.6f),
        ["log softmax"] = () => new LogSoftmax(0, 1.6f),
        ["softmin"] = () => new Softmin(0),
        ["snake"] = () => new Snake(0.4f),
        ["unscaled snake"] = () => new UnscaledSnake(1.8f),
        ["scaled tanh"] = () => new ScaledTanh(-0.4f, 3),
        ["parametric sine"] = () => new ParametricSine(-0.5f, 0.7f, 2),
        ["trainable swish of features"] = () => TrainableSwish.PerFeature(4, -0.6f, 1.4f),
        ["square and softplus"] = () => new SquareSoftplus(-0.4f, 1.7f),
        ["mix"] = () => new ActivationMix([new Mish(), new ParametricSine(), new Softmax()], [0.4f, -1.2f, 2], bias: 0.3f),
        ["decaying tanh"] = () => new DecayTanh { Time = 7 },
        ["lambda"] = () => new Lambda(x => (x * x).Tanh()),
    };

    public static TheoryData<string> Names => [.. Activation.Names];

    public static TheoryData<string> GoldenNames => [.. Golden.Keys];

    public static TheoryData<string> SettingNames => [.. Settings.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_gradients_of_an_activation_and_of_what_it_learns_are_right(string name)
    {
        if (!StraightThrough.Contains(name))
        {
            GradCheck.Verify(Activation.FromName(name), Tensor.Normal([6, 4], new RandomStream(1)));
        }
    }

    [Theory, MemberData(nameof(SettingNames))]
    public void The_gradients_are_right_with_other_settings(string name) =>
        GradCheck.Verify(Settings[name](), Tensor.Normal([6, 4], new RandomStream(3)));

    [Theory, MemberData(nameof(Names))]
    public void Special_values_and_their_gradients_are_those_of_PyTorch(string name)
    {
        if (WithoutSpecials.Contains(name))
        {
            return;
        }

        var (values, gradients) = Specials[name];
        foreach (var device in new Device[] { Device.Reference, Device.Cpu })
        {
            var activation = Activation.FromName(name);
            activation.To(device);
            Compare(values, activation.Forward(Tensor.From(SpecialOperands, device)), 1e-16, $"{name} on {device}");

            using var tape = Tape.Record();
            var x = new Parameter(Tensor.From(SpecialOperands.AsSpan(0, gradients.Length), device));
            tape.Backward(activation.Forward(x).Sum());
            Compare(gradients, x.Gradient!, 2.4e-7, $"the gradient of {name} on {device}");
        }

        static void Compare(double[] expected, Tensor actual, double tolerance, string what)
        {
            float[] numbers = actual.ToArray();
            Assert.Equal(expected.Length, numbers.Length);
            for (int i = 0; i < numbers.Length; i++)
            {
                Assert.True(
                    expected[i].Equals(numbers[i]) || Math.Abs(expected[i] - numbers[i]) <= tolerance + 1e-6 * Math.Abs(expected[i]),
                    $"{what} at {SpecialOperands[i]:R} is {numbers[i]:R}, should be {expected[i]:R}");
            }
        }
    }

    [Theory, MemberData(nameof(GoldenNames))]
    public void Values_are_the_golden_ones(string name)
    {
        var (create, expected) = Golden[name];
        Assert.All(
            create().Forward(Tensor.From(GoldenOperands)).ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Theory, MemberData(nameof(Names))]
    public void An_activation_keeps_the_shape_or_halves_its_last_axis(string name)
    {
        bool halves = name is "glu" or "gaussian_glu" or "reglu" or "geglu" or "swiglu";
        foreach (Shape shape in new Shape[] { [4], [2, 4], [3, 2, 6], [0, 4] })
        {
            var y = Activation.FromName(name).Forward(Tensor.Normal(shape, new RandomStream(5)));
            Assert.Equal(shape[-1] / (halves ? 2 : 1), y.Shape[-1]);
            Assert.Equal(shape.Length / (halves ? 2 : 1), y.Length);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void What_an_activation_learns_is_listed_and_updated(string name)
    {
        var activation = Activation.FromName(name);
        var parameters = activation.NamedParameters().ToArray();
        string expected = name switch
        {
            "prelu" => "weight",
            "param_swish" or "square_softplus" => "alpha beta",
            "linear_sin" => "a b c",
            "activation_mix" => "a0 a1 a2 a3 b0",
            _ => "",
        };
        Assert.Equal(expected, string.Join(' ', parameters.Select(named => named.Name)));

        if (parameters.Length > 0)
        {
            float[][] before = [.. parameters.Select(named => named.Parameter.ToArray())];
            var optimizer = new SGD(activation.Parameters(), learningRate: 0.1f);
            using var tape = Tape.Record();
            tape.Backward(activation.Forward(Tensor.Normal([8, 4], new RandomStream(6))).Square().Sum());
            optimizer.Step();
            Assert.All(parameters.Zip(before), pair => Assert.NotEqual(pair.Second, pair.First.Parameter.ToArray()));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void An_activation_says_what_it_is(string name) =>
        Assert.Matches(@"^[A-Z]\w*\(.*\)$|^[A-Z]\w+$", Activation.FromName(name).Describe());

    private static Module<Tensor, Tensor> Evaluating(Module<Tensor, Tensor> module)
    {
        module.Evaluate();
        return module;
    }
}
