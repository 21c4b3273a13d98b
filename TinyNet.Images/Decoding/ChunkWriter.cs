using System.Buffers.Binary;
using TinyNet.Data;

namespace TinyNet.Images;

/// <summary>Writes chunks of a PNG file into memory.</summary>
internal ref struct ChunkWriter(Span<byte> memory)
{
    private const int NumberBytes = 4;
    private readonly Span<byte> _memory = memory;

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_memory[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Begins a chunk, and says where.</summary>
    public int Begin(ReadOnlySpan<byte> name)
    {
        int start = Length;
        Length += NumberBytes;
        Append(name);
        return start;
    }

    /// <summary>Ends the chunk that began somewhere, and says where it ends.</summary>
    public int End(int start)
    {
        var contents = _memory[(start + NumberBytes)..Length];
        BinaryPrimitives.WriteInt32BigEndian(_memory[start..], contents.Length - NumberBytes);
        BinaryPrimitives.WriteUInt32BigEndian(_memory[Length..], Crc32.Of(contents));
        return Length += NumberBytes;
    }

    /// <summary>Writes a chunk, with so many zeros after what it has.</summary>
    public void Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> contents, int padding)
    {
        int start = Begin(name);
        Append(contents);
        _memory.Slice(Length, padding).Clear();
        Length += padding;
        End(start);
    }

    /// <summary>Writes a chunk, if it has anything.</summary>
    public void ChunkIfAny(ReadOnlySpan<byte> name, ReadOnlySpan<byte> contents)
    {
        if (contents.Length > 0)
        {
            Chunk(name, contents, padding: 0);
        }
    }
}
