using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A file of tensors in the format safetensors, which PyTorch's and other libraries share: 8 bytes with the length of a JSON header, the
/// header, the numbers (https://github.com/huggingface/safetensors). <see cref="ModelWeights"/> saves models in it.
/// </summary>
/// <remarks>
/// What a file says is checked before anything is allocated by it, and nothing in it can make code run. The file stays open until it is
/// disposed; it may be replaced meanwhile.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private const int LengthBytes = sizeof(ulong);

    private readonly SafeFileHandle _handle;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _dataStart;

    private SafetensorsFile(string path, SafeFileHandle handle)
    {
        (Path, _handle) = (path, handle);
        long length = RandomAccess.GetLength(handle);
        byte[] json = new byte[HeaderLength(length)];
        ReadFully(json, LengthBytes);
        _dataStart = LengthBytes + json.Length;
        _header = SafetensorsHeader.Parse(path, json, length - _dataStart);
        _entries = _header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The texts that the writer left in it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The path, and what is in it.</summary>
    public override string ToString() => $"{Path}: {Entries.Count} tensors, {Metadata.Count} texts";

    /// <summary>Opens a file, and reads and checks its header.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    /// <exception cref="DataFormatException">It is no whole file of this format.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            return new SafetensorsFile(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes tensors and texts. The file is there whole or, where something fails or ends the process, as it was before.
    /// </summary>
    /// <param name="path">The path of the file, which is replaced.</param>
    /// <param name="tensors">Tensors with names.</param>
    /// <param name="metadata">Texts of one's own; null for none.</param>
    /// <param name="type">What the numbers are written as.</param>
    /// <exception cref="ArgumentException">
    /// A name is there twice or is that of the texts, something is null, or the names and texts are more than a header holds.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    /// <exception cref="TensorException">A number is too large for the type; nothing is written then.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        FloatType type = FloatType.F32)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Require.Defined(type);
        Write(path, tensors.Select(named => new NamedTensor(named.Key, named.Value, type)), metadata);
    }

    /// <summary>
    /// Writes tensors, each as numbers of its own type: those of large numbers first, as each has to begin at a multiple of the size of its
    /// numbers. PyTorch refuses to look at one that does not.
    /// </summary>
    internal static void Write(string path, IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        NamedTensor[] all = [.. tensors.OrderByDescending(named => SafetensorsNumbers.Size(named.Type))];
        byte[] header = SafetensorsWriter.Header(all, metadata);
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, header, all));
    }

    /// <summary>Reads a tensor. Numbers that are no floats become the nearest.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="device">Where it is to be; null for <see cref="Device.Default"/>.</param>
    /// <exception cref="ArgumentException">There is no tensor of that name.</exception>
    /// <exception cref="ShapeException">It has more axes or elements than a tensor can have.</exception>
    /// <exception cref="DataFormatException">The file has become shorter since it was opened.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Tensor Read(string name, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var entry = _entries.GetValueOrDefault(name)
            ?? throw new ArgumentException($"'{Path}' has no tensor '{name}'{Suggestion.For(name, _entries.Keys)}", nameof(name));
        int[] sizes = [.. entry.Shape.Select(size => (int)Math.Min(size, int.MaxValue))];
        var shape = new Shape(sizes);
        float[] values = Allocation.OnHost<float>(shape, "SafetensorsFile.Read");
        ReadNumbers(entry, values);
        return Tensor.From(values, shape, device);
    }

    /// <summary>Whether there is a tensor of a name.</summary>
    internal bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private void ReadNumbers(SafetensorsEntry entry, Span<float> values)
    {
        int size = SafetensorsNumbers.Size(entry.Type)!.Value;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (int done = 0; done < values.Length;)
            {
                var piece = values.Slice(done, Math.Min(PieceBytes / size, values.Length - done));
                var bytes = buffer.AsSpan(0, piece.Length * size);
                ReadFully(bytes, _dataStart + entry.Begin + (long)done * size);
                SafetensorsNumbers.ToFloats(entry.Type, bytes, piece);
                done += piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int HeaderLength(long fileLength)
    {
        if (fileLength < LengthBytes)
        {
            throw new DataFormatException(Path, "byte 0", "8 bytes with the length of a header", $"{fileLength} bytes");
        }

        Span<byte> bytes = stackalloc byte[LengthBytes];
        ReadFully(bytes, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        long most = Math.Min(fileLength - LengthBytes, SafetensorsHeader.MostBytes);
        if (length <= (ulong)most)
        {
            return (int)length;
        }

        // Files of torch.save are archives.
        string remedy = bytes.StartsWith("PK"u8) ? "; it looks like a file of torch.save: write safetensors with PyTorch" : "";
        throw new DataFormatException(
            Path, "byte 0", $"the length of a header of a safetensors file, here at most {most} bytes", $"{length} bytes{remedy}");
    }

    private void ReadFully(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(_handle, bytes, offset);
            if (count == 0)
            {
                throw new DataFormatException(
                    Path, $"byte {offset}", $"{bytes.Length} bytes, as when it was opened", "the end of the file");
            }

            bytes = bytes[count..];
            offset += count;
        }
    }
}
