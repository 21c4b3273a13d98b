using System.Buffers.Binary;
using System.IO.Compression;
using TinyNet.Data;

namespace TinyNet.Analysis;

/// <summary>Makes PNG files of 8 bits for red, green and blue (ISO/IEC 15948).</summary>
internal static class RgbPng
{
    private const int Channels = 3;

    /// <summary>The file.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">Red, green and blue of each pixel, row after row.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);

        // After the sizes: bits a channel, red-green-blue, and three zeros for the one compression, the one filter and no interlacing.
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compressed(width * Channels, pixels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compressed(int rowBytes, ReadOnlySpan<byte> pixels)
    {
        using var bytes = new MemoryStream();
        using (var compressor = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int at = 0; at < pixels.Length; at += rowBytes)
            {
                // The row is as it is, without a filter.
                compressor.WriteByte(0);
                compressor.Write(pixels.Slice(at, rowBytes));
            }
        }

        return bytes.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> contents)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, contents.Length);
        file.Write(number);

        var sum = new Crc32();
        sum.Add(name);
        sum.Add(contents);
        file.Write(name);
        file.Write(contents);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.Value);
        file.Write(number);
    }
}
