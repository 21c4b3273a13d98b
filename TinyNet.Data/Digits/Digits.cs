using System.Globalization;
using System.IO.Compression;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Handwritten digits, embedded: 1797 gray images of 8 × 8 pixels, 174 to 183 of each digit, so that a network can be trained with
/// nothing downloaded. Each pixel counts the ink in a block of 4 × 4 points of the scan, 0 to 16; here it is divided by 16.
/// </summary>
/// <remarks>
/// E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
/// <see href="https://doi.org/10.24432/C50P49"/>, CC BY 4.0; the test part of that set, unchanged (THIRD-PARTY-NOTICES.md).
/// </remarks>
public static class Digits
{
    /// <summary>How many images there are.</summary>
    public const int Count = 1797;

    /// <summary>Height and width of an image, in pixels.</summary>
    public const int Size = 8;

    /// <summary>The part of each class that <see cref="Load"/> holds out for the test.</summary>
    public const double TestFraction = 0.2;

    private const int Pixels = Size * Size;
    private const int MaxInk = 16;
    private const int Classes = 10;
    private const string Resource = "TinyNet.Data.digits.csv.gz";

    /// <summary>
    /// The training part and the 20 % held out for the test, which should choose nothing: split a validation part off the training
    /// part instead (<see cref="Dataset{TBatch}.Split"/>).
    /// </summary>
    /// <remarks>
    /// The split is fixed for ever and depends on no seed: of each digit, in the order of the file, the third of each five is
    /// held out (<see cref="StratifiedSplit.Indices"/>): 1438 and 359 images. The file has its 13 writers one after another, so every
    /// writer is on both sides: the test tells how well new digits by known hands are read, not new hands.
    /// </remarks>
    /// <exception cref="DataFormatException">The embedded file is damaged.</exception>
    public static (Dataset<ClassificationBatch> Train, Dataset<ClassificationBatch> Test) Load() =>
        LoadAll().Split(TestFraction, keptName: "digits/train", heldOutName: "digits/test");

    /// <summary>All 1797 images in the order of the file, shape [1, 8, 8], pixels from 0 (paper) to 1 (ink).</summary>
    /// <exception cref="DataFormatException">The embedded file is damaged.</exception>
    public static ArrayDataset LoadAll()
    {
        using var resource = typeof(Digits).Assembly.GetManifestResourceStream(Resource)
            ?? throw new DataNotFoundException($"digits: the resource {Resource} is missing from this build of TinyNet.Data");
        return Read(resource);
    }

    /// <summary>Reads the compressed file: 1797 lines of 64 pixels 0..16 and a label 0..9, and nothing else.</summary>
    internal static ArrayDataset Read(Stream compressed)
    {
        float[] features = new float[Count * Pixels];
        int[] labels = new int[Count];
        using var text = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress));
        int row = 0;
        try
        {
            for (; row < Count; row++)
            {
                string line = text.ReadLine() ?? throw Wrong(row, $"{Count} lines", "the end of the file");
                labels[row] = ReadLine(line, features.AsSpan(row * Pixels, Pixels), row);
            }

            if (text.Read() >= 0)
            {
                throw Wrong(row, "the end of the file after the last image", "another line");
            }
        }
        catch (InvalidDataException exception)
        {
            throw Wrong(row, "compressed data", $"what cannot be unpacked ({exception.Message})", exception);
        }

        return new ArrayDataset("digits", features, [1, Size, Size], labels, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    /// <summary>Reads one line into <paramref name="pixels"/> and returns the label.</summary>
    private static int ReadLine(ReadOnlySpan<char> line, Span<float> pixels, int row)
    {
        int label = 0, column = 0;
        foreach (var range in line.Split(','))
        {
            int limit = column < Pixels ? MaxInk : Classes - 1;
            if (column > Pixels
                || !int.TryParse(line[range], NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                || value > limit)
            {
                throw column > Pixels
                    ? Wrong(row, $"{Pixels + 1} values", "more")
                    : Wrong(row, $"a whole number 0..{limit} as value {column + 1}", $"'{line[range]}'");
            }

            if (column < Pixels)
            {
                pixels[column] = value / (float)MaxInk;
            }
            else
            {
                label = value;
            }

            column++;
        }

        return column == Pixels + 1 ? label : throw Wrong(row, $"{Pixels + 1} values", $"{column}");
    }

    private static DataFormatException Wrong(int row, string expected, string found, Exception? innerException = null) =>
        new($"the embedded file {Resource}", $"line {row + 1}", expected, found, innerException);
}
