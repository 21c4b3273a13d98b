using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Sorting on the GPU device gives the indices of the reference device, equal elements in their order.</summary>
public class IlgpuSortingTests
{
    private static readonly float[] Specials =
    [
        float.NaN, -float.NaN, BitConverter.Int32BitsToSingle(0x7F800001), float.PositiveInfinity, float.NegativeInfinity, 0, -0f,
        float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue, 1, 1,
    ];

    [Theory]
    [InlineData(0, 1), InlineData(0, 9), InlineData(0, 17, 3), InlineData(1, 3, 5), InlineData(1, 2, 33, 3), InlineData(2, 2, 1, 64)]
    [InlineData(0, 0), InlineData(1, 3, 0), InlineData(0, 3, 0)]
    public void Short_lines_agree(int axis, params int[] sizes)
    {
        Shape shape = new(sizes);
        foreach (bool descending in new[] { false, true })
        {
            foreach (int count in new[] { shape[axis], shape[axis] / 2 })
            {
                AssertAgree(shape, axis, count, descending, mostKeys: 1 << 20);
            }
        }
    }

    [Theory]
    [InlineData(2, 2048, 1 << 20), InlineData(2, 2049, 1 << 20), InlineData(1, 4097, 1 << 20), InlineData(3, 5000, 10_000)]
    public void Long_lines_agree(int lines, int length, int mostKeys) =>
        AssertAgree([length, lines], 0, length - 3, descending: lines == 2, mostKeys);

    [Fact]
    public void Sorted_elements_and_their_gradient_are_found_by_the_indices()
    {
        float[][] expected = Run(Device.Reference), actual = Run(IlgpuTestDevice.Instance);
        Assert.Equal(expected, actual);

        static float[][] Run(Device device)
        {
            var random = new RandomStream(4);
            var x = new Parameter(Tensor.Normal([5, 6], random, device: Device.Cpu).Keep(device), "x");
            using var tape = Tape.Record();
            var (values, indices) = x.TopK(3, axis: 0);

            // What is written on the host takes the place of what the GPU has.
            int[] turned = [.. indices.ToArray().Reverse()];
            indices.CopyFrom(turned);
            var y = values * x.Gather(0, indices);
            tape.Backward(y, Tensor.Ones(y.Shape, device));
            return [values.ToArray(), y.ToArray(), x.Gradient!.ToArray()];
        }
    }

    private static void AssertAgree(in Shape shape, int axis, int count, bool descending, int mostKeys)
    {
        var random = new RandomStream(6);
        float[] values = new float[shape.Length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.Next(4) == 0 ? Specials[random.Next(Specials.Length)] : random.Next(100) / 8f - 6;
        }

        var turned = shape.With(-1, shape[0]).With(0, shape[^1]);
        var tested = IlgpuTestDevice.Instance;
        IndexTensor expected = Indices(shape.With(axis, count)), actual = Indices(shape.With(axis, count));
        Device.Reference.ArgSort(Tensor.From(values, turned, Device.Reference).Transpose(0, -1), axis, descending, expected);
        GpuSorting.Run(tested, Tensor.From(values, turned, tested).Transpose(0, -1), axis, descending, actual, mostKeys);
        Assert.Equal(expected.ToArray(), actual.ToArray());
    }

    private static IndexTensor Indices(in Shape shape)
    {
        int[] dirty = new int[shape.Length];
        Array.Fill(dirty, -1);
        return IndexTensor.From(dirty, shape);
    }
}
