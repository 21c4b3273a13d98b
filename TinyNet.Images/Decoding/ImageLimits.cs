namespace TinyNet.Images;

/// <summary>What an image may ask for at most, so that no file makes memory or time run out.</summary>
internal static class ImageLimits
{
    /// <summary>The bytes of a file.</summary>
    public const int MostBytes = 1 << 28;

    /// <summary>The pixels of a row, and of a column.</summary>
    public const int MostSide = 1 << 16;

    /// <summary>The pixels of an image.</summary>
    public const int MostPixels = 1 << 26;

    /// <summary>The megabytes of one piece of memory: that of the pixels is the largest, of 8 bytes each where they have 16 bits.</summary>
    public const int MostMegabytes = 8 * (MostPixels >> 20);

    /// <summary>The scans of a JPEG file. Each goes over all of its blocks, however little is in it.</summary>
    public const int MostScans = 100;

    /// <summary>The limits of a size, in words.</summary>
    public static string Most => $"{MostSide} pixels a side and {MostPixels} in all";

    /// <summary>Whether an image may have a size.</summary>
    public static bool Allow(long width, long height) =>
        width is >= 1 and <= MostSide && height is >= 1 and <= MostSide && width * height <= MostPixels;

    /// <summary>Refuses an image that is too large.</summary>
    public static void Check(FileBytes file, long width, long height)
    {
        if (!Allow(width, height))
        {
            throw file.Wrong(0, $"an image of at most {Most}", $"{width} x {height} pixels");
        }
    }
}
