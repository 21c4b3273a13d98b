using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>Nan and the signs of zero in arithmetic and selections, as PyTorch has them, on every width and the reference device.</summary>
public class NanAndZeroTests
{
    private const float NaN = float.NaN;

    [Fact]
    public void Differences_and_sums_of_zeros_have_the_sign_of_IEEE_754()
    {
        foreach (var device in Devices())
        {
            var x = Tensor.From([0f, -0f], device);
            AssertBits([0f, 0f], 0f - x);
            AssertBits([-0f, 0f], -0f - x);
            AssertBits([0f, 0f], x + 0f);
            AssertBits([0f, 0f], 0f + x);
            AssertBits([0f, -0f], x + -0f);
            AssertBits([0f, -0f], x - 0f);
            AssertBits([-0f, 0f], x * -1f);
            AssertBits([-0f, 0f], -x);
        }
    }

    [Fact]
    public void Nan_passes_the_gradient_to_both_operands_of_Maximum_and_Minimum()
    {
        foreach (var device in Devices())
        {
            foreach (bool largest in new[] { true, false })
            {
                Parameter a = new(Tensor.From([NaN, 1, NaN, 2], device)), b = new(Tensor.From([1, NaN, NaN, 2], device));
                using var tape = Tape.Record();
                var y = largest ? a.Maximum(b) : a.Minimum(b);
                Assert.Equal([NaN, NaN, NaN, 2], y.ToArray());
                tape.Backward(y.Sum());
                Assert.Equal([1, 1, 1, 0.5f], a.Gradient!.ToArray());
                Assert.Equal([1, 1, 1, 0.5f], b.Gradient!.ToArray());
            }
        }
    }

    [Fact]
    public void Nan_passes_no_gradient_through_Clamp_and_all_of_it_through_rectifiers()
    {
        foreach (var device in Devices())
        {
            Assert.Equal([0, 1, 0], Gradient(x => x.Clamp(-1, 1)));
            Assert.Equal([0, 1, 1], Gradient(x => x.Clamp(low: -1)));
            Assert.Equal([1, 1, 1], Gradient(x => x.Apply(default(ReLUOp))));
            Assert.Equal([1, 1, 1], Gradient(x => x.Apply(new HardTanhOp(-1, 3))));
            Assert.Equal([1, 1, 1], Gradient(x => x.Apply(new ThresholdOp(0, 0))));

            float[] Gradient(Func<Tensor, Tensor> function)
            {
                var x = new Parameter(Tensor.From([NaN, 0.5f, 2], device));
                using var tape = Tape.Record();
                var y = function(x);
                Assert.Equal(NaN, y.ToArray()[0]);
                tape.Backward(y.Sum());
                return x.Gradient!.ToArray();
            }
        }
    }

    [Fact]
    public void A_slope_below_zero_is_that_of_the_input()
    {
        foreach (var device in Devices())
        {
            var x = new Parameter(Tensor.From([-3, -0.5f, 0, 2], device));
            using var tape = Tape.Record();
            var y = new LeakyReLU(-0.1f).Forward(x);
            Assert.Equal([0.3f, 0.05f, 0, 2], y.ToArray());
            tape.Backward(y.Sum() + new ELU(-1).Forward(x).Sum());
            float[] elu = [.. new[] { -3, -0.5, 0 }.Select(v => (float)-Math.Exp(v)), 1];
            Assert.All(elu.Zip(x.Gradient!.ToArray(), (e, g) => (e, g)).Zip([-0.1f, -0.1f, -0.1f, 1]), (pair, _) =>
                Assert.Equal(pair.First.e + pair.Second, pair.First.g, 1e-6));
        }
    }

    private static IEnumerable<Device> Devices() => TestDevices.OfEachWidth().Append<Device>(Device.Reference);

    private static void AssertBits(float[] expected, Tensor actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.ToArray().Select(BitConverter.SingleToInt32Bits));
}
