using System.Buffers.Binary;
using System.IO.Compression;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// A file that is read from its beginning to its end, unpacked on the way where it is gzipped. Every length is checked against what is
/// there: of a plain file before anything is allocated, of a compressed one by allocating only as its contents come.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private const int FirstPiece = 1 << 20;
    private const int GzipTrailer = 8;
    private readonly Stream _contents;
    private readonly FileStream? _packed;
    private readonly long? _length;

    private InputFile(string name, Stream contents, FileStream? packed, long? length)
    {
        Name = name;
        _contents = contents;
        _packed = packed;
        _length = length;
    }

    /// <summary>What the file is called in messages.</summary>
    public string Name { get; }

    /// <summary>How many bytes of the contents have been read.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file. It may be gzipped, whatever its name.</summary>
    public static InputFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            bool isPacked = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic is [0x1F, 0x8B];
            file.Position = 0;
            return isPacked
                ? new InputFile(path, new GZipStream(file, CompressionMode.Decompress), file, length: null)
                : new InputFile(path, file, packed: null, file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is read as it is, gzipped or not.</summary>
    public static InputFile OpenPlain(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return new InputFile(path, file, packed: null, file.Length);
    }

    /// <summary>A file inside of an archive: its length is not believed.</summary>
    public static InputFile Over(string name, Stream contents) => new(name, contents, packed: null, length: null);

    /// <summary>Reads as many bytes as a span has.</summary>
    /// <param name="bytes">Where they go.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <exception cref="DataFormatException">The file ends before, or cannot be unpacked.</exception>
    public void Read(Span<byte> bytes, string what)
    {
        int count = ReadUpTo(bytes);
        if (count < bytes.Length)
        {
            throw Wrong(Position - count, $"{what}, {bytes.Length} bytes", $"the end of the file after {count}");
        }
    }

    /// <summary>Reads bytes into a new array, which is never much larger than what the file really has.</summary>
    /// <param name="count">How many, as the file says.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <exception cref="DataFormatException">The file ends before, cannot be unpacked, or no array has so many.</exception>
    public byte[] Read(long count, string what)
    {
        if (_length is { } length && count > length - Position)
        {
            throw Wrong(Position, $"{what}, {count} bytes", $"{length - Position} bytes to the end of the file");
        }

        if (count > Array.MaxLength)
        {
            throw Wrong(Position, $"{what}, at most the {Array.MaxLength} bytes that an array holds", $"{count} bytes");
        }

        byte[] bytes = new byte[_length is null ? Math.Min(count, FirstPiece) : count];
        for (int filled = 0; filled < count;)
        {
            if (filled == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(count, 2L * filled));
            }

            int read = ReadUpTo(bytes.AsSpan(filled));
            filled += read;
            if (filled < bytes.Length)
            {
                throw Wrong(Position - filled, $"{what}, {count} bytes", $"the end of the file after {filled}");
            }
        }

        return bytes;
    }

    /// <summary>Reads a file that is not compressed to its end.</summary>
    /// <param name="what">What that is, for messages.</param>
    /// <exception cref="DataFormatException">No array has so many bytes.</exception>
    public byte[] ReadRest(string what) => Read((_length ?? Position) - Position, what);

    /// <summary>Reads bytes until a span is full or the file ends, and returns how many there were.</summary>
    /// <exception cref="DataFormatException">The file cannot be unpacked.</exception>
    public int ReadUpTo(Span<byte> bytes)
    {
        int count = 0;
        try
        {
            count = _contents.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(
                Name, Here(Position), "compressed data", $"what cannot be unpacked ({exception.Message})", exception);
        }

        Position += count;
        return count;
    }

    /// <summary>Refuses a file that goes on, and a gzipped one whose end is missing.</summary>
    /// <param name="what">What was the last thing in it, for messages.</param>
    /// <exception cref="DataFormatException">The file goes on, or its end is missing.</exception>
    public void ExpectEnd(string what)
    {
        Span<byte> next = stackalloc byte[1];
        long end = Position;
        if (ReadUpTo(next) > 0)
        {
            throw Wrong(end, $"the end of the file after {what}", _length is { } length ? $"{length - end} bytes more" : "more bytes");
        }

        if (_packed is not null)
        {
            ExpectGzipEnd(_packed, end);
        }
    }

    public void Dispose() => _contents.Dispose();

    /// <summary>The exception for a place in this file.</summary>
    public DataFormatException Wrong(long position, string expected, string found) => new(Name, Here(position), expected, found);

    /// <summary>A gzipped file ends in the length of its contents. The decoder of .NET takes one whose end is missing.</summary>
    private void ExpectGzipEnd(FileStream packed, long contents)
    {
        Span<byte> trailer = stackalloc byte[GzipTrailer];
        packed.Position = Math.Max(0, packed.Length - GzipTrailer);
        int count = packed.ReadAtLeast(trailer, GzipTrailer, throwOnEndOfStream: false);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[^sizeof(uint)..]);
        if (count < GzipTrailer || length != unchecked((uint)contents))
        {
            throw Wrong(
                contents, $"the end of the gzip file, which says {contents} bytes", $"{length}: the end is missing, or more follows");
        }
    }

    private static string Here(long position) => $"byte {position}";
}
