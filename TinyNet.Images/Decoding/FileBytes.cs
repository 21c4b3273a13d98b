using System.Buffers;
using TinyNet.Core;

namespace TinyNet.Images;

/// <summary>The bytes of a file, in an array of the shared pool.</summary>
/// <param name="name">What the file is called in messages.</param>
/// <param name="length">How many bytes there are.</param>
internal sealed class FileBytes(string name, int length) : IDisposable
{
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(length);

    /// <summary>What the file is called in messages.</summary>
    public string Name => name;

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; } = length;

    /// <summary>The bytes.</summary>
    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFormatException">It is larger than images are.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileBytes Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = file.CanSeek ? file.Length : 0;
        if (length > ImageLimits.MostBytes)
        {
            throw new DataFormatException(path, "byte 0", $"an image of at most {ImageLimits.MostBytes} bytes", $"{length} bytes");
        }

        var bytes = new FileBytes(path, (int)length);
        try
        {
            bytes.Cut(file.ReadAtLeast(bytes.Span, bytes.Length, throwOnEndOfStream: false));
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Forgets what comes after so many bytes.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    /// <summary>The bytes, or some of them, as a stream.</summary>
    public MemoryStream Open(Range? part = null)
    {
        var (start, length) = (part ?? Range.All).GetOffsetAndLength(Length);
        return new MemoryStream(_bytes, start, length, writable: false);
    }

    /// <summary>The exception for a place in the file.</summary>
    public DataFormatException Wrong(long position, string expected, string found, Exception? innerException = null) =>
        new(name, $"byte {position}", expected, found, innerException);

    /// <summary>Gives the array back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
