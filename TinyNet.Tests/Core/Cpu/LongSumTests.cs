using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>
/// Sums of very many equal terms, whose roundings all go the same way: blocks are added in float, their totals in double precision.
/// Expected is what mathematics gives for the float nearest to 0.1.
/// </summary>
public partial class LongSumTests
{
    private const int Many = 1_000_000;
    private const double Tenth = 0.1f, Square = Tenth * Tenth;

    // What a chain of 256 equal terms may be wrong by is 8e-6.
    private const double Tolerance = 8e-6;

    public static TheoryData<int> Widths => TestDevices.WidthRows;

    [Theory, MemberData(nameof(Widths))]
    public void A_product_of_a_few_columns_keeps_its_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        AssertAll(Many * Square, Tenths(device, 8, Many).MatMul(Tenths(device, Many, 1)), 1e-6);
        AssertAll(Many * Square, Tenths(device, 1, Many).MatMul(Tenths(device, 3, Many).Transpose()), 1e-6);
        AssertAll(10_000 * Square, Tenths(device, 3, 10_000).MatMul(Tenths(device, 10_000, 2)), 1e-6);
    }

    [Fact]
    public void A_dot_product_of_2_25_terms_keeps_its_digits()
    {
        const int count = 1 << 25;
        var x = Tenths(new CpuDevice(2), 1).Expand(count);
        AssertAll(count * Square, x.MatMul(x), 1e-6);
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_deep_product_keeps_its_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        AssertAll(Many * Square, Tenths(device, 1, 1).Expand(16, Many).MatMul(Tenths(device, 1, 8).Expand(Many, 8)));
        AssertAll(Many * Square, Tenths(device, 1, Many).MatMul(Tenths(device, Many, 6)));
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_deep_product_of_a_batch_with_bias_adds_to_what_is_there(int bits)
    {
        // Deeper than one slice, and parts of C to the right and below the first.
        var device = TestDevices.Splitting(2, bits);
        var random = new RandomStream(2);
        foreach (var (batch, m, n) in new[] { (2, 3, 9), (1, 2, 515), (1, 514, 5) })
        {
            const int depth = 17_000;
            Tensor a = Tensor.Uniform([batch, m, depth], random, device: device),
                b = Tensor.Uniform([batch, depth, n], random, device: device);
            Tensor bias = Tensor.Uniform([n], random, device: device), sum = Tensor.Full([batch, m, n], 3, device);
            device.MatrixProduct(a, b, bias, accumulate: true, sum);
            var reference = Tensor.Full([batch, m, n], 3, Device.Reference);
            if (batch * m * n > 1000)
            {
                // The corners are enough.
                int[] rows = [0, m - 1], columns = [0, n - 1];
                Tensor Corners(Tensor x, int axis, int[] index) => x.IndexSelect(axis, IndexTensor.From(index));
                (a, b, bias) = (Corners(a, 1, rows), Corners(b, 2, columns), Corners(bias, 0, columns));
                (sum, reference) = (Corners(Corners(sum, 1, rows), 2, columns), Tensor.Full([batch, 2, 2], 3, Device.Reference));
            }

            Device.Reference.MatrixProduct(
                a.Keep(Device.Reference), b.Keep(Device.Reference), bias.Keep(Device.Reference), accumulate: true, reference);
            Assert.All(
                sum.ToArray().Zip(reference.ToArray()), pair => Assert.Equal(1, pair.First / (double)pair.Second, 1e-6));
        }
    }

    [Fact]
    public void A_deep_product_has_the_same_bits_for_any_number_of_threads()
    {
        float[][] results = [.. TestDevices.OfEachThreadCount().Select(device =>
        {
            var random = new RandomStream(4);
            Tensor left = Tensor.Normal([20, 40_000], random, device: device), right = Tensor.Normal([40_000, 30], random, device: device);
            return left.MatMul(right).ToArray();
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Theory, MemberData(nameof(Widths))]
    public void The_gradient_of_a_weight_over_a_large_batch_keeps_its_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        var weight = new Parameter(Tenths(device, 5, 6));
        using var tape = Tape.Record();
        var y = Tenths(device, 200_000, 5).MatMul(weight);
        tape.Backward(y, Tenths(device, 200_000, 6));
        AssertAll(200_000 * Square, weight.Gradient!);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Softmax_of_a_long_row_sums_to_1(int bits)
    {
        const int columns = 262_144 + 3;
        var device = TestDevices.Splitting(2, bits);
        // Equal columns, and such whose exponentials are no power of 2.
        Tensor row = Tenths(device, 1, columns), other = Raised(row);
        AssertAll(1.0 / columns, row.Softmax(), 1e-6);
        AssertAll(-Math.Log(columns), row.LogSoftmax(), 1e-6);
        AssertAll(Math.Log(columns), row.CrossEntropy(IndexTensor.From(7)), 1e-6);
        double raised = 1 / (1 + (columns - 1) * Math.Exp(-Tenth));
        AssertAll(raised, other.Softmax().Slice(1, 0, 1));
        Assert.Equal(1, other.Softmax().ToArray().Sum(x => (double)x), Tolerance);
        AssertAll(Math.Log(raised), other.LogSoftmax().Slice(1, 0, 1), 2e-6);
        AssertAll(-Math.Log(raised), other.CrossEntropy(IndexTensor.From(0)), 2e-6);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Gradients_of_softmax_of_a_long_row_keep_their_digits(int bits)
    {
        const int columns = 262_144 + 3;
        var device = TestDevices.Splitting(2, bits);
        // The gradient is 0.1 but for the first, 0.2: y (g − Σ g y) is y (0.2 − 0.1) (1 − y) there, and −y y (0.2 − 0.1) elsewhere.
        var gradient = Raised(Tenths(device, 1, columns));
        double y = 1.0 / columns, more = (Tenth + Tenth) - Tenth;
        AssertAll(y * more * (1 - y), Gradient(x => x.Softmax()).Slice(1, 0, 1), 2e-5);
        double other = Tenth - y * (columns * Tenth + more);
        Assert.All(
            Gradient(x => x.LogSoftmax()).Slice(1, 1, columns).ToArray(), value => Assert.Equal(other, value, Tolerance * Tenth));

        Tensor Gradient(Func<Tensor, Tensor> f)
        {
            var x = new Parameter(Tenths(device, 1, columns));
            using var tape = Tape.Record();
            tape.Backward(f(x), gradient);
            return x.Gradient!;
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Attention_over_a_million_keys_keeps_its_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        Tensor query = Tenths(device, 1, 1), keys = query.Expand(Many, 1);
        AssertAll(Tenth, query.Attention(keys, keys));
        AssertAll(Tenth, query.AttentionWithWeights(keys, keys).Output);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Gradients_of_attention_over_many_queries_keep_their_digits(int bits)
    {
        const int queries = 300_000;
        var device = TestDevices.Splitting(2, bits);
        Parameter key = new(Tensor.From([0, 0], [2, 1], device)), value = new(Tensor.From([1, 2], [2, 1], device));
        using var tape = Tape.Record();
        var y = Tenths(device, 1, 1).Expand(queries, 1).Attention(key, value, scale: 1);
        tape.Backward(y, Tenths(device, queries, 1));
        AssertAll(queries * Tenth / 2, value.Gradient!);
        // With weights 1/2: ∂L/∂k = Σ q · 1/2 · g · (v − 3/2).
        float[] gradient = key.Gradient!.ToArray();
        Assert.Equal(-1, gradient[0] / (queries * Square / 4), Tolerance);
        Assert.Equal(1, gradient[1] / (queries * Square / 4), Tolerance);
    }

    [Fact]
    public void What_is_added_to_one_element_very_often_keeps_its_digits()
    {
        const int count = 100_000;
        foreach (var device in TestDevices.OfEachThreadCount())
        {
            // Index 1 comes once, 2 three times, 0 as often as there is room for.
            int[] values = new int[count];
            (values[5], values[77], values[78], values[99]) = (1, 2, 2, 2);
            double[] expected = [(count - 4) * Tenth, Tenth, 3 * Tenth, 0];
            IndexTensor index = IndexTensor.From(values),
                pairs = IndexTensor.From([.. values.SelectMany(k => new[] { k, k })], [count, 2]);
            Tensor terms = Tenths(device, 1, 1).Expand(count, 2);
            Assert.All(
                new[]
                {
                    Added(parameter => parameter.IndexSelect(0, index)),
                    Added(parameter => parameter.Embed(index)),
                    Added(parameter => parameter.Gather(0, pairs)),
                    Added(parameter => parameter.Transpose().IndexSelect(1, index).Transpose()),
                    Tensor.Zeros([4, 2], device).ScatterAdd(0, pairs, terms),
                },
                sums =>
                {
                    for (int k = 0; k < 4; k++)
                    {
                        Assert.Equal(expected[k], sums.ToArray()[2 * k + 1], Tolerance * expected[k]);
                    }
                });

            Tensor Added(Func<Parameter, Tensor> take)
            {
                var parameter = new Parameter(Tensor.Zeros([4, 2], device));
                using var tape = Tape.Record();
                tape.Backward(take(parameter), Tenths(device, 1, 1).Expand(count, 2));
                return parameter.Gradient!;
            }
        }
    }

    [Fact]
    public void Indices_that_are_often_repeated_add_to_what_is_there_like_the_reference()
    {
        var device = TestDevices.Splitting(2);
        var random = new RandomStream(8);
        var index = IndexTensor.From([.. Enumerable.Range(0, 3000).Select(i => i % 3 == 0 ? 4 : random.Next(9))]);
        Tensor source = Tensor.Uniform([2, 3000, 5], random, device: device), to = Tensor.Uniform([2, 9, 5], random, device: device);
        var expected = to.Keep(Device.Reference);
        device.IndexAdd(source, 1, index, to);
        Device.Reference.IndexAdd(source.Keep(Device.Reference), 1, index, expected);
        Assert.All(to.ToArray().Zip(expected.ToArray()), pair => Assert.Equal(1, pair.First / (double)pair.Second, 1e-6));
    }

    [Theory, MemberData(nameof(Widths))]
    public void The_gradients_of_a_normalization_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        Check(new LayerNorm(2), [Many / 10, 2], Many / 10);
        Check(new BatchNorm1d(2), [Many / 10, 2], Many / 10);
        Check(new GroupNorm(1, 2), [1, 2, 300, 300], 90_000);

        void Check<TModule>(TModule norm, Shape shape, int terms) where TModule : Module<Tensor, Tensor>
        {
            norm.To(device);
            using var tape = Tape.Record();
            tape.Backward(norm.Forward(Tensor.Uniform(shape, new RandomStream(3), device: device)), Tensor.Full(shape, 0.1f, device));
            AssertAll(terms * Tenth, norm.Parameters()[^1].Gradient!, 4e-6);
        }
    }

    private static Tensor GradientOf(Tensor start, Func<Tensor, Tensor> function)
    {
        var x = new Parameter(start);
        using var tape = Tape.Record();
        var y = function(x);
        tape.Backward(y, Tenths(start.Device, y.Shape.Sizes));
        return x.Gradient!;
    }

    private static Tensor Tenths(Device device, params ReadOnlySpan<int> sizes) => Tensor.Full(new Shape(sizes), 0.1f, device);

    /// <summary>The same, its first element 0.1 more.</summary>
    private static Tensor Raised(Tensor x)
    {
        float[] values = x.ToArray();
        values[0] += 0.1f;
        return Tensor.From(values, x.Shape, x.Device);
    }

    private static void AssertAll(double expected, Tensor actual, double tolerance = Tolerance) =>
        Assert.All(actual.ToArray(), value => Assert.InRange(Math.Abs(value / expected - 1), 0, tolerance));
}
