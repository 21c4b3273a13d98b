using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Up-sampling and margins of images.</summary>
public class ResizingTests
{
    [Theory]
    [InlineData(0.7, 7)]
    [InlineData(0.9, 9)]
    [InlineData(1.4, 14)]
    [InlineData(2, 20)]
    public void A_factor_gives_the_size_that_it_says(double factor, int expected) =>
        Assert.Equal(expected, new Upsample(factor).Forward(Tensor.Ones([1, 1, 10, 10])).Shape[2]);

    private static readonly Tensor Square = Tensor.From([1, 2, 3, 4], [1, 1, 2, 2]);

    [Fact]
    public void Nearest_repeats_pixels() =>
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], new Upsample(2f).Forward(Square).ToArray());

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void A_place_on_the_edge_of_a_pixel_falls_where_PyTorch_rounds_it(string device)
    {
        // Places 7 and 10 exactly; what comes out is PyTorch 1.13's, whose places are in single precision.
        Assert.Equal(6, Ramp(14).Resize(1, 46).ToArray()[23]);
        Assert.Equal(10, Ramp(11).Resize(3.7).ToArray()[37]);

        Tensor Ramp(int width) =>
            Tensor.From([.. Enumerable.Range(0, width).Select(i => (float)i)], [1, 1, 1, width], Device.Parse(device));
    }

    [Theory]
    [InlineData(Interpolation.Nearest)]
    [InlineData(Interpolation.Linear)]
    public void A_factor_that_leaves_the_size_copies(Interpolation interpolation)
    {
        float[] pixels = [.. Enumerable.Range(0, 9).Select(i => (float)i)];
        Assert.Equal(pixels, Tensor.From(pixels, [1, 1, 1, 9]).Resize(1.1, interpolation).ToArray());
    }

    [Fact]
    public void Bilinear_mixes_neighbors_and_aligns_edges_or_corners()
    {
        Assert.Equal([1, 1.25f, 1.75f, 2], new Upsample((1, 4), Interpolation.Linear).Forward(Square.Slice(2, 0, 1)).ToArray());
        Assert.Equal([1, 1.5f, 2], new Upsample((1, 3), Interpolation.Linear, alignCorners: true).Forward(Square.Slice(2, 0, 1)).ToArray());
    }

    /// <summary>
    /// Of two pixels a wide row of results is made; the shares are quotients of whole numbers. A share that is small has all its digits,
    /// and so has what a gradient gives to it.
    /// </summary>
    [Fact]
    public void A_small_share_of_a_pixel_has_all_its_digits()
    {
        const int results = 2001;
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            foreach (bool isWide in new[] { true, false })
            {
                var image = new Parameter(Tensor.From([1, 0], isWide ? [1, 1, 1, 2] : [1, 1, 2, 1], device));
                using var tape = Tape.Record();
                var y = isWide ? image.Resize(1, results, Interpolation.Linear) : image.Resize(results, 1, Interpolation.Linear);
                tape.Backward(y.Slice(isWide ? 3 : 2, 1500, 1501));
                Assert.Equal(1.0 / 4002, y.ToArray()[1500], 1e-11);
                Assert.Equal(1.0 / 4002, image.Gradient!.ToArray()[0], 1e-11);
            }
        }
    }

    /// <summary>Aligned corners put every third of ten results on a pixel, though a third is no float.</summary>
    [Fact]
    public void A_result_on_a_pixel_is_that_pixel()
    {
        const float infinity = float.PositiveInfinity;
        foreach (int steps in new[] { 3, 7, 49, 101, 187 })
        {
            float[] y = new Upsample((1, 3 * steps + 1), Interpolation.Linear, alignCorners: true)
                .Forward(Tensor.From([1, infinity, 2, infinity], [1, 1, 1, 4])).ToArray();
            Assert.Equal([1, infinity, 2, infinity], y.Where((_, i) => i % steps == 0));
        }
    }

    [Fact]
    public void An_infinity_spreads_only_where_it_counts() =>
        Assert.Equal([0, float.PositiveInfinity, float.PositiveInfinity],
            new Upsample((1, 3), Interpolation.Linear, alignCorners: true)
                .Forward(Tensor.From([0, float.PositiveInfinity], [1, 1, 1, 2])).ToArray());

    [Fact]
    public void Margins_hold_zeros_a_constant_the_mirrored_image_or_its_edge()
    {
        Assert.Equal([0, 1, 2, 0, 3, 4], new ZeroPad2d(1, 0, 0, 0).Forward(Square).ToArray());
        Assert.Equal([1, 2, 7, 3, 4, 7, 7, 7, 7], new ConstantPad2d(0, 1, 0, 1, value: 7).Forward(Square).ToArray());
        Assert.Equal([4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3, 2, 1, 2, 1], new ReflectionPad2d(1).Forward(Square).ToArray());
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], new ReplicationPad2d(1).Forward(Square).ToArray());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Upsample(0f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Upsample((0, 2)));
        Refusal.Of<ShapeException>(
            () => new Upsample(0.3).Forward(Square), "Resize", "2 x 2", "0 x 0", "in module Upsample(by 0.3, nearest)");
        Refusal.Of<ShapeException>(() => new Upsample(2f).Forward(Tensor.Ones([2, 3])), "Resize", "[2, 3]");
        Refusal.Of<ShapeException>(
            () => new Upsample(1e10).Forward(Square), "Resize", "[1, 1, 2, 2]", "by 10000000000", "smaller scale", "in module Upsample");
        Refusal.Of<ShapeException>(
            () => new Upsample(1e9).Forward(Square), "Resize", "[1, 1, 2, 2]", "2000000000 x 2000000000", "smaller size or scale");
        Refusal.Of<ShapeException>(() => new Upsample((50_000, 50_000)).Forward(Square), "Resize", "[1, 1, 2, 2]", "50000 x 50000");
        Refusal.Of<ArgumentException>(() => Square.Resize(2, alignCorners: true), "Resize", "corners");
        Refusal.Of<ArgumentOutOfRangeException>(() => Square.Resize(2, (Interpolation)7), "interpolation must be");
        Refusal.Of<ShapeException>(() => Square.Resize(double.NaN), "Resize", "[1, 1, 2, 2]", "by NaN");
        Refusal.Of<ShapeException>(() => new ReflectionPad2d(2).Forward(Square), "Pad", "Reflect");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Upsample(2f, (Interpolation)7), "interpolation", "7");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Upsample((2, 2), (Interpolation)7), "interpolation", "7");
        Refusal.Of<ArgumentOutOfRangeException>(() => Square.Pad([1, 1], (PaddingMode)9), "mode", "9");
        Refusal.Of<ShapeException>(
            () => new ZeroPad2d(1).Forward(Tensor.Ones([2, 3])), "ZeroPad2d", "[2, 3]", "[batch, channels, height, width]");
    }
}
