using TinyNet.Analysis;
using TinyNet.Images;

namespace TinyNet.Tests.Analysis.Reports;

public class PagePictureTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 70)]
    public void A_png_decodes_to_the_pixels_it_was_made_of(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i * 37))];
        using var folder = new TemporaryFolder();
        string path = folder.At("picture.png");
        File.WriteAllBytes(path, RgbPng.Encode(width, height, pixels));

        var image = ImageFile.Load(path);

        Assert.Equal(new TinyNet.Core.Shape(3, height, width), image.Shape);
        float[] planes = image.ToArray();
        var decoded = Enumerable.Range(0, pixels.Length).Select(i => planes[(i % 3 * width * height) + (i / 3)]);
        Assert.Equal(pixels, decoded.Select(value => (byte)MathF.Round(255 * value)));
    }

    [Theory]
    [InlineData(0, 0x44, 0x01, 0x54)]
    [InlineData(1, 0xFD, 0xE7, 0x25)]
    [InlineData(2, 0xFD, 0xE7, 0x25)]
    [InlineData(-1, 0x44, 0x01, 0x54)]
    [InlineData(double.NaN, 0x80, 0x80, 0x80)]
    public void Viridis_goes_from_violet_to_yellow(double share, byte red, byte green, byte blue) =>
        Assert.Equal((red, green, blue), ColorScale.Viridis.At(share));

    [Fact]
    public void Between_two_stops_colors_are_mixed() => Assert.Equal(((byte)128, (byte)128, (byte)128), ColorScale.Gray.At(0.5));

    [Fact]
    public void Pictures_are_scaled_by_whole_factors()
    {
        Picture[] pictures = [new Picture("a<b", 8, 4, 1, new float[32]), new Picture("", 300, 2, 3, new float[1800])];

        string html = PagePicture.Grid(pictures, ColorScale.Gray);

        Assert.Contains("alt=\"a&lt;b\" width=\"88\" height=\"44\"", html, StringComparison.Ordinal);
        Assert.Contains("width=\"300\" height=\"2\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_one_grid_have_one_scale()
    {
        Picture[] pictures = [.. new float[] { 0, 1, 2 }.Select(value => new Picture("", 1, 1, 1, [value]))];

        string html = PagePicture.Grid(pictures, ColorScale.Gray);

        foreach (byte gray in (byte[])[0, 128, 255])
        {
            Assert.Contains(Convert.ToBase64String(RgbPng.Encode(1, 1, [gray, gray, gray])), html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_picture_without_pixels_is_no_error() =>
        Assert.Contains("data:,", PagePicture.Grid([new Picture("", 0, 0, 1, [])], ColorScale.Gray), StringComparison.Ordinal);
}
