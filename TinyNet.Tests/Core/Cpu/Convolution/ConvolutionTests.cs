using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>Convolutions of many shapes against the reference device, and their bits for any width and number of threads.</summary>
public class ConvolutionTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_convolution_of_any_shape_and_its_gradients_are_those_of_the_reference(int seed)
    {
        var random = new Random(seed);
        int groups = random.Next(4) == 0 ? random.Next(1, 4) : 1, inputs = groups * Channels(random), outputs = groups * Channels(random);
        var window = new Window(Axis(random), Axis(random));
        int height = Size(random, window.Height), width = Size(random, window.Width), images = random.Next(1, 4);
        string name = $"{images} images of {inputs} x {height} x {width} to {outputs}, {groups} groups, {window}";
        var expected = Run(Device.Reference);
        foreach (int bits in TestDevices.Widths)
        {
            var actual = Run(TestDevices.Splitting(random.Next(1, 4), bits));
            for (int i = 0; i < expected.Length; i++)
            {
                double scale = expected[i].Max(value => Math.Abs((double)value)) + 1;
                for (int k = 0; k < expected[i].Length; k++)
                {
                    Assert.True(
                        Math.Abs(expected[i][k] - actual[i][k]) <= 3e-6 * scale,
                        $"{name}, {bits} bits, result {i}, element {k}: {actual[i][k]:R}, should be {expected[i][k]:R}");
                }
            }
        }

        float[][] Run(Device device)
        {
            var numbers = new RandomStream((ulong)seed);
            Tensor x = Tensor.Uniform([images, inputs, height, width], numbers, -1, 1, device),
                weight = Tensor.Uniform([window.Height.Size, window.Width.Size, inputs / groups, outputs], numbers, -1, 1, device);
            Tensor bias = Tensor.Uniform([outputs], numbers, -1, 1, device),
                y = Dirty([images, outputs, window.Height.Windows(height), window.Width.Windows(width)], device);
            Tensor gradient = Tensor.Uniform(y.Shape, numbers, -1, 1, device),
                toX = Dirty(x.Shape, device),
                toWeight = Dirty(weight.Shape, device);
            device.Convolution(x, weight, bias, window, groups, null, default(IdentityOp), y);
            device.ConvolutionInputGradient(gradient, weight, null, window, groups, toX);
            device.ConvolutionWeightGradient(x, gradient, window, groups, toWeight);
            return [y.ToArray(), toX.ToArray(), toWeight.ToArray()];
        }
    }

    [Fact]
    public void Bits_depend_neither_on_the_number_of_threads_nor_on_the_width()
    {
        var expected = Bits(new CpuDevice(1, 32));
        foreach (int bits in TestDevices.Widths)
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                Assert.True(
                    expected.AsSpan().SequenceEqual(Bits(TestDevices.Splitting(threads, bits))), $"{threads} threads of {bits} bits");
            }
        }

        static float[] Bits(CpuDevice device)
        {
            var result = new List<float>();
            var axis = new WindowAxis(3, 1, 1, 1, 1);
            foreach (var (window, inputs, outputs, groups) in new[]
            {
                (new Window(axis, axis), 16, 32, 1),
                (new Window(axis, axis with { Stride = 2 }), 5, 37, 1),
                (new Window(axis, axis), 6, 6, 6),
            })
            {
                var numbers = new RandomStream(7);
                Tensor x = Tensor.Uniform([5, inputs, 13, 14], numbers, -1, 1, device),
                    weight = Tensor.Uniform([3, 3, inputs / groups, outputs], numbers, -1, 1, device);
                Tensor y = Dirty([5, outputs, 13, window.Width.Windows(14)], device),
                    toX = Dirty(x.Shape, device),
                    toWeight = Dirty(weight.Shape, device);
                device.Convolution(x, weight, null, window, groups, null, default(IdentityOp), y);
                device.ConvolutionInputGradient(y, weight, null, window, groups, toX);
                device.ConvolutionWeightGradient(x, y, window, groups, toWeight);
                result.AddRange([.. y.ToArray(), .. toX.ToArray(), .. toWeight.ToArray()]);
            }

            return [.. result];
        }
    }

    [Fact]
    public void A_stride_far_beyond_the_image_works()
    {
        var axis = new WindowAxis(1, 13700);
        Tensor gradient = Tensor.Full([1, 1, 1, 1], 3), weight = Tensor.Full([1, 1, 1, 1], 2), toX = Dirty([1, 1, 4, 4], Device.Cpu);
        Device.Cpu.ConvolutionInputGradient(gradient, weight, null, new Window(axis, axis), 1, toX);
        Assert.Equal([6f, .. new float[15]], toX.ToArray());
    }

    [Fact]
    public void Windows_larger_than_any_image_are_refused()
    {
        Tensor x = Tensor.Ones([1, 1, 10]), image = Tensor.Ones([1, 1, 2, 2]);
        const string Message = "larger than any image";
        Refusal.Of<ArgumentOutOfRangeException>(() => new Conv1d(1, 1, 5, dilation: 1 << 30).Forward(x), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new Conv1d(1, 1, 5, padding: 1 << 30).Forward(x), Message);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new Conv1d(1, 1, 5, dilation: 1 << 30, padding: ConvolutionPadding.Same).Forward(x), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new Conv2d(1, 1, 2, dilation: int.MaxValue).Forward(image), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new Conv2d(1, 1, 2, stride: int.MaxValue).Forward(image), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new ConvTranspose2d(1, 1, 5, dilation: (1, 1 << 30)).Forward(image), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new ConvTranspose2d(1, 1, 3, stride: int.MaxValue).Forward(image), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new MaxPool1d(5, stride: 1, dilation: 1 << 30).Forward(x), Message);
        Refusal.Of<ArgumentOutOfRangeException>(() => new AvgPool2d(2, stride: int.MaxValue, ceiling: true).Forward(image), Message);
        Refusal.Of<ShapeException>(
            () => new ConvTranspose2d(1, 1, 1, stride: 1 << 28).Forward(Tensor.Ones([1, 1, 1, 20])), "axis of 20", "stride");
    }

    [Fact]
    public void Filters_that_no_tensor_holds_are_not_transformed()
    {
        var axis = new WindowAxis(3, 1, 1, 1, 1);
        Assert.True(Pays(channels: 64));
        Assert.False(Pays(channels: 8192));

        bool Pays(int channels)
        {
            var weights = new TapWeights { Columns = 3, Groups = 1, SourceChannels = channels, ResultChannels = channels };
            return WinogradPlan.Pays(TapPlan.Of(TapAxis.Forward(axis, 16), TapAxis.Forward(axis, 16), weights), weights, images: 1);
        }
    }

    private static Tensor Dirty(Shape shape, Device device) => Tensor.Full(shape, float.NaN, device);

    private static int Channels(Random random) =>
        random.Next(3) switch { 0 => random.Next(1, 5), 1 => 16 * random.Next(1, 4), _ => random.Next(1, 40) };

    private static WindowAxis Axis(Random random)
    {
        // Half of them are the plain window that has kernels of its own.
        if (random.Next(2) == 0)
        {
            int pad = random.Next(3);
            return new WindowAxis(3, 1, 1, pad, pad);
        }

        return new WindowAxis(random.Next(1, 6), random.Next(1, 5), random.Next(1, 4), random.Next(4), random.Next(4));
    }

    private static int Size(Random random, WindowAxis axis) => Math.Max(1, axis.Span - axis.PadBefore - axis.PadAfter) + random.Next(18);
}
