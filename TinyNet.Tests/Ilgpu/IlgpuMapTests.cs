using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;
using TinyNet.Layers;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Element-wise operations and reductions of the GPU device against the reference device.</summary>
public class IlgpuMapTests
{
    [Fact]
    public void A_map_of_strided_operands_agrees()
    {
        var x = Tensor.Normal([3, 1, 5], new RandomStream(1), device: Device.Cpu).ToArray();
        var results = new Device[] { Device.Reference, IlgpuTestDevice.Instance }.Select(device =>
        {
            var a = Tensor.From(x, [3, 1, 5], device);
            var to = Tensor.From(new float[60], [3, 4, 5], device);
            device.Map(new MultiplyOp(), a, a.Transpose(0, 2)[2.., .., ..][.., .., 1..2], to);
            return to.ToArray();
        }).ToArray();
        Assert.Equal(results[0], results[1]);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public void A_sum_over_an_axis_agrees(int axis)
    {
        Shape shape = [7, 50, 33], kept = shape.With(axis, 1);
        var x = Tensor.Normal(shape, new RandomStream(1), device: Device.Cpu).ToArray();
        var results = new Device[] { Device.Reference, IlgpuTestDevice.Instance }.Select(device =>
        {
            var to = Tensor.From(new float[kept.Length], kept, device);
            device.Reduce(new SumReduction(), Tensor.From(x, shape, device), to);
            return to.ToArray();
        }).ToArray();
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void GELU_and_its_derivative_keep_their_digits_in_the_tails()
    {
        IlgpuPtx.AssertClean(typeof(TinyNet.Ilgpu.MapJob<GELUOp>));
        float[] x = [-12.5f, -9, -5.25f, -1, -0.1f, -1e-20f, 0, 0.3f, 2, 6, 40, float.NegativeInfinity, float.PositiveInfinity, float.NaN];
        float[][] expected = Run(Device.Reference), actual = Run(IlgpuTestDevice.Instance);
        for (int i = 0; i < 2; i++)
        {
            // The quotient under the bell is within 4e-8 (1 + x²).
            Assert.All(x.Zip(expected[i], actual[i]), at => Assert.True(
                at.Second.Equals(at.Third)
                || Math.Abs(at.Second - at.Third) <= (1e-6 + 1e-7 * at.First * at.First) * Math.Abs(at.Second),
                $"{at.Third} instead of {at.Second} at {at.First}"));
        }

        float[][] Run(Device device)
        {
            var parameter = new Parameter(Tensor.From(x, [x.Length], device), "x");
            using var tape = Tape.Record();
            var y = new GELU().Forward(parameter);
            tape.Backward(y, Tensor.Ones(y.Shape, device));
            return [y.ToArray(), parameter.Gradient!.ToArray()];
        }
    }

    [Fact]
    public void More_indices_than_can_be_grouped_are_refused()
    {
        Assert.Equal(3_000_001, IndexGroups.MostNumbers(1_000_000));
        Refusal.Of<ShapeException>(() => IndexGroups.MostNumbers(800_000_000), "IndexAdd", "800000000 indices");
    }
}
