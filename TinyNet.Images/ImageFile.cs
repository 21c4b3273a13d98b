using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using TinyNet.Core;

namespace TinyNet.Images;

/// <summary>Single images: PNG and JPEG files as tensors [channels, height, width] of numbers from 0 to 1, and back.</summary>
/// <remarks>
/// <para>A number is that of the file over its largest (255, or 65535 of 16 bits). Images are upright: turned as EXIF says. What is
/// transparent lies on white: with opacity a, x becomes 1 − a (1 − x). Brightness is 0.299 red + 0.587 green + 0.114 blue. Color profiles
/// are passed over.</para>
/// <para>A size is reached by antialiased linear interpolation: pixel i of an axis with n is the mean of the source pixels j, weighted by
/// max(0, 1 − |j + 1/2 − c| / s), where l source pixels from p on are taken, c = p + (i + 1/2) l / n and s = max(1, l / n). It is what
/// PIL's <c>resize</c> and <c>ImageOps.fit</c> with <c>BILINEAR</c> compute, which round to bytes between the axes and after them. Resizing
/// gives the same bits on every machine; so does decoding PNG, while what JPEG decodes to differs a little between processors.</para>
/// <para>Refused are files of more than 256 MiB, images with more than 65,536 pixels a side or 67,108,864 in all, and whatever cannot be
/// decoded or is seen to be cut off.</para>
/// </remarks>
public static class ImageFile
{
    /// <summary>Reads an image in its own size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">3 for red, green and blue, 1 for their brightness.</param>
    /// <returns>The image, [channels, height, width].</returns>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are neither 1 nor 3.</exception>
    /// <exception cref="DataFormatException">The file is no image, damaged, cut off or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="TensorException">There is not enough memory.</exception>
    public static Tensor Load(string path, int channels = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireChannels(channels);
        using var image = ImageDecoder.Read(path);
        return Resized(path, image, channels, image.Height, image.Width, ImageFit.Stretch);
    }

    /// <summary>Reads an image in a given size, as <see cref="ImageFolder"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="height">The height to which it comes, in pixels.</param>
    /// <param name="width">The width to which it comes.</param>
    /// <param name="channels">3 for red, green and blue, 1 for their brightness.</param>
    /// <param name="fit">What happens to an image of another shape.</param>
    /// <returns>The image, [channels, height, width].</returns>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or the channels are neither 1 nor 3.</exception>
    /// <exception cref="DataFormatException">The file is no image, damaged, cut off or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="TensorException">No tensor has so many pixels, or there is not enough memory.</exception>
    public static Tensor Load(string path, int height, int width, int channels = 3, ImageFit fit = ImageFit.Crop)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Require.Positive(height);
        Require.Positive(width);
        RequireChannels(channels);
        Require.Defined(fit);
        using var image = ImageDecoder.Read(path);
        return Resized(path, image, channels, height, width, fit);
    }

    /// <summary>
    /// Writes an image as a PNG file of 8 bits. Numbers are rounded to 1/255; those below 0 and nan become 0, those above 1 become 1.
    /// </summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="image">The image, [1, height, width] or [3, height, width].</param>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <exception cref="ShapeException">It has not the shape of an image, or more pixels than are loaded.</exception>
    /// <exception cref="LifetimeException">Its scope or its batch has ended.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(string path, Tensor image)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        if (image.Rank != 3 || image.Shape[0] is not (1 or 3) || image.Length == 0)
        {
            throw new ShapeException("ImageFile.Save", $"shape {image.Shape}",
                "an image is [1, height, width] or [3, height, width]; of a batch take one by Select(0, index)");
        }

        int height = image.Shape[1], width = image.Shape[2];
        if (!ImageLimits.Allow(width, height))
        {
            throw new ShapeException(
                "ImageFile.Save", $"shape {image.Shape}", $"images have at most {ImageLimits.Most}: cut it into parts");
        }

        float[] numbers = image.ToArray();
        int plane = height * width, second = image.Shape[0] == 3 ? plane : 0;
        using var pixels = new Image<Rgb24>(ImageDecoder.Configuration, width, height);
        for (int y = 0; y < height; y++)
        {
            var row = pixels.DangerousGetPixelRowMemory(y).Span;
            for (int x = 0; x < width; x++)
            {
                int red = (y * width) + x, green = red + second, blue = green + second;
                row[x] = new Rgb24(ToByte(numbers[red]), ToByte(numbers[green]), ToByte(numbers[blue]));
            }
        }

        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        pixels.Save(file, new PngEncoder
        {
            ColorType = second == 0 ? PngColorType.Grayscale : PngColorType.Rgb,
            BitDepth = PngBitDepth.Bit8,
        });
    }

    /// <summary>1 or 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are neither.</exception>
    internal static int RequireChannels(int channels) => channels is 1 or 3 ? channels
        : throw new ArgumentOutOfRangeException(nameof(channels), channels, "channels must be 3 (red, green, blue) or 1 (brightness)");

    /// <summary>Reads an image in a given size into memory that is full of zeros.</summary>
    internal static void Read(string path, int channels, int height, int width, ImageFit fit, Span<float> result)
    {
        using var image = ImageDecoder.Read(path);
        ImageResizer.Resize(image, channels, height, width, fit, result);
    }

    private static Tensor Resized(string path, DecodedImage image, int channels, int height, int width, ImageFit fit)
    {
        Shape shape = [channels, height, width];
        float[] numbers = Allocation.OnHost<float>(shape, $"ImageFile.Load of {path}");
        ImageResizer.Resize(image, channels, height, width, fit, numbers);
        return Tensor.From(numbers, shape);
    }

    /// <summary>The nearest of the 256 steps from 0 to 1.</summary>
    internal static byte ToByte(float number) => number > 0 ? (byte)((Math.Min(number, 1) * byte.MaxValue) + 0.5f) : (byte)0;
}
