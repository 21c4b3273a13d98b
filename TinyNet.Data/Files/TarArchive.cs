using System.Globalization;
using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Reads chosen files of a tar archive, from its beginning to the last that is wanted. What it passes on the way is bounded, so that no
/// archive makes it run long.
/// </summary>
internal static class TarArchive
{
    private const int Block = 512;
    private const int NameLength = 100;
    private const int SizeStart = 124, SizeLength = 12;
    private const int SumStart = 148, SumLength = 8;
    private const int TypeAt = 156;

    // Documentation of a dataset is small.
    private const long MostPassed = 1 << 20;

    /// <summary>Reads files by the last part of their names.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="wanted">The names of the files.</param>
    /// <param name="read">Reads a file: which of those wanted, the archive at its beginning, and its length.</param>
    /// <exception cref="DataFormatException">It is no such archive, a file is missing in it, or is there twice.</exception>
    public static void Read(InputFile archive, string[] wanted, Action<int, InputFile, long> read)
    {
        var isThere = new bool[wanted.Length];
        byte[] header = new byte[Block];
        long passed = 0;
        for (int found = 0; found < wanted.Length;)
        {
            long start = archive.Position;
            archive.Read(header, "a header of the tar archive");
            if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                throw archive.Wrong(start, $"the file {wanted[Array.IndexOf(isThere, false)]}", "the end of the archive");
            }

            ExpectHeader(archive, header, start);
            long length = Octal(archive, header, SizeStart, SizeLength, start, "length");
            int index = header[TypeAt] is (byte)'0' or 0 ? Array.IndexOf(wanted, LastName(header)) : -1;
            if (index < 0)
            {
                passed += Padded(length) + Block;
                if (passed > MostPassed)
                {
                    throw archive.Wrong(start, $"at most {MostPassed} bytes of other files", $"{LastName(header)} of {length} bytes");
                }

                archive.Read(Padded(length), "a file of the archive");
                continue;
            }

            if (isThere[index])
            {
                throw archive.Wrong(start, "every file once", $"{wanted[index]} a second time");
            }

            long contents = archive.Position;
            read(index, archive, length);
            if (archive.Position != contents + length)
            {
                throw archive.Wrong(archive.Position, $"the end of {wanted[index]}", $"{contents + length - archive.Position} bytes more");
            }

            archive.Read(Padded(length) - length, $"the rest of the last block of {wanted[index]}");
            isThere[index] = true;
            found++;
        }
    }

    private static long Padded(long length) => (length + Block - 1) / Block * Block;

    private static string LastName(ReadOnlySpan<byte> header)
    {
        string name = Text(header[..NameLength]);
        return name[(name.LastIndexOf('/') + 1)..];
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>The header has a sum of its bytes, its own field counted as blanks.</summary>
    private static void ExpectHeader(InputFile archive, ReadOnlySpan<byte> header, long start)
    {
        long sum = SumLength * ' ';
        for (int i = 0; i < Block; i++)
        {
            sum += i is >= SumStart and < SumStart + SumLength ? 0 : header[i];
        }

        long written = Octal(archive, header, SumStart, SumLength, start, "sum");
        if (written != sum)
        {
            throw archive.Wrong(start, "a header of the tar archive", $"bytes that sum up to {sum}, not to {written} as it says");
        }
    }

    private static long Octal(InputFile archive, ReadOnlySpan<byte> header, int at, int length, long start, string what)
    {
        string digits = Text(header.Slice(at, length)).Trim(' ');
        long value = 0;
        foreach (char digit in digits)
        {
            value = digit is >= '0' and <= '7' ? (value * 8) + (digit - '0')
                : throw archive.Wrong(start + at, $"a header of the tar archive with a {what} in octal digits",
                    string.Create(CultureInfo.InvariantCulture, $"a character of code {(int)digit}"));
        }

        return value;
    }
}
