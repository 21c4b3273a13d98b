using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>What pooling layers compute and refuse.</summary>
public class PoolingTests
{
    public static TheoryData<string> DeviceNames => ["cpu", "reference"];

    [Fact]
    public void An_infinity_in_a_large_window_makes_its_average_infinite()
    {
        foreach (var device in TestDevices.OfEachWidth())
        {
            float[] line = new float[4 * 700];
            (line[3], line[650], line[1400], line[2100]) = (float.PositiveInfinity, 1, float.NegativeInfinity, float.NaN);
            float[] expected = [float.PositiveInfinity, 0, float.NegativeInfinity, float.NaN];
            Assert.Equal(expected, new AvgPool1d(700).Forward(Tensor.From(line, [1, 4, 700], device)).ToArray());
            Assert.Equal(expected, new AdaptiveAvgPool2d(1).Forward(Tensor.From(line, [1, 4, 70, 10], device)).ToArray());
        }
    }

    [Fact]
    public void The_stride_is_the_size_of_the_window_by_default()
    {
        Assert.Equal([5, 13, 7, 15], new MaxPool2d(2).Forward(Grid(4, 4)).ToArray());
        Assert.Equal([2.5f, 10.5f, 4.5f, 12.5f], new AvgPool2d(2).Forward(Grid(4, 4)).ToArray());
        Assert.Equal([2, 5], new MaxPool1d(3).Forward(Tensor.From([0, 1, 2, 3, 4, 5, 6], [1, 1, 7])).ToArray());
        Assert.Equal([1, 4], new AvgPool1d(3).Forward(Tensor.From([0, 1, 2, 3, 4, 5, 6], [1, 1, 7])).ToArray());
    }

    [Theory]
    [InlineData(7, 2, 2, 0, false, 3)]
    [InlineData(7, 2, 2, 0, true, 4)]
    [InlineData(7, 3, 2, 1, true, 4)]
    [InlineData(6, 2, 2, 1, true, 4)]
    [InlineData(5, 2, 3, 1, true, 2)]
    [InlineData(4, 2, 3, 1, true, 2)]
    public void Ceiling_keeps_a_window_that_starts_inside(int length, int kernel, int stride, int padding, bool ceiling, int expected)
    {
        var x = Tensor.Normal([2, 3, length], new RandomStream(1));
        Assert.Equal([2, 3, expected], new MaxPool1d(kernel, stride, padding, ceiling: ceiling).Forward(x).Shape.Sizes.ToArray());
        Assert.Equal([2, 3, expected], new AvgPool1d(kernel, stride, padding, ceiling).Forward(x).Shape.Sizes.ToArray());
    }

    [Theory, MemberData(nameof(DeviceNames))]
    public void The_first_of_equal_elements_gets_the_gradient(string device)
    {
        var x = new Parameter(Tensor.From([0, 2, 2, 1, 2, 0], [1, 1, 2, 3], Device.Parse(device)));
        using var tape = Tape.Record();
        tape.Backward(x.MaxPool(new Window(new WindowAxis(2), new WindowAxis(2))).Sum());
        Assert.Equal([0, 2, 0, 0, 0, 0], x.Gradient!.ToArray());
    }

    [Theory, MemberData(nameof(DeviceNames))]
    public void A_nan_is_the_largest_and_padding_the_smallest(string device)
    {
        var x = Tensor.From([float.NaN, 1, float.NegativeInfinity, float.NegativeInfinity, -5, -4], [1, 1, 1, 6], Device.Parse(device));
        Assert.Equal([float.NaN, float.NegativeInfinity, -4], new MaxPool2d((1, 2)).Forward(x).ToArray());
        Assert.Equal([float.NaN, 1, -5, -4], new MaxPool2d((1, 2), padding: (0, 1)).Forward(x).ToArray());
    }

    [Fact]
    public void Padding_counts_in_a_mean_or_not()
    {
        var x = Tensor.From([1, 2, 3], [1, 1, 3]);
        Assert.Equal([0.5f, 2.5f], new AvgPool1d(2, padding: 1).Forward(x).ToArray());
        Assert.Equal([1, 2.5f], new AvgPool1d(2, padding: 1, countPadding: false).Forward(x).ToArray());
        // The last window has one element and nothing beyond the padding, which there is none of.
        Assert.Equal([1.5f, 3], new AvgPool1d(2, ceiling: true).Forward(x).ToArray());
    }

    [Fact]
    public void Adaptive_parts_may_share_an_element()
    {
        var x = Tensor.From([0, 1, 2, 3, 4], [1, 1, 5]);
        Assert.Equal([0.5f, 2, 3.5f], new AdaptiveAvgPool1d(3).Forward(x).ToArray());
        Assert.Equal([1, 3, 4], new AdaptiveMaxPool1d(3).Forward(x).ToArray());
        Assert.Equal([1, 2, 6, 4], new AdaptiveMaxPool2d((6, 4)).Forward(Tensor.Ones([1, 2, 3, 3])).Shape.Sizes.ToArray());
        Assert.Equal([1, 2, 2, 2], new AdaptiveAvgPool2d(2).Forward(Tensor.Ones([1, 2, 3, 3])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Global_pooling_takes_any_number_of_axes()
    {
        foreach (Shape shape in new Shape[] { [2, 3, 5], [2, 3, 4, 5], [2, 3, 2, 3, 2] })
        {
            var x = Tensor.Normal(shape, new RandomStream(1));
            Assert.Equal(x.Reshape(6, -1).Mean(1).ToArray(), new GlobalAvgPool().Forward(x).ToArray());
            Assert.Equal(x.Reshape(6, -1).Max(1).ToArray(), new GlobalMaxPool().Forward(x).ToArray());
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d(2, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d(2, dilation: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AvgPool1d(2, padding: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveAvgPool2d((1, 0)));
        Refusal.Of<ArgumentOutOfRangeException>(() => new MaxPool2d(3, padding: 2), "padding", "2", "half the window of 3");
        var images = Tensor.Ones([1, 2, 3, 4]);
        var padded = new Window(new WindowAxis(3), new WindowAxis(3, 1, 1, 0, 2));
        Refusal.Of<ArgumentOutOfRangeException>(() => images.MaxPool(padded), "window", "2", "half the window of 3");
        Refusal.Of<ArgumentOutOfRangeException>(() => images.AveragePool(padded), "window", "2", "half the window of 3");
        Refusal.Of<ShapeException>(() => new MaxPool2d(4).Forward(images), "MaxPool", "4 x 4", "3 x 4", "in module MaxPool2d(4)");
        Refusal.Of<ShapeException>(
            () => new AvgPool2d(2).Forward(Tensor.Ones([2, 3])), "AveragePool", "[2, 3]", "[batch, channels, height, width]");
        Refusal.Of<ShapeException>(() => new MaxPool1d(2).Forward(images), "MaxPool1d", "[1, 2, 3, 4]", "[batch, channels, length]");
        Refusal.Of<ShapeException>(
            () => new AdaptiveMaxPool2d(1).Forward(Tensor.Ones([1, 2, 0, 4])), "AdaptiveMaxPool", "[1, 2, 0, 4]", "pixels");
        Refusal.Of<ShapeException>(() => new GlobalAvgPool().Forward(Tensor.Ones([2, 3])), "GlobalAvgPool", "[2, 3]");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void Images_without_pixels_are_refused_even_with_padding(int height, int width)
    {
        var images = Tensor.Zeros([1, 2, height, width]);
        Refusal.Of<ShapeException>(
            () => new MaxPool2d(2, padding: 1).Forward(images), "MaxPool", images.Shape.ToString(), "images need pixels");
        Refusal.Of<ShapeException>(
            () => new AvgPool2d(2, padding: 1).Forward(images), "AveragePool", images.Shape.ToString(), "images need pixels");
    }

    [Fact]
    public void No_images_and_images_without_channels_are_pooled_to_as_many()
    {
        Assert.Equal([0, 2, 2, 2], new MaxPool2d(2, padding: 1).Forward(Tensor.Zeros([0, 2, 3, 3])).Shape.Sizes.ToArray());
        Assert.Equal([2, 0, 2, 2], new AvgPool2d(2, padding: 1).Forward(Tensor.Zeros([2, 0, 3, 3])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Layers_show_what_differs_from_the_defaults()
    {
        Assert.Equal("MaxPool2d(2)", new MaxPool2d(2, stride: 2).ToString());
        Assert.Equal("MaxPool2d(3 x 2, stride 2, padding 1, dilation 2, ceiling)", new MaxPool2d((3, 2), 2, 1, 2, true).ToString());
        Assert.Equal("AvgPool1d(3, stride 1)", new AvgPool1d(3, 1).ToString());
        Assert.Equal("AdaptiveAvgPool2d(2 x 3)", new AdaptiveAvgPool2d((2, 3)).ToString());
    }

    /// <summary>0, 1, 2, … down the columns: the image read by columns.</summary>
    private static Tensor Grid(int height, int width) =>
        Tensor.From([.. Enumerable.Range(0, height * width).Select(i => (float)(i % width * height + i / width))], [1, 1, height, width]);
}
