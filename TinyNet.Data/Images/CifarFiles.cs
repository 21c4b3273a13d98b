using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The binary files of CIFAR: records of labels and the red, green and blue pixels of a 32 × 32 image.</summary>
/// <param name="name">What the dataset is called.</param>
/// <param name="places">Where it may lie.</param>
/// <param name="archive">The name of the archive that the publisher gives.</param>
/// <param name="trainFiles">The files for training, in order.</param>
/// <param name="testFile">The file for the test.</param>
/// <param name="recordsPerFile">How many records a file for training has.</param>
/// <param name="labels">How many labels a record begins with.</param>
internal sealed class CifarFiles(
    string name, DataPlaces places, string archive, string[] trainFiles, string testFile, int recordsPerFile, int labels)
{
    public const int Size = 32;
    private const int Colors = 3, Pixels = Colors * Size * Size;
    private const int TestRecords = 10_000;
    private readonly string[] _files = [.. trainFiles, testFile];

    private int Record => labels + Pixels;

    /// <summary>Finds and reads them, loose or in the archive.</summary>
    /// <param name="folder">Where to look.</param>
    /// <param name="label">Which label of a record is the class.</param>
    /// <param name="classNames">The names of the classes.</param>
    public (ImageDataset Train, ImageDataset Test) Load(string? folder, int label, string[] classNames)
    {
        string[] paths = places.Find<string[]>(folder, TryFind);
        var records = new byte[_files.Length][];
        var names = new string[_files.Length];
        if (paths.Length == 1)
        {
            using var file = InputFile.Open(paths[0]);
            TarArchive.Read(file, _files, (index, contents, length) =>
                (records[index], names[index]) = (Read(contents, length, index), $"{paths[0]}:{_files[index]}"));
        }
        else
        {
            for (int i = 0; i < paths.Length; i++)
            {
                using var file = InputFile.Open(paths[i]);
                records[i] = Read(file, new FileInfo(paths[i]).Length, i);
                names[i] = paths[i];
                file.ExpectEnd("the last record");
            }
        }

        return (ToDataset($"{name}/train", ..^1), ToDataset($"{name}/test", ^1..));

        ImageDataset ToDataset(string part, Range files) => Merge(part, records[files], names[files], label, classNames);
    }

    private bool TryFind(string folder, [NotNullWhen(true)] out string[]? found, out string? missing)
    {
        string[] loose = [.. _files.Select(file => Path.Combine(folder, file))];
        string packed = Path.Combine(folder, archive), unpacked = Path.ChangeExtension(packed, null);
        missing = loose.Any(File.Exists) ? string.Join(" and ", _files.Where((_, i) => !File.Exists(loose[i]))) : null;
        found = Array.TrueForAll(loose, File.Exists) ? loose
            : File.Exists(packed) ? [packed]
            : File.Exists(unpacked) ? [unpacked]
            : null;
        return found is not null;
    }

    private byte[] Read(InputFile file, long length, int index)
    {
        int most = index == _files.Length - 1 ? TestRecords : recordsPerFile;
        if (length % Record != 0 || length == 0 || length / Record > most)
        {
            throw file.Wrong(file.Position, $"1 to {most} records of {Record} bytes in {_files[index]}", $"{length} bytes");
        }

        return file.Read(length, $"{length / Record} records of {_files[index]}");
    }

    private ImageDataset Merge(string part, byte[][] records, string[] names, int label, string[] classNames)
    {
        int count = records.Sum(bytes => bytes.Length) / Record, at = 0;
        byte[] pixels = new byte[count * Pixels];
        int[] classes = new int[count];
        for (int i = 0; i < records.Length; i++)
        {
            for (int start = 0; start < records[i].Length; start += Record, at++)
            {
                byte value = records[i][start + label];
                classes[at] = value < classNames.Length ? value
                    : throw new DataFormatException(
                        names[i], $"byte {start + label}", $"a label from 0 to {classNames.Length - 1}", $"{value}");
                records[i].AsSpan(start + labels, Pixels).CopyTo(pixels.AsSpan(at * Pixels));
            }
        }

        return new ImageDataset(part, pixels, [Colors, Size, Size], classes, classNames);
    }
}
