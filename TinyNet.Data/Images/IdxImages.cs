using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The four IDX files of MNIST and of the datasets that took its place: 28 × 28 gray images of ten classes.</summary>
internal static class IdxImages
{
    public const int Size = 28;
    public const int TrainCount = 60_000, TestCount = 10_000;

    /// <summary>The files, in words.</summary>
    public const string Wanted = "the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
        + "t10k-labels-idx1-ubyte (also as train-images.idx3-ubyte and so on, and with .gz)";

    private static readonly string[] Files = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];

    /// <summary>Finds and reads them.</summary>
    public static (ImageDataset Train, ImageDataset Test) Load(string name, string? folder, DataPlaces places, string[] classNames)
    {
        string[] files = places.Find<string[]>(folder, TryFind);
        return (Read($"{name}/train", files[0], files[1], TrainCount, classNames),
            Read($"{name}/test", files[2], files[3], TestCount, classNames));
    }

    private static bool TryFind(string folder, [NotNullWhen(true)] out string[]? found, out string? missing)
    {
        string[] paths = [.. Files.Select(file => Find(folder, file) ?? "")];
        missing = Array.TrueForAll(paths, path => path.Length == 0) ? null
            : string.Join(" and ", Files.Where((_, i) => paths[i].Length == 0).Select(file => $"{file}-ubyte"));
        found = Array.TrueForAll(paths, path => path.Length > 0) ? paths : null;
        return found is not null;
    }

    private static string? Find(string folder, string file)
    {
        string dotted = file.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] forms = [$"{file}-ubyte", $"{file}-ubyte.gz", $"{dotted}-ubyte", $"{dotted}-ubyte.gz"];
        return forms.Select(form => Path.Combine(folder, form)).FirstOrDefault(File.Exists);
    }

    private static ImageDataset Read(string name, string imagesPath, string labelsPath, int most, string[] classNames)
    {
        byte[] pixels = IdxFile.Read(imagesPath, "image", most, Size, Size);
        byte[] labels = IdxFile.Read(labelsPath, "label", most);
        int count = pixels.Length / (Size * Size);
        if (labels.Length != count)
        {
            throw new DataFormatException(labelsPath, "byte 4", $"{count} labels, one for each image of {imagesPath}", $"{labels.Length}");
        }

        const int header = 8;
        if (labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classNames.Length - 1)) is >= 0 and var wrong)
        {
            throw new DataFormatException(
                labelsPath, $"byte {header + wrong}", $"a label from 0 to {classNames.Length - 1}", $"{labels[wrong]}");
        }

        return new ImageDataset(name, pixels, [1, Size, Size], Array.ConvertAll(labels, label => (int)label), classNames);
    }
}
