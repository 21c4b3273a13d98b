using System.Security.Cryptography;

namespace TinyNet.Data;

/// <summary>The beginning of a file that is being downloaded, beside the place where the whole will be, with its checksum so far.</summary>
internal sealed class PartialFile : IDisposable
{
    public const string Extension = ".tinynet-part";
    private const int PieceBytes = 1 << 16;
    private readonly string _target;
    private readonly FileStream _stream;

    // Publishers give this one. It tells a damaged file, not a forged one.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    private PartialFile(string target)
    {
        _target = target;
        _stream = new FileStream(target + Extension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>How many bytes there are.</summary>
    public long Length => _stream.Position;

    /// <summary>The checksum of the bytes that there are.</summary>
    public string Md5 => Convert.ToHexStringLower(_md5.GetCurrentHash());

    /// <summary>Opens what an earlier download has left, or begins a file.</summary>
    /// <param name="target">Where the whole will be.</param>
    /// <exception cref="IOException">The file cannot be read or written, or another download has it.</exception>
    public static PartialFile Open(string target)
    {
        var part = new PartialFile(target);
        try
        {
            ReadAll(part._stream, part._md5);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>The checksum of a file.</summary>
    public static string Md5Of(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        ReadAll(stream, md5);
        return Convert.ToHexStringLower(md5.GetCurrentHash());
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _md5.AppendData(bytes);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _stream.SetLength(0);
        _md5.GetHashAndReset();
    }

    /// <summary>Puts the file, which is whole, where it belongs; what was there is replaced.</summary>
    public void Finish()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_target + Extension, _target, overwrite: true);
    }

    /// <summary>Leaves nothing of it.</summary>
    public void Delete()
    {
        _stream.Dispose();
        File.Delete(_target + Extension);
    }

    public void Dispose()
    {
        if (_stream.CanSeek && _stream.Length == 0)
        {
            // Nothing has come.
            Delete();
        }

        _stream.Dispose();
        _md5.Dispose();
    }

    private static void ReadAll(FileStream stream, IncrementalHash md5)
    {
        byte[] piece = new byte[PieceBytes];
        for (int count; (count = stream.Read(piece)) > 0;)
        {
            md5.AppendData(piece, 0, count);
        }
    }
}
