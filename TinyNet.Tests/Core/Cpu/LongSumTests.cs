using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>
/// Sums of very many equal terms, whose roundings all go the same way: blocks are added in float, their totals in double precision.
/// Expected is what mathematics gives for the float nearest to 0.1.
/// </summary>
public class LongSumTests
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
            return Tensor.Normal([20, 40_000], random, device: device).MatMul(Tensor.Normal([40_000, 30], random, device: device)).ToArray();
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
