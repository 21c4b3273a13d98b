using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Norms and spreads of numbers whose squares are no floats, or that are close together and far from 0; gradients too.</summary>
public class ReductionEdgeTests
{
    // The values are those of mathematics, by float64 where digits matter. A power multiplies the rounding of what it is taken of by p.
    private static readonly Case[] Cases =
    [
        new("norm of one large", x => x.Norm(), [1e20f, 1, 1], 1e20, [1, 1e-20, 1e-20]),
        new("norm of small", x => x.Norm(), [1e-25f, 1e-25f], 1.414213562e-25, [0.7071067812, 0.7071067812]),
        new("norm of mixed signs", x => x.Norm(), [-3e30f, 4e30f, 0], 5e30, [-0.6, 0.8, 0]),
        new("norm of denormals", x => x.Norm(), [3e-40f, -4e-40f], 5e-40, [0.6, -0.8], 1e-4),
        new("norm of zeros", x => x.Norm(), [0, -0f], 0, [0, 0]),
        new("norm of an infinity", x => x.Norm(), [float.NegativeInfinity, 1], double.PositiveInfinity, [double.NaN, 0]),
        new("3-norm of large", x => x.Norm(3), [1e14f, 1], 1e14, [1, 1e-28]),
        new("3-norm of larger", x => x.Norm(3), [1e30f, -2e30f], 2.080083823e30, [0.2311204248, -0.9244816991]),
        new("3-norm of small", x => x.Norm(3), [1e-25f, 1e-25f], 1.259921050e-25, [0.6299605249, 0.6299605249]),
        new("3-norm of denormals", x => x.Norm(3), [1e-40f, 1e-40f], 1.259921050e-40, [0.6299605249, 0.6299605249], 1e-4),
        new("100-norm", x => x.Norm(100), [10, 5], 10, [1, 1.577721810e-30]),
        new("100-norm of large", x => x.Norm(100), [2e30f, -2e30f, 1], 2.013911100e30, [0.5034777750, -0.5034777750, 0], 1e-5),
        new("100-norm of small", x => x.Norm(100), [2e-30f, -2e-30f, 0], 2.013911100e-30, [0.5034777750, -0.5034777750, 0], 1e-5),
        new("100-norm of zeros", x => x.Norm(100), [0, 0], 0, [0, 0]),
        new("100-norm of an infinity", x => x.Norm(100), [float.PositiveInfinity, 1], double.PositiveInfinity, [double.NaN, 0]),
        new("100-norm of nan", x => x.Norm(100), [float.NaN, 1], double.NaN, [double.NaN, double.NaN]),
        new("1000-norm", x => x.Norm(1000), [-3, 3, 3], 3.003297648, [-0.3336997384, 0.3336997384, 0.3336997384], 1e-4),
        new("-1-norm", x => x.Norm(-1), [1e-30f, 1], 1e-30, [1, 1e-60]),
        new("-100-norm", x => x.Norm(-100), [10, 5], 5, [3.944304526e-31, 1]),
        new("-100-norm with a zero", x => x.Norm(-100), [10, 0], 0, [0, 0]),
        new("-100-norm of large", x => x.Norm(-100), [1e30f, 1e20f], 1e20, [0, 1]),
        new("-100-norm of infinities", x => x.Norm(-100), [float.PositiveInfinity, 2], 2, [0, 1]),
        new("1/2-norm", x => x.Norm(0.5), [1e-30f, 1e-30f], 4e-30, [2, 2]),
        new("1/2-norm of far apart", x => x.Norm(0.5), [1e-30f, 1e30f], 1e30, [1e30, 1]),
        new("1/100-norm", x => x.Norm(0.01), [1e-30f], 1e-30, [1], 1e-5),
        new("deviation of large", x => x.StandardDeviation(), [1e20f, 3e20f, 5e20f], 2e20, [-0.5, 0, 0.5]),
        new("deviation of small", x => x.StandardDeviation(), [1e-25f, 3e-25f], 1.414213562e-25, [-0.7071067812, 0.7071067812]),
        new("deviation of the largest", x => x.StandardDeviation(unbiased: false), [-3e38f, 3e38f], 3e38, [-0.5, 0.5]),
        new("deviation of far apart", x => x.StandardDeviation(unbiased: false), [-3e38f, -3e38f, -3e38f, 3e38f], 2.598076211e38,
            [-0.1443375673, -0.1443375673, -0.1443375673, 0.4330127019]),
        new("deviation of one far apart", x => x.StandardDeviation(), [3.4e38f, -1e38f, -1e38f, -1e38f, -1e38f], 1.967739821e38,
            [0.4472135955, -0.1118033989, -0.1118033989, -0.1118033989, -0.1118033989]),
        new("deviation of denormals", x => x.StandardDeviation(unbiased: false), [1e-40f, 3e-40f], 1e-40, [-0.5, 0.5]),
        // 0 and 101 units: neither the mean nor the deviation, 71.4, is a float.
        new("deviation of the smallest", x => x.StandardDeviation(), [0, 101 * float.Epsilon], 1.0007763e-43,
            [-0.7071067812, 0.7071067812]),
        new("deviation of opposites", x => x.StandardDeviation(unbiased: false), [1e32f, -1e32f, 1e-40f, 1e-40f], 7.071067665e31,
            [0.3535533906, -0.3535533906, 0, 0]),
        new("deviation of equals", x => x.StandardDeviation(), [1e20f, 1e20f], 0, [0, 0]),
        new("deviation of neighbors", x => x.StandardDeviation(), [16777216, 16777218], 1.414213562, [-0.7071067812, 0.7071067812]),
        new("variance of neighbors", x => x.Variance(), [16777216, 16777218], 2, [-2, 2]),
        new("variance of near ones", x => x.Variance(), [1e7f, 1e7f + 1, 1e7f + 2, 1e7f + 3], 1.666666667,
            [-1, -0.3333333333, 0.3333333333, 1]),
        new("variance of small", x => x.Variance(), [1e-18f, 3e-18f], 2e-36, [-2e-18, 2e-18]),
        new("variance of large", x => x.Variance(unbiased: false), [1e19f, 3e19f, 1e19f, 3e19f], 1e38, [-5e18, 5e18, -5e18, 5e18]),
        new("variance of nothing left", x => x.Variance(), [1], double.NaN, [double.NaN]),
        new("mean of the largest", x => x.Mean(), [3e38f, 3e38f, 3e38f], 3e38, [0.3333333333, 0.3333333333, 0.3333333333]),
        new("sum that returns", x => x.Sum(), [3e38f, 3e38f, -3e38f, -3e38f], 0, [1, 1, 1, 1]),
        new("product of large", x => x.Product(), [1e25f, -2e25f], double.NegativeInfinity, [-2e25, 1e25]),
        new("product of small", x => x.Product(), [1e-25f, -2e-25f], 0, [-2e-25, 1e-25]),
        new("product with a denormal", x => x.Product(), [-1e-44f, 1e37f], -1e37 * (double)1e-44f, [1e37, -(double)1e-44f]),
        new("product with a zero", x => x.Product(), [1e25f, 0, 1e-20f, -1e20f], 0, [0, -1e25, 0, 0]),
        new("product with zeros", x => x.Product(), [0, 1e30f, 0], 0, [0, 0, 0]),
        new("product of far apart", x => x.Product(), [1e30f, 1e30f, 1e-30f, -1e-30f], -1, [-1e-30, -1e-30, -1e30, 1e30]),
        new("log of a sum of zeros", x => x.LogSumExp(), [float.NegativeInfinity, float.NegativeInfinity], double.NegativeInfinity, [0, 0]),
        new("log of a sum of neighbors", x => x.LogSumExp(), [16777216, 16777218], 16777218.126928011, [0.11920292202, 0.88079707798]),
        new("log of a sum of large", x => x.LogSumExp(), [300, 308, 304], 308.018479413, [3.2932043896e-4, 0.98169039283, 0.01798028674]),
        new("log of a sum of the largest", x => x.LogSumExp(), [3e38f, 3e38f], 3e38, [0.5, 0.5]),
        new("log of nearly 1", x => x.LogSumExp(), [0, -15], 3.059022785e-7, [0.9999996941, 3.059022269e-7]),
        new("log of next to 1", x => x.LogSumExp(), [-50, 0, -60], 1.928837424e-22, [1.928749848e-22, 1, 8.756510763e-27]),
        new("log of a sum", x => x.LogSumExp(), [float.NegativeInfinity, 3e38f], 3e38, [0, 1]),
    ];

    public static TheoryData<int, string> All
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (int i = 0; i < Cases.Length; i++)
            {
                rows.Add(i, Cases[i].Name);
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Results_and_gradients_are_those_of_mathematics(int index, string name)
    {
        var @case = Cases[index];
        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            var x = new Parameter(Tensor.From(@case.X, device));
            using var tape = Tape.Record();
            var y = @case.Function(x);
            tape.Backward(y);
            Near(@case.Y, y.Item(), @case.Tolerance, $"{name} on {device}");
            for (int i = 0; i < @case.X.Length; i++)
            {
                Near(@case.Gradient[i], x.Gradient![i], @case.Tolerance, $"gradient {i} of {name} on {device}");
            }
        }
    }

    /// <summary>The gradient of a product of whole numbers is whole, and exactly that, with a zero too; of any row.</summary>
    [Fact]
    public void Gradients_of_products_of_whole_numbers_are_whole()
    {
        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            var x = new Parameter(Tensor.From([2, 3, 5, 7, 11, -2, 0, 5, 7, 11, 2, 0, 0, 7, 11, 2e30f, 1, 1e30f, -1, 1], [4, 5], device));
            using var tape = Tape.Record();
            tape.Backward(x.Product(1), Tensor.From([1, 3, 1, 1e-30f], device));
            float[] gradient = x.Gradient!.ToArray();
            Assert.Equal([1155, 770, 462, 330, 210, 0, -2310, 0, 0, 0, 0, 0, 0, 0, 0], gradient[..15]);
            double[] large = [-1, -2e30, -2, 2e30, -2e30];
            for (int i = 0; i < large.Length; i++)
            {
                Near(large[i], gradient[15 + i], 2e-6, $"gradient {i} on {device}");
            }
        }
    }

    /// <summary>Many rows, whose mean as a float may be further from the true one than the elements are from each other.</summary>
    [Fact]
    public void A_variance_of_many_near_each_other_is_that_of_their_differences()
    {
        float[] values = new float[40_000];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 10_000_000 + i / 2 % 4;
        }

        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            var x = Tensor.From(values, [20_000, 2], device);
            Assert.All(x.Variance(0, unbiased: false).ToArray(), variance => Near(1.25, variance, 1e-5, $"{device}"));
            Near(1.25, x.Variance(unbiased: false).Item(), 1e-5, $"{device}");
        }
    }

    [Fact]
    public void A_spread_beyond_the_largest_float_is_infinite()
    {
        foreach (var device in TestDevices.OfEachWidth())
        {
            var x = Tensor.From([3e38f, -1e38f, -1e38f, -1e38f, -1e38f, -1e38f, -1e38f, -1e38f, -1e38f, -1e38f], device);
            Assert.Equal(float.PositiveInfinity, x.Variance().Item());
            Assert.Equal(float.PositiveInfinity, Tensor.From([-3.4e38f, 3.4e38f], device).StandardDeviation().Item());
        }
    }

    private static void Near(double expected, double actual, double tolerance, string what)
    {
        // Below the smallest normal float, what is right to the last digit of a float is right.
        bool isNear = double.IsFinite(expected)
            ? Math.Abs(expected - actual) <= tolerance * Math.Abs(expected) + 1.5e-45
            : expected.Equals(actual);
        Assert.True(isNear, $"{what}: {actual}, should be {expected}");
    }

    private sealed record Case(
        string Name, Func<Tensor, Tensor> Function, float[] X, double Y, double[] Gradient, double Tolerance = 2e-6);
}
