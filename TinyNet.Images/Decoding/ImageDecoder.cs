using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using TinyNet.Core;

namespace TinyNet.Images;

/// <summary>
/// Decodes files with ImageSharp. A file is checked before, so that it is no larger than it seems and is all there; whatever the decoder
/// throws after that is one refusal, which names the file.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>Nothing but the two formats, one thread for each image, and a bound for the memory of one.</summary>
    public static Configuration Configuration { get; } = Make();

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFormatException">It is no image, damaged, cut off or too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DecodedImage Read(string path)
    {
        using var file = FileBytes.Read(path);
        if (file.Span.StartsWith(PngFile.Signature))
        {
            using var clean = PngFile.Clean(file, out bool isDeep);
            Identify(clean);
            return isDeep
                ? new DecodedImage<Rgba64, ushort>(Decode<Rgba64>(clean))
                : new DecodedImage<Rgba32, byte>(Decode<Rgba32>(clean));
        }

        if (file.Span.StartsWith(JpegFile.Signature))
        {
            long coded = JpegFile.Check(file);
            var info = Identify(file);
            JpegFile.CheckSize(file, coded, info.Width, info.Height);
            return new DecodedImage<Rgba32, byte>(Decode<Rgba32>(file));
        }

        throw file.Wrong(0, "a PNG or a JPEG file",
            file.Length == 0 ? "nothing" : $"one that begins with {Convert.ToHexString(file.Span[..Math.Min(4, file.Length)])}");
    }

    /// <summary>What the decoder says of a file, within the limits.</summary>
    private static IImageInfo Identify(FileBytes file)
    {
        var info = Try(file, static stream => Image.Identify(Configuration, stream))
            ?? throw file.Wrong(0, "an image that can be decoded", "one that the decoder does not know");
        ImageLimits.Check(file, info.Width, info.Height);
        return info;
    }

    private static Image<TPixel> Decode<TPixel>(FileBytes file) where TPixel : unmanaged, IPixel<TPixel> => Try(file, static stream =>
    {
        var image = Image.Load<TPixel>(Configuration, stream);
        try
        {
            image.Mutate(static context => context.AutoOrient());
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    });

    /// <summary>Asks the decoder, which of a damaged file throws many things, down to references to nothing.</summary>
    private static T Try<T>(FileBytes file, Func<Stream, T> ask)
    {
        using var stream = file.Open();
        try
        {
            return ask(stream);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw file.Wrong(0, "an image that can be decoded", $"one that cannot ({exception.Message})", exception);
        }
    }

    private static Configuration Make()
    {
        // The decoder makes this array by reflection; compiled ahead of time there is no such type if nobody else makes one.
        GC.KeepAlive(new ExifDataType[1]);
        return new Configuration(new JpegConfigurationModule(), new PngConfigurationModule())
        {
            MaxDegreeOfParallelism = 1,
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
            {
                AllocationLimitMegabytes = ImageLimits.MostMegabytes,
            }),
        };
    }
}
