using TinyNet.Autograd;
using TinyNet.Core;

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
}
