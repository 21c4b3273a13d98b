using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>What single activations promise beyond their values.</summary>
public class ActivationTests
{
    private static readonly float[] Grid = [.. Enumerable.Range(-4000, 8001).Select(i => i / 400f)];

    [Fact]
    public void Relu_cuts_off_below_zero()
    {
        var relu = new ReLU();
        Same([0, 0, 0, 1, 2], relu.Forward(Tensor.From(new float[,] { { -2, -1, 0, 1, 2 } })));
        Same([1, 2, 3, 4, 5], relu.Forward(Tensor.From([1, 2, 3, 4, 5])));
        Same([0, 2, 3, 0], relu.Forward(Tensor.From(new float[,] { { -1, 2 }, { 3, -4 } })));
        Same([1, 0, 3, 0, 2, 0], relu.Forward(Tensor.From(new float[,] { { 1, -2, 3 }, { -1, 2, -3 } })));
        Assert.Equal([2, 3], relu.Forward(Tensor.Ones([2, 3])).Shape);
        Assert.All(relu.Forward(Tensor.From(Grid)).ToArray(), y => Assert.True(y >= 0));
    }

    [Fact]
    public void Sigmoid_is_symmetric_and_does_not_overflow()
    {
        var sigmoid = new Sigmoid();
        Close([0.119, 0.269, 0.5, 0.731, 0.881], sigmoid.Forward(Tensor.From([-2, -1, 0, 1, 2])), 1e-3);
        Assert.All(sigmoid.Forward(Tensor.From([-2, -1, 0, 1, 2])).ToArray(), y => Assert.InRange(y, float.Epsilon, 1 - 1e-7f));
        Close([1, 1, 1], sigmoid.Forward(Tensor.From([1, 2, 3])) + sigmoid.Forward(Tensor.From([-1, -2, -3])), 1e-6);
        Assert.All(sigmoid.Forward(Tensor.From(new float[,] { { -100, 100 }, { -1000, 1000 } })).ToArray(), y => Assert.InRange(y, 0, 1));
    }

    [Fact]
    public void Tanh_is_odd_and_saturates()
    {
        var tanh = new Tanh();
        Close([-0.964, -0.762, 0, 0.762, 0.964], tanh.Forward(Tensor.From([-2, -1, 0, 1, 2])), 1e-3);
        Close([0, 0], tanh.Forward(Tensor.From([1.5f, 0])) + tanh.Forward(Tensor.From([-1.5f, 0])), 0);
        Close([-1, 1], tanh.Forward(Tensor.From([-100, 100])), 1e-6);
        Assert.Equal([2, 2], tanh.Forward(Tensor.Ones([2, 2])).Shape);
    }

    [Fact]
    public void Softmax_gives_probabilities()
    {
        var softmax = new Softmax();
        Close([0.09, 0.24, 0.67], softmax.Forward(Tensor.From([1, 2, 3])), 6e-3);
        Close([1 / 3.0, 1 / 3.0, 1 / 3.0], softmax.Forward(Tensor.From([5, 5, 5])), 1e-6);
        Close([1, 1, 1], softmax.Forward(Tensor.From(new float[,] { { 2, 1, 0.1f }, { 1, 3, 0.2f }, { 1000, 1001, 1002 } })).Sum(1), 1e-6);
        Close([0.09003057, 0.24472847, 0.66524096], softmax.Forward(Tensor.From([1000, 1001, 1002])), 1e-6);
        Assert.Equal(0, softmax.Forward(Tensor.Zeros([0, 3])).Length);
    }

    [Fact]
    public void Activations_chain()
    {
        var x = new ReLU().Forward(Tensor.From([-1, 0.5f, 2, -0.3f, 1])) * Tensor.From([0.5f, 0.3f, 0.8f, 0.2f, 0.7f]);
        Close([1], new Softmax().Forward(x).Sum().Reshape(1), 1e-6);
        Close([5, 11, 19], new ReLU().Forward(Tensor.From([1, 2, 3]) * Tensor.From([4, 5, 6])) + 1, 0);
    }

    [Theory]
    [InlineData(0.5f, new[] { 0.002139, 0.015808, 0.116808, 0.863104, 0.002139 })]
    [InlineData(1f, new[] { 0.031063, 0.084437, 0.229525, 0.623912, 0.031063 })]
    [InlineData(2f, new[] { 0.092177, 0.151974, 0.250563, 0.413109, 0.092177 })]
    public void A_temperature_sharpens_or_evens_out(float temperature, double[] expected)
    {
        var x = Tensor.From([1, 2, 3, 4, 1]);
        Close(expected, new Softmax(temperature: temperature).Forward(x), 1e-6);
        Close(expected, new LogSoftmax(temperature: temperature).Forward(x).Exp(), 1e-6);
        Close(expected, new Softmin().Forward(x * (-1 / temperature)), 1e-6);
        Close([0.190995, 0.070263, 0.028567, 0.519179, 0.190995], new Softmax().Forward(Tensor.From([2, 1, 0.1f, 3, 2])), 1e-6);
    }

    [Fact]
    public void A_clipped_sigmoid_equals_the_sigmoid() =>
        Same(
            new Sigmoid().Forward(Tensor.From([.. Grid, -1000, -600, 600, 1000])).ToArray(),
            new ClippedSigmoid().Forward(Tensor.From([.. Grid, -1000, -600, 600, 1000])));

    [Fact]
    public void An_approximate_tanh_errs_by_what_it_states()
    {
        double[] exact = Array.ConvertAll(Grid, x => Math.Tanh(x));
        Assert.InRange(WorstError(exact, new ApproximateTanh()), 9e-5, 9.7e-5);
        Assert.InRange(WorstError(exact, new PiecewiseLinearTanh()), 0.238, 0.2385);
        Same(new HardTanh().Forward(Tensor.From(Grid)).ToArray(), new PiecewiseLinearTanh().Forward(Tensor.From(Grid)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_quantized_sigmoid_has_so_many_levels_and_states_its_error(int bits)
    {
        int levels = 1 << bits;
        var quantized = new QuantizedSigmoid(bits);
        var y = quantized.Forward(Tensor.From(Grid));
        Assert.Equal(levels, y.ToArray().Distinct().Count());
        Assert.InRange(WorstError(Array.ConvertAll(Grid, x => 1 / (1 + Math.Exp(-x))), quantized), 0, 0.5 / (levels - 1) + 1e-7);
        Assert.Equal(y.ToArray(), Array.ConvertAll(quantized.ToBytes(y), level => level / (float)(levels - 1)));
    }

    [Fact]
    public void Levels_of_more_than_8_bits_are_no_bytes() =>
        Refusal.Of<InvalidOperationException>(() => new QuantizedSigmoid(9).ToBytes(Tensor.Ones([1])), "9 bits", "byte");

    [Fact]
    public void The_gradient_of_a_quantized_activation_passes_straight_through()
    {
        Same(Gradient(new Sigmoid(), Grid), Gradient(new QuantizedSigmoid(3), Grid), 1e-6f);
        Same([0, 1, 1, 1, 0], Gradient(new QuantizedClip(2), [-1.1f, -0.9f, 0.1f, 0.7f, 0.8f]), 0);
    }

    [Fact]
    public void A_randomized_slope_is_drawn_for_each_element_while_training()
    {
        float[] x = [.. Enumerable.Repeat(-1f, 500), .. Enumerable.Repeat(2f, 20)];
        var rrelu = new RReLU(0.1f, 0.5f, new RandomStream(8));
        var operand = new Parameter(Tensor.From(x));
        using var tape = Tape.Record();
        var y = rrelu.Forward(operand);
        tape.Backward(y.Sum());
        float[] slopes = y.ToArray()[..500];
        Assert.All(slopes, slope => Assert.InRange(-slope, 0.1f, 0.5f));
        Assert.InRange(-slopes.Average(), 0.27f, 0.33f);
        Assert.True(slopes.Distinct().Count() > 400);
        Assert.Equal([.. slopes.Select(slope => -slope), .. Enumerable.Repeat(1f, 20)], operand.Gradient!.ToArray());
        Assert.Equal(Enumerable.Repeat(2f, 20), y.ToArray()[500..]);
        Same(y.ToArray(), new RReLU(0.1f, 0.5f, new RandomStream(8)).Forward(Tensor.From(x)));

        rrelu.Evaluate();
        Close([-0.3, 2], rrelu.Forward(Tensor.From([-1, 2])), 1e-7);
    }

    [Fact]
    public void A_prelu_learns_a_slope_for_each_channel()
    {
        var prelu = new PReLU(2);
        using var tape = Tape.Record();
        var y = prelu.Forward(Tensor.From([-1, 2, -3, -4, 5, -6, -7, 8], [2, 2, 2]));
        tape.Backward(y.Sum());
        Same([-0.25f, 2, -0.75f, -1, 5, -1.5f, -1.75f, 8], y);
        Assert.Equal([-7, -14], prelu.Weight.Gradient!.ToArray());
        Refusal.Of<ShapeException>(() => prelu.Forward(Tensor.Ones([4, 3])), "2 slopes", "[4, 3]", "PReLU(2)");
        Refusal.Of<ShapeException>(() => prelu.Forward(Tensor.Ones([2])), "2 slopes");
        Assert.Equal(0, new PReLU().Forward(Tensor.FromScalar(-4)).Rank);
    }

    [Fact]
    public void The_gradients_of_a_trainable_swish_are_those_by_hand()
    {
        float[] x = [-1.5f, 0.3f, 2.2f];
        var swish = TrainableSwish.PerFeature(3, 0.2f, 1.3f);
        var operand = new Parameter(Tensor.From(x));
        using var tape = Tape.Record();
        tape.Backward(swish.Forward(operand).Sum());
        double[] s = Array.ConvertAll(x, v => 1 / (1 + Math.Exp(-1.3 * v)));
        Close([.. x.Zip(s, (v, p) => 0.2 * (p + v * 1.3 * p * (1 - p)))], operand.Gradient!, 1e-6);
        Close([.. x.Zip(s, (v, p) => v * p)], swish.Alpha.Gradient!, 1e-6);
        Close([.. x.Zip(s, (v, p) => 0.2 * v * v * p * (1 - p))], swish.Beta.Gradient!, 1e-6);
        Refusal.Of<ShapeException>(() => swish.Forward(Tensor.Ones([3, 2])), "[3, 2]", "3 features");
        Refusal.Of<ArgumentException>(() => new Sequential(new Dense(2, 4), TrainableSwish.PerFeature(3)), "expects 3 features", "gives 4");
    }

    [Fact]
    public void A_mix_is_of_any_activations_and_can_start_as_identity()
    {
        var mix = ActivationMix.StartingAsIdentity(new ReLU(), new PReLU());
        Same(Grid, mix.Forward(Tensor.From(Grid)));
        Assert.Equal("a0 a1 a2 b0 2.weight", string.Join(' ', mix.NamedParameters().Select(named => named.Name)));
        Assert.Equal([1, 0, 0, 0], mix.Weights.Append(mix.Bias).SelectMany(parameter => parameter.ToArray()));
        Assert.Equal("ActivationMix(Identity(), ReLU(), PReLU())", mix.Describe());
        Refusal.Of<ArgumentException>(() => new ActivationMix([new ReLU()], [1, 2], bias: 0), "1 activations with 2 weights");
        Refusal.Of<ArgumentException>(() => new ActivationMix(), "at least one");
        Refusal.Of<ShapeException>(() => new ActivationMix(new ReLU(), new GLU()).Forward(Tensor.Ones([3, 2])), "GLU", "[3, 1]", "[3, 2]");
    }

    [Fact]
    public void A_gated_unit_halves_its_axis_and_refuses_an_odd_one()
    {
        Assert.Equal([3, 2, 5], new GLU(1).Forward(Tensor.Ones([3, 4, 5])).Shape);
        Refusal.Of<ShapeException>(() => new GLU().Forward(Tensor.Ones([2, 5])), "odd length 5", "GLU(axis -1)");
        Refusal.Of<ShapeException>(() => new GaussianGLU().Forward(Tensor.Ones([3])), "odd length 3", "GaussianGLU");
        Refusal.Of<ShapeException>(() => new GLU().Forward(Tensor.FromScalar(1)), "GLU");
    }

    [Fact]
    public void A_decaying_tanh_fades_until_nothing_is_left()
    {
        var decaying = new DecayTanh { Time = 99 };
        Assert.InRange(decaying.Forward(Tensor.From([1])).Item(), 3.8e-5f, 3.9e-5f);
        decaying.Time = 1e5f;
        Same([0, 0], Gradient(decaying, [1, -2]), 0);
        decaying.Time = -800;
        foreach (float time in new[] { -1e4f, float.NaN, float.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => decaying.Time = time, "time", "decay 0.1");
        }

        Assert.Equal(-800, decaying.Time);
    }

    [Fact]
    public void A_number_is_an_alpha_for_all_and_never_a_number_of_features()
    {
        Assert.Equal(new TrainableSwish(2f).Forward(Tensor.Ones([3])).ToArray(), new TrainableSwish(2).Forward(Tensor.Ones([3])).ToArray());
        Assert.Equal([2], TrainableSwish.PerFeature(2).Alpha.Shape);
        Assert.Equal("TrainableSwish() TrainableSwish.PerFeature(2)", $"{new TrainableSwish(2)} {TrainableSwish.PerFeature(2)}");
    }

    [Fact]
    public void A_hard_sigmoid_has_its_slope_between_its_bounds_on_every_device()
    {
        float inside = MathF.BitDecrement(3);
        foreach (var device in new Device[] { Device.Cpu, Device.Reference })
        {
            var x = new Parameter(Tensor.From([-3, -inside, inside, 3, float.NaN], device));
            using var tape = Tape.Record();
            var y = new HardSigmoid().Forward(x);
            tape.Backward(y.Sum());
            Assert.Equal([0, 1 / 6f, 1 / 6f, 0, 0], x.Gradient!.ToArray());
            Assert.Equal((0, 1), (y[0], y[3]));
        }
    }

    [Fact]
    public void The_gradient_of_mish_is_0_far_below_and_nan_stays_nan()
    {
        foreach (var device in new Device[] { Device.Cpu, Device.Reference })
        {
            var x = new Parameter(Tensor.From([-3.4e38f, -2000, float.NaN], device));
            using var tape = Tape.Record();
            tape.Backward(new Mish().Forward(x).Sum());
            Assert.Equal([0, 0, float.NaN], x.Gradient!.ToArray());
        }
    }

    [Fact]
    public void A_lambda_is_a_module_of_its_own()
    {
        var model = new Sequential(new Dense(3, 4), new Lambda(x => x * x.Sigmoid(), "my silu"), new Lambda(x => x.Sum(1)));
        Assert.Equal("Sequential(Dense(3 -> 4), my silu(), Lambda())", model.Describe());
        Assert.Equal([5], model.Forward(Tensor.Ones([5, 3])).Shape);
        Assert.Throws<ArgumentNullException>(() => new Lambda(null!));
    }

    /// <summary>An angle of a finite number need not be a float. Values of float64 mathematics.</summary>
    [Theory]
    [InlineData(1, 3.4e38f, 3.4e38f, 0.5265954954320606, 0.5265954954320606)]
    [InlineData(1, -1.8e38f, -1.8e38f, 0.013215518041685193, 0.013215518041685193)]
    [InlineData(3, 2e38f, 2e38f, 0.01940740011228892, -1.9417777996631331)]
    [InlineData(3, -1e38f, -1e38f, 0.22667713575563642, -1.3199685927330909)]
    [InlineData(0.4f, 1e12f, 1e12f, 1.9903635465518317, 1.3961454245237594)]
    public void A_snake_is_finite_where_its_operand_is(float frequency, float x, float y, double slope, double unscaledSlope)
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            Check(new Snake(frequency), slope);
            Check(new UnscaledSnake(frequency), unscaledSlope);

            void Check(Module<Tensor, Tensor> snake, double expected)
            {
                var operand = new Parameter(Tensor.From([x], device));
                using var tape = Tape.Record();
                var result = snake.Forward(operand);
                tape.Backward(result);
                Assert.Equal(y, result.Item());
                Assert.Equal(expected, operand.Gradient!.Item(), 1e-6);
            }
        }
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Func<Module>[] wrong =
        [
            () => new LeakyReLU(float.NaN), () => new PReLU(0), () => new RReLU(float.NegativeInfinity, 1), () => new RReLU(0.5f, 0.4f),
            () => new ELU(float.PositiveInfinity),
            () => new CELU(0),
            () => new Swish(float.NaN), () => TrainableSwish.PerFeature(0), () => new Softplus(0), () => new Softplus(1, float.NaN),
            () => new HardTanh(1, -1),
            () => new HardShrink(-1), () => new SoftShrink(-1), () => new LogSoftmax(temperature: 0),
            () => new Snake(0), () => new Snake(1e-40f),
            () => new UnscaledSnake(float.NaN),
            () => new GaussianGLU(deviation: 0), () => new ScaledTanh(float.NaN), () => new DecayTanh(-1), () => new ClippedSigmoid(0),
            () => new QuantizedSigmoid(0), () => new QuantizedClip(17),
        ];
        Assert.All(wrong, create => Assert.Throws<ArgumentOutOfRangeException>(create));
    }

    [Fact]
    public void Activations_describe_their_settings() => Assert.Equal(
        "LeakyReLU(0.2) PReLU(3) RReLU(0.1, 0.3) ELU(2) Swish(1.5) Softplus(2, threshold 3) HardTanh(-2, 2) GLU(axis 1) "
        + "LogSoftmax(axis 0, temperature 2) QuantizedClip(4 bits) ReLU6()",
        string.Join(
            ' ',
            new LeakyReLU(0.2f),
            new PReLU(3),
            new RReLU(0.1f, 0.3f),
            new ELU(2),
            new Swish(1.5f),
            new Softplus(2, 3),
            new HardTanh(-2, 2),
            new GLU(1),
            new LogSoftmax(0, 2), new QuantizedClip(4), new ReLU6()));

    private static double WorstError(double[] exact, Module<Tensor, Tensor> module) =>
        module.Forward(Tensor.From(Grid)).ToArray().Zip(exact, (y, expected) => Math.Abs(y - expected)).Max();

    private static float[] Gradient(Module<Tensor, Tensor> module, float[] x)
    {
        var operand = new Parameter(Tensor.From(x));
        using var tape = Tape.Record();
        tape.Backward(module.Forward(operand).Sum());
        return operand.Gradient!.ToArray();
    }

    private static void Same(float[] expected, Tensor actual) => Assert.Equal(expected, actual.ToArray());

    private static void Same(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, tolerance));
    }

    private static void Close(double[] expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, tolerance));
    }
}
