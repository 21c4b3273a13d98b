using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Images;

namespace TinyNet.Tests.Images;

/// <summary>Resizing against PIL, of pictures without loss.</summary>
public class ResizingTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 37, 53, 16, 16 }, { 8, 6, 20, 21 }, { 23, 23, 23, 23 }, { 12, 50, 7, 31 }, { 120, 61, 9, 5 }, { 3, 5, 8, 8 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Sizes_are_those_of_PIL(int height, int width, int toHeight, int toWidth)
    {
        string path = Write(out var folder, height, width);
        using var files = folder;
        foreach (var (fit, name) in new[] { (ImageFit.Stretch, "stretch"), (ImageFit.Crop, "crop") })
        {
            string key = $"{height}x{width}to{toHeight}x{toWidth}";
            var image = ImageFile.Load(path, toHeight, toWidth, fit: fit);

            Assert.Equal(new Shape(3, toHeight, toWidth), image.Shape);
            // In floats the same numbers; of bytes it rounds twice, between the axes and after them.
            Samples.AssertNear(Samples.Numbers($"{name}-float-{key}", most: 255), image, 1e-6);
            Samples.AssertNear(Samples.Bytes($"{name}-{key}"), image, (1 / 255.0) + 1e-6);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void The_weights_are_those_of_the_definition(int height, int width, int toHeight, int toWidth)
    {
        string path = Write(out var folder, height, width);
        using var files = folder;
        int[] picture = Samples.Picture(height, width, 3);
        double part = Math.Min(width, (double)height * toWidth / toHeight), rest = (width - part) / 2;
        double partHeight = Math.Min(height, (double)width * toHeight / toWidth), restHeight = (height - partHeight) / 2;
        float[] expected =
        [
            .. from c in Enumerable.Range(0, 3)
               from y in Enumerable.Range(0, toHeight)
               from x in Enumerable.Range(0, toWidth)
               let rows = Weights(height, restHeight, partHeight, toHeight, y)
               let columns = Weights(width, rest, part, toWidth, x)
               let parts = rows.SelectMany((r, i) => columns.Select((w, j) => r * w * picture[(((i * width) + j) * 3) + c]))
               select (float)(parts.Sum() / 255),
        ];

        Samples.AssertNear(expected, ImageFile.Load(path, toHeight, toWidth), 1e-6);
    }

    [Fact]
    public void White_stays_white_and_never_more()
    {
        int[] white = [.. Enumerable.Repeat(255, 71 * 43)];
        using var folder = new TemporaryFolder(new CaseFile("a.png", PngMaker.Make(71, 0, 8, white)));
        for (int size = 1; size < 40; size++)
        {
            Assert.All(ImageFile.Load(folder.At("a.png"), size, size + 3).ToArray(), number => Assert.InRange(number, 1 - 1e-6f, 1));
        }
    }

    [Fact]
    public void The_same_picture_gives_the_same_bits_everywhere()
    {
        string path = Write(out var folder, 37, 53);
        using var files = folder;
        uint crc = 0;
        foreach (int bits in Samples.Bits(ImageFile.Load(path, 16, 16)))
        {
            crc = (crc * 31) + (uint)bits;
        }

        // Recorded where the values had been compared with PIL's; whoever computes it otherwise gets another one.
        Assert.Equal(951097657u, crc);
    }

    private static double[] Weights(int source, double start, double length, int count, int pixel)
    {
        double center = start + ((pixel + 0.5) * length / count), reach = Math.Max(1, length / count);
        double[] weights = [.. Enumerable.Range(0, source).Select(j => Math.Max(0, 1 - (Math.Abs(j + 0.5 - center) / reach)))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static string Write(out TemporaryFolder folder, int height, int width)
    {
        folder = new TemporaryFolder(new CaseFile("a.png", PngMaker.Make(width, 2, 8, Samples.Picture(height, width, 3))));
        return folder.At("a.png");
    }
}
