using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Softmax and cross-entropy.</summary>
public partial class DeviceParityTests
{
    [Theory, MemberData(nameof(Devices))]
    public void Softmax_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(8) == 0 ? [3, 2, 1 + random.Next(900)] : AnyShape(random, minimumRank: 1);
        int axis = random.Next(3) == 0 ? random.Next(shape.Rank) : shape.Rank - 1;
        bool logarithm = random.Next(2) == 0;
        var y = make(shape, DestinationForm(random));
        var x = random.Next(3) == 0 ? y : make(shape, AnyForm(random));
        Both(device, on => on.Softmax(x.On(on), axis, logarithm, y.On(on)));
        y.AssertAgree(Tolerance, "softmax");

        var g = make(shape, DestinationForm(random));
        var output = make(shape, AnyForm(random));
        var to = random.Next(3) switch { 0 => g, 1 => y, _ => make(shape, DestinationForm(random)) };
        var operand = to == y ? y : output;
        Both(device, on => on.SoftmaxGradient(operand.On(on), g.On(on), axis, logarithm, to.On(on)));
        to.AssertAgree(5 * Tolerance, "softmax gradient");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Cross_entropy_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        int count = random.Next(20), classes = 1 + random.Next(40);
        var labels = AnyIndex(random, [count], classes);
        var (logProbabilities, losses) = (make([count, classes], DestinationForm(random)), make([count], DestinationForm(random)));
        var logits = random.Next(3) == 0 ? logProbabilities : make([count, classes], AnyForm(random));
        Both(device, on => on.CrossEntropy(logits.On(on), labels, logProbabilities.On(on), losses.On(on)));
        logProbabilities.AssertAgree(Tolerance, "log probabilities");
        losses.AssertAgree(Tolerance, "losses");

        // Of finite gradients: infinite ones are nan where a device writes g · (p − 1) as g · p − g.
        var gradient = OperandPair.Make(device, random, [count], AnyForm(random), () => random.Next(2001) / 1000f - 1f);
        var to = random.Next(3) == 0 ? logProbabilities : make([count, classes], DestinationForm(random));
        Both(device, on => on.CrossEntropyGradient(logProbabilities.On(on), labels, gradient.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "cross-entropy gradient");
    });

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public void The_gradient_of_softmax_is_a_float_though_sums_and_differences_are_none(bool logarithm, int axis)
    {
        // Probabilities of 0.9 and 0.1: Σ g p = 2.4e38 is a float, and 5.4e38 from a gradient, or Σ g = 6e38 is none.
        float[] y = [.. new[] { 0.9f, 0.1f }.Select(p => logarithm ? MathF.Log(p) : p)], g = [3e38f, logarithm ? 3e38f : -3e38f];
        double total = logarithm ? (double)g[0] + g[1] : (double)g[0] * y[0] + (double)g[1] * y[1];
        double[] expected = [.. y.Zip(g, (p, own) => logarithm ? own - Math.Exp(p) * total : p * (own - total))];
        Shape shape = axis == 0 ? [2, 1] : [1, 2];
        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            var to = Tensor.Zeros(shape, device);
            device.SoftmaxGradient(Tensor.From(y, shape, device), Tensor.From(g, shape, device), axis, logarithm, to);
            Assert.All(expected.Zip(to.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * 3e38));
        }
    }

    [Theory, MemberData(nameof(Devices))]
    public void Softmax_of_a_row_with_nan_or_infinity_is_nan(int bits, int threads)
    {
        const int Columns = 37;
        foreach (var device in new[] { Tested(bits, threads), Device.Reference })
        {
            foreach (int at in new[] { 0, 17, Columns - 1 })
            {
                foreach (bool logarithm in new[] { false, true })
                {
                    var rows = new float[4 * Columns];
                    (rows[at], rows[Columns + at], rows[3 * Columns + at]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
                    rows.AsSpan(2 * Columns, Columns).Fill(float.NegativeInfinity);
                    var x = Tensor.From(rows, [4, Columns], device);
                    device.Softmax(x, 1, logarithm, x);
                    float[] y = x.ToArray();
                    Assert.All(y[..(3 * Columns)], value => Assert.True(float.IsNaN(value)));
                    Assert.Equal(logarithm ? float.NegativeInfinity : 0, y[3 * Columns + at]);
                    Assert.DoesNotContain(y[(3 * Columns)..], float.IsNaN);
                }
            }
        }
    }
}
