using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// A number as an operand is what a scalar is: values and gradients have the same bits, on every width and the reference device.
/// </summary>
public class NumberOperandTests
{
    private static readonly float[] Elements =
        [0, -0f, 1, -1, 2, -2.5f, 1e-40f, 3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f];

    private static readonly Dictionary<string, (Func<Tensor, float, Tensor> WithNumber, Func<Tensor, Tensor, Tensor> WithScalar)> Kinds =
        new()
        {
            ["IsLess"] = ((x, number) => x.IsLess(number), (x, scalar) => x.IsLess(scalar)),
            ["IsLessOrEqual"] = ((x, number) => x.IsLessOrEqual(number), (x, scalar) => x.IsLessOrEqual(scalar)),
            ["IsGreater"] = ((x, number) => x.IsGreater(number), (x, scalar) => x.IsGreater(scalar)),
            ["IsGreaterOrEqual"] = ((x, number) => x.IsGreaterOrEqual(number), (x, scalar) => x.IsGreaterOrEqual(scalar)),
            ["IsEqual"] = ((x, number) => x.IsEqual(number), (x, scalar) => x.IsEqual(scalar)),
            ["IsNotEqual"] = ((x, number) => x.IsNotEqual(number), (x, scalar) => x.IsNotEqual(scalar)),
            ["Maximum"] = ((x, number) => x.Maximum(number), (x, scalar) => x.Maximum(scalar)),
            ["Minimum"] = ((x, number) => x.Minimum(number), (x, scalar) => x.Minimum(scalar)),
            ["Pow"] = ((x, number) => number.Pow(x), (x, scalar) => scalar.Pow(x)),
            ["Where, the first"] = ((x, number) => Tensor.Where(x, number, x), (x, scalar) => Tensor.Where(x, scalar, x)),
            ["Where, the second"] = ((x, number) => Tensor.Where(x, x, number), (x, scalar) => Tensor.Where(x, x, scalar)),
        };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_number_is_a_scalar(string name)
    {
        var (withNumber, withScalar) = Kinds[name];
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            foreach (float number in Elements)
            {
                foreach (Shape shape in new Shape[] { [12], [3, 4], [] })
                {
                    float[] elements = Elements[..shape.Length];
                    AssertSame(
                        Run(elements, shape, device, x => withScalar(x, Tensor.FromScalar(number, device))),
                        Run(elements, shape, device, x => withNumber(x, number)),
                        $"{name} with {number} on {device}, shape {shape}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_and_views_are_operands_too(string name)
    {
        var (withNumber, withScalar) = Kinds[name];
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            Assert.Equal([0, 3], withNumber(Tensor.Zeros([0, 3], device), 1).Shape.Sizes.ToArray());
            var view = Tensor.From(Elements, [3, 4], device).Transpose().Slice(0, 1, null, 2).Expand(2, 2, 3);
            AssertSame(
                [withScalar(view, Tensor.FromScalar(0.5f, device)).ToArray()], [withNumber(view, 0.5f).ToArray()], $"{name} of a view");
        }
    }

    [Fact]
    public void Numbers_compare_as_PyTorch_does()
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var x = Tensor.From([-1, 0, 2, float.NaN], device);
            Assert.Equal([0, 0, 1, 0], x.IsGreater(0).ToArray());
            Assert.Equal([1, 1, 0, 0], x.IsLessOrEqual(0).ToArray());
            Assert.Equal([1, 1, 1, 1], x.IsNotEqual(float.NaN).ToArray());
            Assert.Equal([0, 0, 2, float.NaN], x.Maximum(0).ToArray());
            Assert.Equal([-1, 0, 0, float.NaN], x.Minimum(0).ToArray());
            Assert.Equal([0.5f, 1, 4, float.NaN], 2f.Pow(x).ToArray());
            Assert.Equal([0, 0, 2, 0], Tensor.Where(x.IsGreater(0), x, 0).ToArray());
        }
    }

    private static float[][] Run(float[] elements, Shape shape, Device device, Func<Tensor, Tensor> function)
    {
        var x = new Parameter(Tensor.From(elements, shape, device));
        using var tape = Tape.Record();
        var y = function(x);
        if (y.HasHistory)
        {
            tape.Backward(y, Tensor.Full(y.Shape, -1.5f, device));
        }

        return [y.ToArray(), x.Gradient?.ToArray() ?? []];
    }

    private static void AssertSame(float[][] expected, float[][] actual, string what)
    {
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.True(one.SequenceEqual(other), $"{what}: {string.Join(" ", other)}, should be {string.Join(" ", one)}");
        }
    }
}
