using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A tensor that is written, under a name, as numbers of a type.</summary>
internal readonly record struct NamedTensor(string Name, Tensor Tensor, FloatType Type);

/// <summary>Writes what <see cref="SafetensorsFile"/> reads.</summary>
internal static class SafetensorsWriter
{
    // A whole tensor may be more than a span of bytes holds.
    private const int PieceLength = 1 << 18;

    /// <summary>The header, with its length before it and spaces behind, so that the numbers begin at a multiple of 8.</summary>
    public static byte[] Header(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.GetSpan(sizeof(ulong))[..sizeof(ulong)].Clear();
        buffer.Advance(sizeof(ulong));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteEntries(json, tensors);
            json.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(8)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] header = buffer.WrittenSpan.ToArray();
        int length = header.Length - sizeof(ulong);
        if (length > SafetensorsHeader.MostBytes)
        {
            throw new ArgumentException(
                $"names and texts make a header of {length} bytes, a file has at most {SafetensorsHeader.MostBytes}", nameof(metadata));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        return header;
    }

    public static void Write(Stream stream, byte[] header, IReadOnlyList<NamedTensor> tensors)
    {
        stream.Write(header);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(PieceLength * sizeof(float));
        try
        {
            foreach (var named in tensors)
            {
                Write(stream, named, bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static void Write(Stream stream, NamedTensor named, byte[] bytes)
    {
        var (name, tensor, type) = named;
        float[] values = Allocation.RentOnHost<float>(tensor.Length, "Save");
        try
        {
            tensor.CopyTo(values);
            for (var rest = values.AsSpan(0, tensor.Length); rest.Length > 0;)
            {
                var piece = rest[..Math.Min(PieceLength, rest.Length)];
                var written = bytes.AsSpan(0, piece.Length * SafetensorsNumbers.Size(type));
                if (SafetensorsNumbers.FromFloats(type, piece, written) is >= 0 and var at)
                {
                    throw new TensorException("Save",
                        string.Create(CultureInfo.InvariantCulture, $"'{name}' has the number {piece[at]}, which is too large for {type}"),
                        type == FloatType.F16 ? "save as BF16 or F32" : "save as F32");
                }

                stream.Write(written);
                rest = rest[piece.Length..];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (key, text) in metadata)
        {
            json.WriteString(key, text ?? throw new ArgumentException($"the text of '{key}' is null", nameof(metadata)));
        }

        json.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter json, IReadOnlyList<NamedTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataName };
        long begin = 0;
        foreach (var (name, tensor, type) in tensors)
        {
            if (name is null || tensor is null || !names.Add(name))
            {
                throw new ArgumentException(
                    $"tensor '{name}' is null, or its name is there twice or that of the texts, {SafetensorsHeader.MetadataName}",
                    nameof(tensors));
            }

            tensor.EnsureAlive("Save");
            long end = begin + (long)tensor.Length * SafetensorsNumbers.Size(type);
            json.WriteStartObject(name);
            json.WriteString("dtype", type.ToString());
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape.Sizes)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }
    }
}
