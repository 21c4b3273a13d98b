using System.Buffers.Binary;

namespace TinyNet.Images;

/// <summary>The header of a PNG file: its chunk IHDR.</summary>
internal readonly struct PngHeader
{
    public const int Length = 13;
    private const byte Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, RgbAlpha = 6;

    // Where the seven passes of an interlaced image begin, and how far their pixels are from each other: x, y.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Reads a header, and refuses one that is none.</summary>
    public PngHeader(FileBytes file, int at, ReadOnlySpan<byte> chunk)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk), height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        ImageLimits.Check(file, width, height);
        (Width, Height, Depth, Color, IsInterlaced) = ((int)width, (int)height, chunk[8], chunk[9], chunk[12] == 1);
        bool isKnown = Color switch
        {
            Gray => Depth is 1 or 2 or 4 or 8 or 16,
            Palette => Depth is 1 or 2 or 4 or 8,
            Rgb or GrayAlpha or RgbAlpha => Depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            throw file.Wrong(at, "a header of PNG",
                $"color type {Color} of {Depth} bits, compression {chunk[10]}, filter {chunk[11]}, interlacing {chunk[12]}");
        }
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The bits of a number.</summary>
    public byte Depth { get; }

    /// <summary>What the numbers of a pixel are.</summary>
    public byte Color { get; }

    public bool IsInterlaced { get; }

    public bool HasPalette => Color == Palette;

    /// <summary>Whether a chunk tRNS of so many bytes fits: one transparent color, or how transparent those of a palette are.</summary>
    public bool TakesTransparency(int length, int colors) => Color switch
    {
        Gray => length == 2,
        Rgb => length == 6,
        Palette => length <= colors,
        _ => false,
    };

    /// <summary>How many bytes the pixels are before they are compressed: each row has a byte for its filter.</summary>
    public long PixelBytes()
    {
        if (!IsInterlaced)
        {
            return Height * RowBytes(Width);
        }

        long bytes = 0;
        foreach (var (x, y, stepX, stepY) in Passes)
        {
            long columns = (Width - x + stepX - 1) / stepX, rows = (Height - y + stepY - 1) / stepY;
            bytes += columns > 0 ? rows * RowBytes(columns) : 0;
        }

        return bytes;
    }

    private long RowBytes(long columns)
    {
        int numbers = Color switch { Rgb => 3, GrayAlpha => 2, RgbAlpha => 4, _ => 1 };
        return 1 + (((columns * numbers * Depth) + 7) / 8);
    }
}
