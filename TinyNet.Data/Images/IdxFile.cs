using System.Buffers.Binary;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// IDX, the format of MNIST: two bytes of 0, the type of the elements, the number of axes, their sizes as big-endian int32, and the
/// elements.
/// </summary>
internal static class IdxFile
{
    private const int UnsignedByte = 8;

    /// <summary>Reads a file of bytes with the given axes after the first.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="item">What it has many of, in words.</param>
    /// <param name="mostItems">How many there may be.</param>
    /// <param name="itemShape">The shape of one.</param>
    /// <exception cref="DataFormatException">It is no such file.</exception>
    public static byte[] Read(string path, string item, int mostItems, params ReadOnlySpan<int> itemShape)
    {
        using var file = InputFile.Open(path);
        Span<byte> magic = stackalloc byte[4];
        file.Read(magic, "the magic number of an IDX file");
        if (magic[..3] is not [0, 0, UnsignedByte] || magic[3] != itemShape.Length + 1)
        {
            throw file.Wrong(0, $"00 00 08 0{itemShape.Length + 1}, an IDX file of {item}s", $"{Convert.ToHexString(magic)}");
        }

        int count = ReadSize(file, $"the number of {item}s");
        if (count > mostItems || count < 1)
        {
            throw file.Wrong(magic.Length, $"1 to {mostItems} {item}s", $"{count}");
        }

        int length = 1;
        foreach (int size in itemShape)
        {
            long position = file.Position;
            int found = ReadSize(file, $"a size of an {item}");
            length *= found == size ? size : throw file.Wrong(position, $"{size}, a size of every {item}", $"{found}");
        }

        byte[] elements = file.Read((long)count * length, $"{count} {item}s");
        file.ExpectEnd($"{count} {item}s");
        return elements;
    }

    private static int ReadSize(InputFile file, string what)
    {
        Span<byte> size = stackalloc byte[sizeof(int)];
        file.Read(size, what);
        return BinaryPrimitives.ReadInt32BigEndian(size);
    }
}
