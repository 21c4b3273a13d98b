using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>What each layer, activation and loss computes and refuses.</summary>
public class LayerTests
{
    [Fact]
    public void Dense_is_x_times_W_plus_b_over_the_last_axis()
    {
        var dense = new Dense(2, 3);
        dense.Weight.CopyFrom([1, 2, 3, 4, 5, 6]);
        dense.Bias!.CopyFrom([0.5f, -0.5f, 1]);
        Assert.Equal([9.5f, 11.5f, 16], dense.Forward(Tensor.From([1, 2])).ToArray());
        Assert.Equal([1, 2, 3], dense.Forward(Tensor.Ones([1, 2, 2])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Dense_starts_uniform_in_one_over_the_root_of_the_fan_in()
    {
        var dense = new Dense(100, 200, random: new RandomStream(1));
        foreach (float[] values in new[] { dense.Weight.ToArray(), dense.Bias!.ToArray() })
        {
            Assert.All(values, value => Assert.InRange(value, -0.1f, 0.1f));
            Assert.Equal(0, values.Average(), 0.02);
            // The variance of a uniform number in ±a is a² / 3.
            Assert.Equal(0.01 / 3, values.Average(value => value * value), 0.001);
        }
    }

    [Fact]
    public void Dense_refuses_sizes_that_are_not_positive()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(1, -1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights() =>
        Assert.Equal(new Dense(5, 7, random: new RandomStream(3)).Weight.ToArray(), new Dense(5, 7, random: new RandomStream(3)).Weight.ToArray());

    [Fact]
    public void Flatten_merges_the_axes_from_one_on() =>
        Assert.Equal([2, 12], new Flatten().Forward(Tensor.Ones([2, 3, 4])).Shape.Sizes.ToArray());

    [Fact]
    public void Flatten_of_a_vector_says_which_axis_is_missing() =>
        Refusal.Of<ShapeException>(() => new Flatten().Forward(Tensor.Ones([3])), "Flatten", "axis 1 of shape [3]", "in module Flatten()");

    [Fact]
    public void Dropout_keeps_the_mean_and_zeroes_the_given_share()
    {
        const int Count = 100_000;
        float[] y = new Dropout(0.3f, new RandomStream(1)).Forward(Tensor.Ones([Count])).ToArray();
        // Five standard deviations of a binomial share: 5 √(p (1 − p) / n) = 0.0073.
        Assert.Equal(0.3, y.Count(value => value == 0) / (double)Count, 0.0073);
        Assert.All(y.Where(value => value != 0), value => Assert.Equal(1 / 0.7f, value, 1e-6f));
        Assert.Equal(1, y.Average(), 0.011);
    }

    [Fact]
    public void Dropout_draws_another_mask_each_time_and_the_same_from_the_same_seed()
    {
        Dropout first = new(0.5f, new RandomStream(1)), second = new(0.5f, new RandomStream(1));
        var x = Tensor.Ones([100]);
        float[] one = first.Forward(x).ToArray(), two = first.Forward(x).ToArray();
        Assert.NotEqual(one, two);
        Assert.Equal(one, second.Forward(x).ToArray());
        Assert.Equal(two, second.Forward(x).ToArray());
    }

    [Fact]
    public void Dropout_passes_gradients_where_it_passed_values()
    {
        var p = new Parameter(Tensor.Ones([50]));
        using var tape = Tape.Record();
        var y = new Dropout(0.5f, new RandomStream(1)).Forward(p);
        tape.Backward(y.Sum());
        Assert.Equal(y.ToArray(), p.Gradient!.ToArray());
    }

    [Fact]
    public void In_evaluation_and_with_p_0_Dropout_gives_the_input_itself_and_draws_nothing()
    {
        var random = new RandomStream(1);
        Dropout evaluated = new(0.5f, random), zero = new(0, random);
        evaluated.Evaluate();
        var x = Tensor.Ones([4]);
        Assert.Same(x, evaluated.Forward(x));
        Assert.Same(x, zero.Forward(x));
        Assert.Equal(0ul, random.Position);
    }

    [Fact]
    public void Dropout_with_p_1_gives_zeros() => Assert.Equal([0, 0, 0], new Dropout(1).Forward(Tensor.From([1, -2, 3])).ToArray());

    [Theory]
    [InlineData(-0.5f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void Dropout_refuses_what_is_no_probability(float p) => Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(p));

    [Fact]
    public void Softmax_divides_by_the_temperature()
    {
        // torch.softmax(torch.tensor([1., 2., 4.]) / 2, 0)
        float[] y = new Softmax(temperature: 2).Forward(Tensor.From([1, 2, 4])).ToArray();
        float[] expected = [0.14024438f, 0.23122390f, 0.62853172f];
        Assert.All(y.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Softmax_refuses_a_temperature_that_is_not_positive(float temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Softmax(temperature: temperature));

    [Fact]
    public void Softmax_along_an_axis_that_is_not_there_names_the_module() =>
        Refusal.Of<ShapeException>(() => new Softmax(2).Forward(Tensor.Ones([2])), "Softmax", "axis 2 of shape [2]", "in module Softmax(axis 2)");

    [Fact]
    public void Activations_are_found_by_name_in_any_case()
    {
        Assert.Equal("relu sigmoid softmax tanh", string.Join(" ", Activation.Names.Intersect(["relu", "sigmoid", "softmax", "tanh"])));
        Assert.All(Activation.Names, name => Assert.NotNull(Activation.FromName(name)));
        Assert.IsType<ReLU>(Activation.FromName("ReLU"));
        Assert.NotSame(Activation.FromName("relu"), Activation.FromName("relu"));
    }

    [Fact]
    public void An_unknown_activation_lists_the_known_ones()
    {
        Refusal.Of<ArgumentException>(() => Activation.FromName("rely"), "'rely'", "relu, ", "tanh");
        Assert.Throws<ArgumentNullException>(() => Activation.FromName(null!));
    }

    [Fact]
    public void Activations_give_their_values()
    {
        var x = Tensor.From([-1, 0, 2]);
        Close([0, 0, 2], new ReLU().Forward(x));
        Close([0.26894142f, 0.5f, 0.88079708f], new Sigmoid().Forward(x));
        Close([-0.76159416f, 0, 0.96402758f], new Tanh().Forward(x));

        static void Close(float[] expected, Tensor actual) => Assert.All(actual.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void Layers_describe_themselves() => Assert.Equal(
        "Sequential(Dense(2 -> 3), Dense(3 -> 3, no bias), ReLU(), Sigmoid(), Tanh(), Softmax(axis -1), Dropout(0.25), Flatten())",
        new Sequential(new Dense(2, 3), new Dense(3, 3, bias: false), new ReLU(), new Sigmoid(), new Tanh(), new Softmax(), new Dropout(0.25f), new Flatten()).ToString());

    [Fact]
    public void Cross_entropy_is_the_mean_over_samples()
    {
        // torch.nn.functional.cross_entropy(logits, labels): 0.5 (ln(1 + e^-1 + e^-3) + ln 3)
        var logits = new Parameter(Tensor.From([2, 1, -1, 0, 0, 0], [2, 3]));
        using var tape = Tape.Record();
        var loss = new CrossEntropy().Forward(logits, IndexTensor.From(0, 2));
        Assert.Equal(0.5 * (Math.Log(1 + Math.Exp(-1) + Math.Exp(-3)) + Math.Log(3)), loss.Item(), 1e-6);
        tape.Backward(loss);
        double total = 1 + Math.Exp(-1) + Math.Exp(-3);
        double[] expected = [(1 / total - 1) / 2, Math.Exp(-1) / total / 2, Math.Exp(-3) / total / 2, 1 / 6.0, 1 / 6.0, -1 / 3.0];
        Assert.All(logits.Gradient!.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Cross_entropy_does_not_overflow() =>
        Assert.Equal(2000, new CrossEntropy().Forward(Tensor.From([1000, -1000], [1, 2]), IndexTensor.From(1)).Item());

    [Fact]
    public void Cross_entropy_refuses_what_does_not_belong_together()
    {
        var loss = new CrossEntropy();
        var logits = Tensor.Ones([2, 3]);
        Refusal.Of<ShapeException>(() => loss.Forward(logits, IndexTensor.From(0)), "CrossEntropy", "[2, 3]", "[1]");
        Refusal.Of<ShapeException>(() => loss.Forward(logits, IndexTensor.From([0, 1], [2, 1])), "[2, 1]");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Ones([3]), IndexTensor.From(0, 1, 2)), "[3]");
        Refusal.Of<TensorException>(() => loss.Forward(logits, IndexTensor.From(0, 3)), "label 3 with 3", "0 to 2");
        Refusal.Of<TensorException>(() => loss.Forward(logits, IndexTensor.From(-1, 0)), "label -1");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Zeros([0, 3]), IndexTensor.From()), "[0, 3]", "empty");
        Assert.Throws<ArgumentNullException>(() => loss.Forward(null!, IndexTensor.From(1)));
        Assert.Throws<ArgumentNullException>(() => loss.Forward(logits, null!));
    }

    [Fact]
    public void Mean_squared_error_is_the_mean_of_squares()
    {
        var p = new Parameter(Tensor.From([1, 2, 3, 4], [2, 2]));
        using var tape = Tape.Record();
        var loss = new MeanSquaredError().Forward(p, Tensor.From([1, 0, 0, 2], [2, 2]));
        Assert.Equal((0 + 4 + 9 + 4) / 4f, loss.Item());
        tape.Backward(loss);
        Assert.Equal([0, 1, 1.5f, 1], p.Gradient!.ToArray());
    }

    [Fact]
    public void Mean_squared_error_refuses_to_broadcast_and_the_mean_of_nothing()
    {
        var loss = new MeanSquaredError();
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Ones([4, 1]), Tensor.Ones([4])), "MeanSquaredError", "[4, 1]", "[4]", "broadcast");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Ones([4]), Tensor.FromScalar(1)), "[]");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Zeros([0]), Tensor.Zeros([0])), "[0]", "empty");
        Refusal.Of<TensorException>(() => loss.Forward(Tensor.Ones([2]), Tensor.Ones([2], Device.Reference)), "Subtract", "reference");
        Assert.Throws<ArgumentNullException>(() => loss.Forward(null!, Tensor.Ones([1])));
        Assert.Throws<ArgumentNullException>(() => loss.Forward(Tensor.Ones([1]), null!));
    }
}
