using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace TinyNet.Analysis;

/// <summary>
/// The frame of a record in a TFRecord file: the length (8 bytes, the lowest first), the masked checksum of these (4 bytes), the data, and
/// their masked checksum. By it a reader knows a record that was not written to its end.
/// </summary>
internal static class RecordFrame
{
    // Checksums of data that hold checksums are weak, so they are stored rotated, with this added.
    private const uint MaskAddend = 0xA282EAD8;
    private const int MaskRotation = 15;

    public static void Write(IBufferWriter<byte> file, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        file.Write(length);
        WriteChecksum(file, length);
        file.Write(data);
        WriteChecksum(file, data);
    }

    /// <summary>CRC-32C (Castagnoli), as RFC 3720 has it.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint checksum = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte rest in data[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return ~checksum;
    }

    private static void WriteChecksum(IBufferWriter<byte> file, ReadOnlySpan<byte> data)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, BitOperations.RotateRight(Crc32C(data), MaskRotation) + MaskAddend);
        file.Write(bytes);
    }
}
