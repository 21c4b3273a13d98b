using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Those of convolutions, pools and resized images.</summary>
public partial class LongSumTests
{
    [Theory, MemberData(nameof(Widths))]
    public void Weight_gradients_of_long_lines_and_large_images_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var (sizes, weight, groups) in new (int[], int[], int)[]
        {
            ([1, 2, 1, 200_003], [1, 4, 2, 3], 1),
            ([1, 5, 1, 200_003], [1, 4, 1, 5], 5),
            ([2, 1, 402, 402], [3, 3, 1, 2], 1),
            ([2, 3, 402, 402], [3, 3, 1, 3], 3),
            ([2, 16, 402, 402], [3, 3, 16, 16], 1),
        })
        {
            var w = new Parameter(Tenths(device, weight));
            using var tape = Tape.Record();
            var y = Tenths(device, sizes).Convolve(w, null, new Window(new WindowAxis(weight[0]), new WindowAxis(weight[1])), groups);
            tape.Backward(y, Tenths(device, y.Shape.Sizes));
            AssertAll(y.Shape[0] * y.Shape[2] * y.Shape[3] * Square, w.Gradient!);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Convolutions_over_very_many_channels_or_taps_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var (sizes, weight, groups) in new (int[], int[], int)[]
        {
            ([1, 2048, 18, 18], [3, 3, 2048, 16], 1),
            ([1, 2048, 4, 5], [3, 3, 2048, 5], 1),
            ([2, 600, 4, 5], [2, 2, 300, 6], 2),
            ([1, 100_000, 1, 3], [1, 1, 100_000, 33], 1),
            ([1, 1, 1, Many + 2], [1, Many, 1, 3], 1),
            ([1, 1, 1001, 1000], [1000, 1000, 1, 3], 1),
            ([1, 5, 1, Many + 2], [1, Many, 1, 5], 5),
        })
        {
            var window = new Window(new WindowAxis(weight[0]), new WindowAxis(weight[1]));
            double terms = (double)weight[0] * weight[1] * weight[2];
            AssertAll(terms * Square, Tenths(device, sizes).Convolve(Tenths(device, weight), null, window, groups));
            var bias = Tensor.Full([weight[3]], (float)(terms * Square), device);
            AssertAll(2 * terms * Square, Tenths(device, sizes).Convolve(Tenths(device, weight), bias, window, groups));
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Gradients_of_convolutions_to_very_many_outputs_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var (sizes, weight, groups) in new (int[], int[], int)[]
        {
            ([1, 16, 18, 18], [3, 3, 16, 2048], 1),
            ([1, 5, 6, 7], [3, 3, 5, 2048], 1),
            ([1, 5, 1, 2], [1, 1, 5, 100_000], 1),
            ([1, 3, 1, 9_999], [1, 5_000, 1, 3], 3),
        })
        {
            var x = new Parameter(Tenths(device, sizes));
            using var tape = Tape.Record();
            var window = new Window(new WindowAxis(weight[0]), new WindowAxis(weight[1]));
            var y = x.Convolve(Tenths(device, weight), null, window, groups);
            tape.Backward(y, Tenths(device, y.Shape.Sizes));
            double terms = (double)weight[0] * weight[1] * weight[3] / groups;

            // The pixel in the middle is under all taps. Winograd's transformations round, too.
            var middle = x.Gradient!.Slice(2, sizes[2] / 2, sizes[2] / 2 + 1).Slice(3, sizes[3] / 2, sizes[3] / 2 + 1);
            AssertAll(terms * Square, middle, 2 * Tolerance);
        }
    }

    [Fact]
    public void A_deep_convolution_agrees_with_the_reference_and_has_the_same_bits_for_any_number_of_threads()
    {
        // Pieces of a window's line, and of several lines; strides, so that the gradient sweeps over several remainders.
        (int, int, int, int)[] cases = [(2000, 3, 10, 1), (16, 35, 5, 1), (600, 2, 1200, 2), (40_000, 1, 3, 1)];
        foreach (var (channels, kernel, outputs, groups) in cases)
        {
            var window = new Window(new WindowAxis(kernel, Stride: 2, PadBefore: 1), new WindowAxis(kernel, Stride: 2, PadBefore: 1));
            (float[] Y, float[] Gradient) Run(Device device)
            {
                var random = new RandomStream(5);
                var x = new Parameter(Tensor.Uniform([1, channels, kernel + 3, kernel + 4], random).Keep(device));
                Tensor w = Tensor.Uniform([kernel, kernel, channels / groups, outputs], random), bias = Tensor.Uniform([outputs], random);
                using var tape = Tape.Record();
                var y = x.Convolve(w.Keep(device), bias.Keep(device), window, groups);
                tape.Backward(y.Sum());
                return (y.ToArray(), x.Gradient!.ToArray());
            }

            var expected = Run(Device.Reference);
            foreach (int bits in TestDevices.Widths)
            {
                var first = Run(TestDevices.Splitting(1, bits));
                Assert.All(expected.Y.Zip(first.Y), pair => Assert.Equal(1, pair.Second / (double)pair.First, 2e-6));
                Assert.All(expected.Gradient.Zip(first.Gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * outputs));
                var second = Run(TestDevices.Splitting(3, bits));
                Assert.Equal(first.Y, second.Y);
                Assert.Equal(first.Gradient, second.Gradient);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Gradients_of_images_resized_to_very_many_pixels_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var interpolation in Enum.GetValues<Interpolation>())
        {
            foreach (var (channels, height, width) in new[] { (1, 1000, 1000), (1, 1, Many), (1, Many, 1), (19, 200, 300) })
            {
                var one = Tenths(device, 1, channels, 1, 1);
                AssertAll(height * width * Tenth, GradientOf(one, x => x.Resize(height, width, interpolation)));
            }

            // 40 times as large: each pixel in the middle is a part of 80 · 80 others, or of 40 · 40.
            var middle = GradientOf(Tenths(device, 2, 3, 5, 5), x => x.Resize(200, 200, interpolation)).Slice(2, 2, 3).Slice(3, 2, 3);
            AssertAll(1600 * Tenth, middle);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Gradients_of_pixels_in_very_many_windows_keep_their_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var (channels, height, width) in new[] { (1, 1, 5000), (3, 40, 30) })
        {
            var window = new Window(new WindowAxis(height), new WindowAxis(width));
            Shape shape = [1, channels, 2 * height - 1, 2 * width - 1];
            Tensor Middle(Tensor x) => x.Slice(2, height - 1, height).Slice(3, width - 1, width);
            AssertAll(Tenth, Middle(GradientOf(Tensor.Zeros(shape, device), x => x.AveragePool(window))));

            // The pixel in the middle is in every window, and the largest.
            var ascending = Tensor.Zeros(shape, device);
            Middle(ascending).Fill(1);
            AssertAll(height * width * Tenth, Middle(GradientOf(ascending, x => x.MaxPool(window))));
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void The_mean_of_a_large_image_keeps_its_digits(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        foreach (var (height, width) in new[] { (1, Many), (Many, 1), (1000, 1000) })
        {
            AssertAll(Tenth, Tenths(device, 1, 1, 1, 1).Expand(1, 3, height, width).AdaptiveAveragePool(1, 1));
        }
    }
}
