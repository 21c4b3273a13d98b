using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// Gradients that are floats though a part of what they are the product of is none: of the derivative and the incoming gradient, one may
/// be beyond the range of floats, or vanish. Values of float64 mathematics, of the rounded operands.
/// </summary>
public class GradientRangeTests
{
    [Theory]
    [InlineData(-7.224817e-21, 1.45e-10, -2.77788535e30)]
    [InlineData(3e25, 4e30, -4.44444456e-21)]
    [InlineData(2e-30, 3e-25, -7.5000001e34)]
    public void Of_a_reciprocal(double x, double gradient, double expected)
    {
        AssertGradients([expected], gradient, [x], operands => operands[0].Reciprocal());
        AssertGradients([expected], gradient, [x], operands => 1f / operands[0]);
    }

    [Theory]
    [InlineData(-1e30, 1e-20, 1e-35, 1.0000001e35)]
    [InlineData(1e-20, 1e25, 1e38, -1.00000002e-32)]
    [InlineData(1e-30, 1e20, 1e38, -9.99999931e-33)]
    [InlineData(1e-35, 1e-30, 1e10, -1.00000001e35)]
    [InlineData(3e30, -2e-10, 1e-20, -7.4999993e29)]
    [InlineData(5e8, 7e25, 1e20, -1.02040824e-23)]
    [InlineData(1e35, 3e30, 2e15, -2.22222244e-11)]
    public void Of_a_divisor(double a, double b, double gradient, double expected)
    {
        AssertGradients([expected], gradient, [b], operands => (float)a / operands[0]);
        AssertGradients([null, expected], gradient, [a, b], operands => operands[0] / operands[1]);
    }

    [Theory]
    [InlineData(1e-30, -0.5, 1e-20, -4.99999982e24, -0.000690775505)]
    [InlineData(1e-20, -2, 1e-30, -2.0000002e30, -4.6051705e11)]
    [InlineData(-1e-20, -2, 1e-30, 2.0000002e30, double.NaN)]
    [InlineData(-2e25, 3, 1e-30, 1.1999999e21, double.NaN)]
    [InlineData(1e-30, 3, 1e30, 3.00000006e-30, 0)]
    [InlineData(1e-12, 2.5, 1, 2.49999999e-18, -2.76310208e-29)]
    [InlineData(1e-30, -1, 1e-30, -9.99999997e29, -69.0775528)]
    [InlineData(4, 2, 3, 24, 66.5421293)]
    [InlineData(-3, 4, 1, -108, double.NaN)]
    [InlineData(1e-25, 1e-30, 1e-25, 1e-30, -5.75646284e-24)]
    [InlineData(1e30, 1e-30, 1e-38, 9.99999923e-99, 6.90775483e-37)]
    [InlineData(0.1, 2, 3e38, 6.0000001e37, -6.90775545e36)]
    [InlineData(-0.1, 2, 3e38, -6.0000001e37, double.NaN)]
    [InlineData(0.6, 4, 3e38, 2.59200031e38, -1.98609019e37)]
    [InlineData(1e-20, 4, 3e38, 1.19999989e-21, -1.38155088e-40)]
    [InlineData(10, -2, 3e38, -6.00000001e35, 6.90775529e36)]
    [InlineData(1.0000001, 1e9, 1e-35, 5.91471079e25, 7.05088513e9)]
    [InlineData(1.0000001, 1.2e7, 3e38, double.PositiveInfinity, 1.49518362e32)]
    [InlineData(1e9, 2.5, 1e-43, 7.86554832e-30, 6.51999395e-20)]
    public void Of_a_power(double a, double b, double gradient, double toA, double toB)
    {
        AssertGradients([toA], gradient, [a], operands => operands[0].Pow((float)b));
        AssertGradients([toA, toB], gradient, [a, b], operands => operands[0].Pow(operands[1]));
    }

    [Theory]
    [InlineData(1e-30, 1e-20, 4.99999983e-6, -4.99999982e24, 9.99999965e9)]
    [InlineData(1e-40, 1e-30, 5.00001349e-11, -5.00004044e29, 1.00000539e10)]
    [InlineData(1e30, 1e38, 4.9999998e22, -4.99999973e-8, 99999995.3)]
    public void Of_roots_and_logarithms(double x, double gradient, double ofRoot, double ofReciprocalRoot, double ofLogarithm)
    {
        AssertGradients([ofRoot], gradient, [x], operands => operands[0].Sqrt());
        AssertGradients([ofReciprocalRoot], gradient, [x], operands => operands[0].ReciprocalSqrt());
        AssertGradients([ofLogarithm], gradient, [x], operands => operands[0].Log());
    }

    [Theory]
    [InlineData(-6.2e19, -5.46e19, 6.66, 1, 0, 0, 0, 0)]
    [InlineData(-3e29, 1e10, 3, 1, 0, 0, 0, 0)]
    [InlineData(3e20, 1e-5, 1e-21, 1e-30, 1.72332754e15, 6.47779994e-36, 1.72332759e-10, 220012.485)]
    public void Of_a_swish_with_parameters(
        double x, double alpha, double beta, double gradient, double y, double toX, double toAlpha, double toBeta)
    {
        Tensor Swish(Tensor[] operands) => TrainableSwish.Compute(operands[0], operands[1], operands[2]);
        AssertGradients([toX, toAlpha, toBeta], gradient, [x, alpha, beta], Swish, y);
    }

    [Theory]
    [InlineData(6.6e29, 9.2e-24, 1e-30, 4.00751992e36, 1.21440001e-23, 4.35599973e29)]
    [InlineData(2e-25, 3e30, 1, 1.2e-19, 1199999.98, 0)]
    [InlineData(1e-30, 1e35, 1e10, 1.00000005e-25, 2.00000009e15, 0)]
    public void Of_a_square_softplus(double x, double alpha, double gradient, double y, double toX, double toAlpha)
    {
        Tensor Softplus(Tensor[] operands) => SquareSoftplus.Compute(operands[0], operands[1], operands[2]);
        AssertGradients([toX, toAlpha, 0], gradient, [x, alpha, 1], Softplus, y);
    }

    [Fact]
    public void Of_a_gate_that_is_shut() =>
        AssertGradients([0, 0], 1e10, [1e20, 1e35], operands => operands[0].Apply(operands[1], new GaussianGLUOp(0, 1)), 0);

    private static void AssertGradients(
        double?[] expected, double gradient, double[] operands, Func<Tensor[], Tensor> function, double? result = null)
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            Parameter[] parameters = [.. operands.Select(operand => new Parameter(Tensor.From([(float)operand], device)))];
            using var tape = Tape.Record();
            var y = function(parameters);
            tape.Backward(y, Tensor.From([(float)gradient], device));
            if (result is { } value)
            {
                AssertClose(value, y.Item(), $"result on {device}");
            }

            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] is { } right)
                {
                    AssertClose(right, parameters[i].Gradient!.Item(), $"gradient of operand {i} on {device}");
                }
            }
        }
    }

    private static void AssertClose(double expected, float actual, string what) => Assert.True(
        double.IsFinite(expected)
            ? Math.Abs(expected - actual) <= 5e-6 * Math.Abs(expected) + 1e-44
            : expected.Equals((double)actual),
        $"{what} is {actual:R}, should be {expected:R}");
}
