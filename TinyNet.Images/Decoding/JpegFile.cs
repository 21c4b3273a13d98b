using System.Buffers.Binary;
using TinyNet.Core;

namespace TinyNet.Images;

/// <summary>
/// The segments of a JPEG file. The decoder makes gray of what is missing, and goes over all of the image for each scan: so it is given
/// only files that have their end, not too many scans, and as many bytes as so many pixels need.
/// </summary>
internal static class JpegFile
{
    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA;

    public static ReadOnlySpan<byte> Signature => [0xFF, Start, 0xFF];

    /// <summary>Goes through the segments, and cuts off what follows the end of the image.</summary>
    /// <returns>How many bytes of coded pixels there are.</returns>
    /// <exception cref="DataFormatException">The file is cut off, or has too many scans.</exception>
    public static long Check(FileBytes file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        long coded = 0;
        int scans = 0;
        for (int at = 2; TryFindMarker(bytes, ref at);)
        {
            byte marker = bytes[at + 1];
            if (marker == End)
            {
                file.Cut(at + 2);
                return coded;
            }

            at += 2;
            if (marker is Start or 1 || IsRestart(marker))
            {
                continue;
            }

            int length = bytes.Length - at < 2 ? bytes.Length : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (length > bytes.Length - at)
            {
                throw CutOff(file);
            }

            at += Math.Max(2, length);
            if (marker == Scan)
            {
                if (++scans > ImageLimits.MostScans)
                {
                    throw file.Wrong(at, $"at most {ImageLimits.MostScans} scans", "one more");
                }

                int start = at;
                while (TryFindMarker(bytes, ref at) && IsRestart(bytes[at + 1]))
                {
                    at += 2;
                }

                coded += at - start;
            }
        }

        throw CutOff(file);
    }

    /// <summary>Refuses a file that has not the bytes which so many pixels need.</summary>
    /// <exception cref="DataFormatException">It has not.</exception>
    public static void CheckSize(FileBytes file, long coded, int width, int height)
    {
        // A block of 8 x 8 pixels is at least a code of one bit. Components may share the resolution, each having but half of it.
        long blocks = ((width + 7L) / 8) * ((height + 7L) / 8);
        if (coded < blocks / 16)
        {
            throw file.Wrong(0, $"the coded pixels of an image of {width} x {height}, at least {blocks / 16} bytes", $"{coded} bytes");
        }
    }

    private static bool IsRestart(byte marker) => marker is >= 0xD0 and <= 0xD7;

    /// <summary>Goes on to where a byte 255 is followed by one that neither fills nor says that the 255 is a number.</summary>
    private static bool TryFindMarker(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (; at + 1 < bytes.Length; at++)
        {
            int next = bytes[at..^1].IndexOf((byte)0xFF);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (bytes[at + 1] is not (0 or 0xFF))
            {
                return true;
            }
        }

        at = bytes.Length;
        return false;
    }

    private static DataFormatException CutOff(FileBytes file) =>
        file.Wrong(file.Length, "more of the image, up to the marker of its end", "the end of the file: it is cut off");
}
