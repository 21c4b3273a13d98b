using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Convolutions of the GPU device, and their gradients, against the reference device.</summary>
public class IlgpuConvolutionTests
{
    private const int Images = 2;
    private const double Tolerance = 5e-5;

    /// <summary>Channels and outputs of a group, the number of groups, and the windows of an image of 7 by 6.</summary>
    public static TheoryData<int, int, int, WindowAxis, WindowAxis> Cases => new()
    {
        { 3, 5, 1, new(3, PadBefore: 1, PadAfter: 1), new(3, PadBefore: 1, PadAfter: 1) },
        { 8, 4, 1, new(3, Stride: 2, PadBefore: 1, PadAfter: 1), new(2, Stride: 3) },
        { 8, 8, 2, new(1), new(1, Stride: 2) },
        { 2, 3, 2, new(3, Dilation: 2, PadBefore: 2, PadAfter: 1), new(2, Stride: 2, Dilation: 3, PadAfter: 2) },
        { 1, 1, 4, new(3, PadBefore: 1, PadAfter: 1), new(3, PadBefore: 1, PadAfter: 1) },
        { 0, 2, 1, new(1), new(1) },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_convolution_agrees(int channels, int outputs, int groups, WindowAxis height, WindowAxis width)
    {
        foreach (bool isNormalized in new[] { false, true })
        {
            AssertBoth(device =>
            {
                Tensor x = ImagesOf(device, 1, channels * groups), weight = WeightOf(device, channels, outputs, groups, height, width);
                Tensor bias = Random(device, 3, [outputs * groups]), to = Result(device, outputs * groups, height, width);
                var factors = isNormalized ? Random(device, 4, [4, 1, outputs * groups]) : null;

                // The reference device has no other roots.
                factors?[3..4].Fill(1);
                device.Convolution(x, weight, bias, new Window(height, width), groups, factors, new TanhOp(), to);
                return to;
            });
        }
    }

    [Fact]
    public void What_is_normalized_at_once_has_the_bits_of_what_is_normalized_after()
    {
        var device = IlgpuTestDevice.Instance;
        Tensor x = ImagesOf(device, 1, 3), weight = Random(device, 2, [1, 1, 3, 4]), factors = Random(device, 3, [4, 1, 4]);
        Tensor once = Channelwise(device, 4, [Images, 4, 7, 6]), twice = Channelwise(device, 4, [Images, 4, 7, 6]);
        device.Convolution(x, weight, null, new Window(new(1), new(1)), 1, factors, new TanhOp(), once);
        device.Convolution(x, weight, null, new Window(new(1), new(1)), 1, null, new IdentityOp(), twice);
        device.ChannelNormalize(twice, factors, new TanhOp(), twice);
        Assert.Equal(twice.ToArray(), once.ToArray());
    }

    [Theory, MemberData(nameof(Cases))]
    public void Its_gradients_agree(int channels, int outputs, int groups, WindowAxis height, WindowAxis width)
    {
        AssertBoth(device =>
        {
            var gradient = Filled(device, 1, Result(device, outputs * groups, height, width));
            Tensor weight = WeightOf(device, channels, outputs, groups, height, width), to = ImagesOf(device, 1, channels * groups);
            var bias = Random(device, 3, [channels * groups]);
            device.ConvolutionInputGradient(gradient, weight, bias, new Window(height, width), groups, to);
            return to;
        });
        AssertBoth(device =>
        {
            var gradient = Filled(device, 1, Result(device, outputs * groups, height, width));
            Tensor x = ImagesOf(device, 1, channels * groups), to = WeightOf(device, channels, outputs, groups, height, width);
            device.ConvolutionWeightGradient(x, gradient, new Window(height, width), groups, to);
            return to;
        });
    }

    [Fact]
    public void Operands_may_have_any_strides()
    {
        var window = new Window(new WindowAxis(3, PadBefore: 1), new WindowAxis(2));
        AssertBoth(device =>
        {
            Tensor x = Random(device, 1, [4, 6, Images, 7]).Permute(2, 0, 3, 1);
            Tensor weight = Random(device, 2, [4, 2, 3, 5]).Permute(2, 1, 0, 3);
            Tensor to = Random(device, 3, [5, Images, 5, 6]).Permute(1, 0, 3, 2);
            device.Convolution(x, weight, Random(device, 4, [1]).Expand(5), window, 1, null, new IdentityOp(), to);
            device.ConvolutionInputGradient(to, weight, null, window, 1, x);
            device.ConvolutionWeightGradient(x, to, window, 1, weight);
            return weight;
        });
    }

    [Fact]
    public void A_gradient_over_many_pixels_is_made_in_parts()
    {
        using var tested = IlgpuDevices.OnProcessor(32, 8);
        AssertBoth(
            device =>
            {
                Tensor x = Channelwise(device, 1, [4, 2, 9, 40]), gradient = Channelwise(device, 2, [4, 2, 9, 40]);
                Tensor to = Random(device, 3, [1, 1, 1, 2]), whole = Random(device, 4, [1, 1, 2, 2]);
                device.ConvolutionWeightGradient(x, gradient, new Window(new(1), new(1)), groups: 2, to);
                device.ConvolutionWeightGradient(x, gradient, new Window(new(1), new(1)), groups: 1, whole);
                return whole + to;
            },
            tested);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7), InlineData(64), InlineData(1000003), InlineData(int.MaxValue)]
    public void A_divisor_divides(int value)
    {
        var divisor = Divisor.By(value);
        int[] numbers = [0, 1, value - 1, value, 12345, 2000000011, int.MaxValue - 1, int.MaxValue / value * value - 1, int.MaxValue];
        foreach (int n in numbers)
        {
            Assert.Equal(n / value, divisor.Quotient(n));
        }
    }

    private static void AssertBoth(Func<Device, Tensor> run, IlgpuDevice? device = null)
    {
        float[] expected = run(Device.Reference).ToArray(), actual = run(device ?? IlgpuTestDevice.Instance).ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    private static Tensor ImagesOf(Device device, ulong seed, int channels) => Channelwise(device, seed, [Images, channels, 7, 6]);

    private static Tensor WeightOf(Device device, int channels, int outputs, int groups, WindowAxis height, WindowAxis width) =>
        Random(device, 2, [height.Size, width.Size, channels, outputs * groups]);

    private static Tensor Result(Device device, int outputs, WindowAxis height, WindowAxis width) =>
        Channelwise(device, 5, [Images, outputs, height.Windows(7), width.Windows(6)]);

    private static Tensor Filled(Device device, ulong seed, Tensor images)
    {
        device.Copy(Random(device, seed, images.Shape), images);
        return images;
    }

    /// <summary>Images with the channels of a pixel beside each other.</summary>
    private static Tensor Channelwise(Device device, ulong seed, Shape shape) =>
        Random(device, seed, [shape[0], shape[2], shape[3], shape[1]]).Permute(0, 3, 1, 2);

    private static Tensor Random(Device device, ulong seed, Shape shape) =>
        Tensor.From(Tensor.Normal(shape, new RandomStream(seed), device: Device.Cpu).ToArray(), shape, device);
}
