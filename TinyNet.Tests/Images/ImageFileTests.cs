using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Images;

namespace TinyNet.Tests.Images;

/// <summary>What images decode to, by formulas and by PIL.</summary>
public class ImageFileTests
{
    // A half of 1/255, for PIL's rounding to bytes, and what float adds to it.
    private const double Rounding = 0.5 / 255 + 1e-6;

    public static TheoryData<int> Orientations => [.. Enumerable.Range(1, 8)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 4)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    public void Numbers_of_a_png_come_over_their_largest(int color, int depth)
    {
        int most = (1 << depth) - 1, channels = color == 2 ? 3 : 1;
        int[] numbers = [.. Enumerable.Range(0, 7 * 5 * channels).Select(i => i * 2741 & most)];
        foreach (bool isInterlaced in new[] { false, true })
        {
            var image = Samples.Load(PngMaker.Make(width: 7, color, depth, numbers, isInterlaced), channels);

            Assert.Equal(new Shape(channels, 5, 7), image.Shape);
            float[] expected =
                [.. Enumerable.Range(0, channels).SelectMany(c => numbers.Where((_, i) => i % channels == c)).Select(x => (float)x / most)];
            Assert.Equal(expected, image.ToArray());
        }
    }

    [Theory]
    [InlineData("rgb")]
    [InlineData("gray")]
    [InlineData("bits")]
    [InlineData("palette")]
    [InlineData("palette-transparent")]
    [InlineData("gray-alpha")]
    [InlineData("rgb-alpha")]
    public void Every_mode_of_png_that_PIL_writes_is_read_and_lies_on_white(string name)
    {
        float[] expected = Samples.Bytes(name);
        var image = ImageFile.Load(Samples.At(name + ".png"));

        Assert.Equal(new Shape(3, 9, 11), image.Shape);
        Samples.AssertNear(expected, image, name.Contains("alpha") || name.Contains("transparent") ? 2 * Rounding : 0);
    }

    [Fact]
    public void Gray_of_16_bits_keeps_them()
    {
        Samples.AssertNear(Samples.Numbers("gray-16", most: 65535), ImageFile.Load(Samples.At("gray-16.png"), channels: 1), 0);
    }

    [Fact]
    public void What_is_transparent_lies_on_white()
    {
        var image = Samples.Load(PngMaker.Make(width: 3, color: 6, depth: 8, [100, 200, 0, 0, 100, 200, 0, 51, 100, 200, 0, 255]));

        float half = 1 - (0.2f * (1 - (100 / 255f)));
        Samples.AssertNear([1, half, 100 / 255f, 1, 1 - (0.2f * (1 - (200 / 255f))), 200 / 255f, 1, 0.8f, 0], image, 1e-6);
    }

    [Fact]
    public void A_transparent_color_and_transparent_colors_of_a_palette_are_white()
    {
        var key = Samples.Load(PngMaker.Make(2, 0, 4, [3, 5], chunks: new CaseFile("tRNS", [0, 3])), channels: 1);
        var palette = Samples.Load(
            PngMaker.Make(2, 3, 8, [1, 0], chunks: [new("PLTE", [10, 20, 30, 40, 50, 60]), new("tRNS", [0])]), channels: 3);

        Assert.Equal([1, 5 / 15f], key.ToArray());
        Assert.Equal([40 / 255f, 1, 50 / 255f, 1, 60 / 255f, 1], palette.ToArray());
    }

    [Fact]
    public void Brightness_is_that_of_PIL()
    {
        Samples.AssertNear(Samples.Bytes("brightness"), ImageFile.Load(Samples.At("rgb.png"), channels: 1), Rounding);
        Samples.AssertNear(Samples.Bytes("photo-brightness"), ImageFile.Load(Samples.At("photo.jpg"), channels: 1), 3 / 255.0);
    }

    [Theory]
    [InlineData("photo")]
    [InlineData("photo-progressive")]
    [InlineData("photo-gray")]
    [InlineData("photo-cmyk")]
    public void A_jpeg_decodes_as_by_PIL(string name) =>
        Samples.AssertNear(Samples.Bytes(name), ImageFile.Load(Samples.At(name + ".jpg")), 3 / 255.0);

    [Theory, MemberData(nameof(Orientations))]
    public void A_jpeg_stands_upright(int orientation)
    {
        var image = ImageFile.Load(Samples.At($"upright-{orientation}.jpg"));

        Assert.Equal(new Shape(3, 16, 24), image.Shape);
        Samples.AssertNear(Samples.Bytes("upright"), image, 30 / 255.0);
    }

    [Fact]
    public void A_png_stands_upright()
    {
        var image = Samples.Load(
            PngMaker.Make(2, 0, 8, [10, 20, 30, 40, 50, 60], chunks: new CaseFile("eXIf", PngMaker.Exif(orientation: 6))), channels: 1);

        Assert.Equal(new Shape(1, 2, 3), image.Shape);
        Assert.Equal([50 / 255f, 30 / 255f, 10 / 255f, 60 / 255f, 40 / 255f, 20 / 255f], image.ToArray());
    }

    [Fact]
    public void The_contents_decide_and_not_the_name()
    {
        using var folder = new TemporaryFolder(new CaseFile("a.png", File.ReadAllBytes(Samples.At("photo.jpg"))));

        Assert.Equal(Samples.Bits(ImageFile.Load(Samples.At("photo.jpg"))), Samples.Bits(ImageFile.Load(folder.At("a.png"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_was_saved_is_loaded(int channels)
    {
        using var folder = new TemporaryFolder();
        float[] numbers = [.. Enumerable.Range(0, channels * 12).Select(i => i * 7 % 256 / 255f)];
        // A view, whose numbers do not lie in order.
        var image = Tensor.From(numbers, [channels, 4, 3]).Transpose();
        ImageFile.Save(folder.At("a.png"), image);

        Assert.Equal(image.ToArray(), ImageFile.Load(folder.At("a.png"), channels).ToArray());
    }

    [Fact]
    public void Numbers_outside_are_clipped()
    {
        using var folder = new TemporaryFolder();
        float[] numbers = [-1, 2, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f];
        ImageFile.Save(folder.At("a.png"), Tensor.From(numbers, [1, 2, 3]));

        Assert.Equal([0, 1, 0, 1, 0, 128 / 255f], ImageFile.Load(folder.At("a.png"), channels: 1).ToArray());
    }

    [Fact]
    public void Arguments_are_refused_by_name()
    {
        string path = Samples.At("rgb.png");
        Refusal.Of<ArgumentOutOfRangeException>(() => ImageFile.Load(path, channels: 2), "3 (red, green, blue) or 1 (brightness)");
        Refusal.Of<ArgumentOutOfRangeException>(() => ImageFile.Load(path, height: 0, width: 3), "height");
        Refusal.Of<ArgumentOutOfRangeException>(() => ImageFile.Load(path, height: 3, width: -1), "width");
        Refusal.Of<ArgumentOutOfRangeException>(() => ImageFile.Load(path, 3, 3, fit: (ImageFit)7), "fit");
        Refusal.Of<ShapeException>(
            () => ImageFile.Save("a.png", Tensor.Zeros([2, 3, 3])), "ImageFile.Save", "[2, 3, 3]", "[1, height, width]");
        Refusal.Of<ShapeException>(() => ImageFile.Save("a.png", Tensor.Zeros([1, 1, 3, 3])), "Select");
        Refusal.Of<ShapeException>(() => ImageFile.Save("a.png", Tensor.Zeros([1, 65_537, 1])), "[1, 65537, 1]", "65536 pixels a side");
        Assert.False(File.Exists("a.png"));
        Assert.Throws<FileNotFoundException>(() => ImageFile.Load(Samples.At("none.png")));
    }
}
