using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>Every element-wise operation, from its row in <see cref="ElementwiseOpTable"/>.</summary>
public class ElementwiseOpTests
{
    public static TheoryData<int, string> UnaryOps => Rows(ElementwiseOpTable.Unary.Select(row => row.Type.Name));

    public static TheoryData<int, string> BinaryOps => Rows(ElementwiseOpTable.Binary.Select(row => row.Type.Name));

    [Theory]
    [InlineData(typeof(IUnaryOp))]
    [InlineData(typeof(IBinaryOp))]
    public void Every_operation_has_a_row(Type kind)
    {
        var rows = ElementwiseOpTable.Unary.Select(row => row.Type).Concat(ElementwiseOpTable.Binary.Select(row => row.Type)).ToHashSet();
        var operations = new[] { typeof(Tensor).Assembly, typeof(TinyNet.Autograd.Tape).Assembly, typeof(Module).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsValueType && !type.IsNestedPrivate && kind.IsAssignableFrom(type));
        Assert.Empty(operations.Where(type => !rows.Contains(type)).Select(type => $"{type.Name} needs a row in ElementwiseOpTable"));
    }

    [Theory, MemberData(nameof(UnaryOps))]
    public void Unary_values_are_right(int index, string name)
    {
        var row = ElementwiseOpTable.Unary[index];
        foreach (var (x, y) in row.Values)
        {
            AssertClose(y, row.InDouble(x), 1e-13, $"{name}({x:R}) in double");
            AssertClose(y, row.InScalar((float)x), 5e-7, $"{name}({x:R}) in float");
        }
    }

    [Theory, MemberData(nameof(BinaryOps))]
    public void Binary_values_are_right(int index, string name)
    {
        var row = ElementwiseOpTable.Binary[index];
        foreach (var (a, b, y) in row.Values)
        {
            AssertClose(y, row.InDouble(a, b), 1e-13, $"{name}({a:R}, {b:R}) in double");
            AssertClose(y, row.InScalar((float)a, (float)b), 5e-7, $"{name}({a:R}, {b:R}) in float");
        }
    }

    [Theory, MemberData(nameof(UnaryOps))]
    public void Unary_derivatives_equal_central_differences_and_read_only_what_they_name(int index, string name)
    {
        var row = ElementwiseOpTable.Unary[index];
        foreach (double x in row.SmoothOperands)
        {
            AssertClose(Difference(row.SlopeOf, x), row.Derivative(x), 1e-7, $"the derivative of {name} at {x:R}");
        }
    }

    [Theory, MemberData(nameof(BinaryOps))]
    public void Binary_gradients_equal_central_differences(int index, string name)
    {
        const double Gradient = -1.7;
        var row = ElementwiseOpTable.Binary[index];
        foreach (var (a, b) in row.SmoothOperands)
        {
            var (toA, toB) = row.Gradients(a, b, Gradient);
            AssertClose(Gradient * Difference(x => row.InDouble(x, b), a), toA, 1e-7, $"the gradient of {name} to a at ({a:R}, {b:R})");
            AssertClose(Gradient * Difference(x => row.InDouble(a, x), b), toB, 1e-7, $"the gradient of {name} to b at ({a:R}, {b:R})");
        }
    }

    [Theory, MemberData(nameof(UnaryOps))]
    public void Unary_special_values_are_those_of_PyTorch(int index, string name)
    {
        var row = ElementwiseOpTable.Unary[index];
        foreach (var (x, y) in UnaryRow.SpecialOperands.Zip(row.Specials))
        {
            AssertSpecial(y, row.InDouble(x), 1e-15, $"{name}({x:R}) in double");
            AssertSpecial(y, row.InScalar((float)x), 2e-7, $"{name}({x:R}) in float");
        }
    }

    [Theory, MemberData(nameof(BinaryOps))]
    public void Binary_special_values_are_those_of_PyTorch(int index, string name)
    {
        var row = ElementwiseOpTable.Binary[index];
        foreach (var ((a, b), y) in BinaryRow.SpecialOperands.Zip(row.Specials))
        {
            AssertSpecial(y, row.InDouble(a, b), 1e-15, $"{name}({a:R}, {b:R}) in double");
            AssertSpecial(y, row.InScalar((float)a, (float)b), 2e-7, $"{name}({a:R}, {b:R}) in float");
        }
    }

    [Theory, MemberData(nameof(UnaryOps))]
    public void Every_width_gives_the_bits_of_the_scalar_lane(int index, string name)
    {
        var row = ElementwiseOpTable.Unary[index];
        foreach (int bits in TestDevices.Widths)
        {
            var device = new CpuDevice(1, bits);
            for (int length = 0; length <= 2 * bits / 32 + 1; length++)
            {
                float[] x = Operands(length, 1), gradients = Operands(length, 2);
                var (values, slopes) = row.On(device, x, gradients);
                var (expectedValues, expectedSlopes) = row.InScalars(x, gradients);
                AssertSameBits(expectedValues, values, $"{name}, {bits} bits, values of {length}");
                AssertSameBits(expectedSlopes, slopes, $"{name}, {bits} bits, gradients of {length}");
            }
        }
    }

    [Theory, MemberData(nameof(BinaryOps))]
    public void Every_width_gives_the_bits_of_the_scalar_lane_for_two_operands(int index, string name)
    {
        var row = ElementwiseOpTable.Binary[index];
        foreach (int bits in TestDevices.Widths)
        {
            var device = new CpuDevice(1, bits);
            for (int length = 0; length <= 2 * bits / 32 + 1; length++)
            {
                float[] a = Operands(length, 1), b = Operands(length, 3), gradients = Operands(length, 2);
                foreach (var (actual, expected) in row.On(device, a, b, gradients).Zip(row.InScalars(a, b, gradients)))
                {
                    AssertSameBits(expected, actual, $"{name}, {bits} bits, {length} elements");
                }
            }
        }
    }

    private static TheoryData<int, string> Rows(IEnumerable<string> names)
    {
        var data = new TheoryData<int, string>();
        foreach (string name in names)
        {
            data.Add(data.Count, name);
        }

        return data;
    }

    private static double Difference(Func<double, double> f, double x)
    {
        double h = 1e-5 * Math.Max(1, Math.Abs(x));
        return (f(x + h) - f(x - h)) / (2 * h);
    }

    /// <summary>Numbers of both signs and some special ones.</summary>
    private static float[] Operands(int length, int seed)
    {
        var random = new Random(100 * length + seed);
        float[] specials = [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, 1e-40f, 1e30f];
        return
        [
            .. Enumerable.Range(0, length).Select(
                _ => random.Next(6) == 0 ? specials[random.Next(specials.Length)] : (float)(6 * random.NextDouble() - 3)),
        ];
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assert.True(
            Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what} is {actual:R}, should be {expected:R}");

    private static void AssertSpecial(double expected, double actual, double tolerance, string what) =>
        Assert.True(
            expected.Equals(actual) || expected == actual || Math.Abs(actual / expected - 1) <= tolerance,
            $"{what} is {actual:R}, should be {expected:R}");

    private static void AssertSameBits(float[] expected, float[] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                    || float.IsNaN(expected[i])
                    && float.IsNaN(actual[i]),
                $"{what}: element {i} is {actual[i]:R}, should be {expected[i]:R}");
        }

        Assert.Equal(expected.Length, actual.Length);
    }
}
