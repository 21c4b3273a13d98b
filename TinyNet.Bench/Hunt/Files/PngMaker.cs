using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace TinyNet.Bench;

/// <summary>Makes PNG files of any kind by hand.</summary>
internal static class PngMaker
{
    public const string PngName = "a.png";
    private const string Pixels = "IDAT", Header = "IHDR";
    private static readonly (int X, int Y, int StepX, int StepY)[] Whole = [(0, 0, 1, 1)];
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>A file of numbers: of all pixels, row after row.</summary>
    /// <param name="width">The pixels of a row.</param>
    /// <param name="color">0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha.</param>
    /// <param name="depth">The bits of a number.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="isInterlaced">Whether the pixels come in seven passes.</param>
    /// <param name="chunks">What comes before the pixels: palette, transparency and such, by the names of their chunks.</param>
    public static byte[] Make(int width, int color, int depth, int[] numbers, bool isInterlaced = false, params CaseFile[] chunks) =>
        Pack(
        [
            new(Pixels, Rows(width, color, depth, numbers, isInterlaced)), HeaderOf(width, color, depth, numbers, isInterlaced), .. chunks,
        ]);

    /// <summary>The chunks of a random file, its pixels not compressed yet.</summary>
    public static CaseFile[] Chunks(Random random)
    {
        (int color, int depth) = random.Next(8) switch
        {
            0 => (0, 1 << random.Next(5)),
            1 => (4, 8 << random.Next(2)),
            2 or 3 => (2, 8 << random.Next(2)),
            4 or 5 => (6, 8 << random.Next(2)),
            _ => (3, 1 << random.Next(4)),
        };
        bool isInterlaced = random.Next(3) == 0;
        int width = 5 + random.Next(12), height = 1 + random.Next(10), most = (1 << depth) - 1;
        int[] numbers = [.. Enumerable.Range(0, width * height * NumbersOf(color)).Select(i => (i * 37) & most)];
        var chunks = new List<CaseFile>
        {
            new(Pixels, Rows(width, color, depth, numbers, isInterlaced)),
            HeaderOf(width, color, depth, numbers, isInterlaced),
        };
        if (color == 3)
        {
            chunks.Add(new("PLTE", [.. Enumerable.Range(0, 3 * (most + 1)).Select(i => (byte)(i * 11))]));
        }

        if (depth <= 8 && color is 0 or 2 or 3 && random.Next(2) == 0)
        {
            chunks.Add(new("tRNS", new byte[color == 0 ? 2 : color == 2 ? 6 : 1]));
        }

        if (random.Next(3) == 0)
        {
            chunks.Add(new("eXIf", Exif(orientation: 6)));
        }

        if (random.Next(3) == 0)
        {
            chunks.Add(new("zTXt", [.. "Comment"u8, 0, 0, .. Compressed(new byte[100])]));
        }

        return [.. chunks];
    }

    /// <summary>The file of chunks, whose first is that of the pixels.</summary>
    public static CaseFile[] PackFile(CaseFile[] chunks) => [new(PngName, Pack(chunks))];

    /// <summary>The least of EXIF: how an image is turned.</summary>
    public static byte[] Exif(byte orientation) =>
        [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    private static byte[] Pack(CaseFile[] chunks) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n',
        .. chunks.Skip(1).SelectMany(chunk => Chunk(chunk.Name, chunk.Bytes)),
        .. Chunk(chunks[0].Name, Compressed(chunks[0].Bytes)),
        .. Chunk("IEND", []),
    ];

    /// <summary>A chunk with its check sum.</summary>
    public static byte[] Chunk(string name, byte[] contents)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(name), .. contents, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, contents.Length);
        uint remainder = uint.MaxValue;
        foreach (byte value in chunk.AsSpan(4..^4))
        {
            remainder ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320);
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), ~remainder);
        return chunk;
    }

    /// <summary>What stands in a chunk of pixels.</summary>
    public static byte[] Compressed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }

    private static int NumbersOf(int color) => color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private static CaseFile HeaderOf(int width, int color, int depth, int[] numbers, bool isInterlaced)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), numbers.Length / (width * NumbersOf(color)));
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, isInterlaced ? (byte)1 : (byte)0);
        return new CaseFile(Header, header);
    }

    /// <summary>The rows as they are before they are compressed: each has a byte for its filter first, here none.</summary>
    private static byte[] Rows(int width, int color, int depth, int[] numbers, bool isInterlaced)
    {
        int each = NumbersOf(color), height = numbers.Length / (width * each);
        var rows = new List<byte>();
        foreach (var (startX, startY, stepX, stepY) in isInterlaced ? Passes : Whole)
        {
            for (int y = startY; y < height && startX < width; y += stepY)
            {
                rows.Add(0);
                int bits = 0, free = 8;
                for (int x = startX; x < width; x += stepX)
                {
                    foreach (int number in numbers.AsSpan(((y * width) + x) * each, each))
                    {
                        if (depth == 16)
                        {
                            rows.Add((byte)(number >> 8));
                        }

                        bits |= (number & ((1 << Math.Min(8, depth)) - 1)) << (free -= Math.Min(8, depth));
                        if (free == 0)
                        {
                            rows.Add((byte)bits);
                            (bits, free) = (0, 8);
                        }
                    }
                }

                if (free < 8)
                {
                    rows.Add((byte)bits);
                }
            }
        }

        return [.. rows];
    }
}
