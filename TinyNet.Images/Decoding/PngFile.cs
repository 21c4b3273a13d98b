using System.Buffers.Binary;
using System.IO.Compression;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Images;

/// <summary>
/// The chunks of a PNG file. The decoder leaves black what is missing, or waits for it for ever; it reads beyond a palette that is too
/// short, ends at a piece of the pixels that is empty, and unpacks texts of any size. So the file is checked, and what is needed for the
/// pixels is written anew: with a full palette, and all pixels in one piece.
/// </summary>
internal sealed class PngFile
{
    // What is around the contents of a chunk: length and name before, check sum after.
    private const int Prefix = 8, Suffix = 4;
    private const int MostColors = 256;

    // Narrower interlaced images have passes without a pixel; the decoder puts the rows after them into wrong places.
    private const int LeastInterlacedWidth = 5;

    private readonly FileBytes _file;
    private readonly PngHeader _header;

    // The contents of the chunks that are needed.
    private readonly List<Range> _pixels = [];
    private Range _palette, _transparency, _exif;

    private PngFile(FileBytes file)
    {
        _file = file;
        ReadOnlySpan<byte> bytes = file.Span;
        _header = Header(file, bytes);
        int at = HeaderEnd;
        while (Next(file, bytes, ref at) is var (name, contents) && name != "IEND")
        {
            Note(name, contents);
        }

        if (_header.HasPalette && Length(_palette) == 0)
        {
            throw file.Wrong(at, "a palette before the end", "none");
        }
    }

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private static int HeaderEnd => Signature.Length + Prefix + PngHeader.Length + Suffix;

    /// <summary>Checks a file and writes it anew.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isDeep">Whether its numbers have 16 bits.</param>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static FileBytes Clean(FileBytes file, out bool isDeep)
    {
        var png = new PngFile(file);
        isDeep = png._header.Depth == 16;
        var clean = new FileBytes(file.Name, file.Length + (3 * MostColors) + Prefix + Suffix);
        try
        {
            var pixels = png.Write(clean);
            CheckPixels(clean, pixels, png._header.PixelBytes());
            return clean;
        }
        catch
        {
            clean.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a chunk that is needed, and refuses one without which the image is nothing.</summary>
    private void Note(string name, Range contents)
    {
        int start = contents.Start.Value, length = Length(contents);
        switch (name)
        {
            case "PLTE" when _header.HasPalette:
                _palette = length is > 0 and <= 3 * MostColors && length % 3 == 0 ? contents
                    : throw _file.Wrong(start, $"a palette of 1 to {MostColors} colors", $"{length} bytes");
                break;
            case "tRNS" when _header.TakesTransparency(length, colors: Length(_palette) / 3):
                // The decoder reads the two bytes of each number of the color in the wrong order.
                _transparency = _header.Depth < 16 ? contents
                    : throw _file.Wrong(start, "no single transparent color in an image of 16 bits", "a chunk tRNS");
                break;
            case "eXIf":
                _exif = contents;
                break;
            case "IDAT":
                _pixels.Add(contents);
                break;
            case not "PLTE" when char.IsAsciiLetterUpper(name[0]):
                // A name in capitals says so.
                throw _file.Wrong(start, "a chunk that is known, or may be passed over", $"a chunk {name}");
        }
    }

    /// <summary>Writes the chunks, and says where the compressed pixels are.</summary>
    private Range Write(FileBytes clean)
    {
        ReadOnlySpan<byte> bytes = _file.Span;
        var writer = new ChunkWriter(clean.Span);
        writer.Append(bytes[..HeaderEnd]);
        if (_header.HasPalette)
        {
            writer.Chunk("PLTE"u8, bytes[_palette], padding: (3 * MostColors) - Length(_palette));
        }

        writer.ChunkIfAny("tRNS"u8, bytes[_transparency]);
        writer.ChunkIfAny("eXIf"u8, bytes[_exif]);
        int start = writer.Begin("IDAT"u8);
        foreach (var piece in _pixels)
        {
            writer.Append(bytes[piece]);
        }

        int end = writer.End(start);
        writer.Chunk("IEND"u8, [], padding: 0);
        clean.Cut(writer.Length);
        return (start + Prefix)..(end - Suffix);
    }

    private static int Length(Range contents) => contents.End.Value - contents.Start.Value;

    /// <summary>The first chunk.</summary>
    private static PngHeader Header(FileBytes file, ReadOnlySpan<byte> bytes)
    {
        int at = Signature.Length;
        var (name, contents) = Next(file, bytes, ref at);
        int start = contents.Start.Value, length = Length(contents);
        if (name != "IHDR" || length != PngHeader.Length)
        {
            throw file.Wrong(start - Prefix, $"a chunk IHDR of {PngHeader.Length} bytes", $"a chunk {name} of {length}");
        }

        var header = new PngHeader(file, start, bytes[contents]);
        return !header.IsInterlaced || header.Width >= LeastInterlacedWidth ? header
            : throw file.Wrong(start, $"an interlaced image of at least {LeastInterlacedWidth} pixels a row", $"{header.Width}");
    }

    /// <summary>The name of a chunk and where its contents lie.</summary>
    private static (string Name, Range Contents) Next(FileBytes file, ReadOnlySpan<byte> bytes, ref int at)
    {
        int rest = bytes.Length - at - Prefix - Suffix;
        if (rest < 0)
        {
            throw file.Wrong(at, "more chunks, up to IEND", "the end of the file: it is cut off");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        if (length > rest)
        {
            throw file.Wrong(at, $"a chunk of {length} bytes", $"{rest} bytes to the end of the file");
        }

        int start = at + Prefix, end = start + (int)length;
        uint sum = BinaryPrimitives.ReadUInt32BigEndian(bytes[end..]), right = Crc32.Of(bytes[(at + 4)..end]);
        if (sum != right)
        {
            throw file.Wrong(at, $"a chunk with the check sum {right:x8}", $"{sum:x8}");
        }

        string name = string.Create(4, bytes.Slice(at + 4, 4), static (name, source) =>
        {
            for (int i = 0; i < name.Length; i++)
            {
                name[i] = char.IsAsciiLetter((char)source[i]) ? (char)source[i] : '?';
            }
        });
        at = end + Suffix;
        return (name, start..end);
    }

    /// <summary>Unpacks the pixels, and sees whether they are as many as the header says. They are not kept.</summary>
    private static void CheckPixels(FileBytes clean, Range data, long expected)
    {
        using var packed = clean.Open(data);
        using var pixels = new ZLibStream(packed, CompressionMode.Decompress);
        Span<byte> buffer = stackalloc byte[1 << 14];
        long found = 0;
        try
        {
            for (int read = 1; read > 0 && found <= expected; found += read)
            {
                read = pixels.Read(buffer);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw clean.Wrong(0, $"{expected} bytes of compressed pixels", $"what cannot be unpacked after {found} ({exception.Message})",
                exception);
        }

        if (found != expected)
        {
            throw clean.Wrong(0, $"{expected} bytes of pixels", found > expected ? "more" : $"{found}: the file is cut off or damaged");
        }
    }
}
