using System.IO.Compression;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Reads and writes .npz files, zip archives of arrays by name, with the types of <see cref="Npy"/>.</summary>
/// <example>
/// <code>
/// var arrays = Npz.Load("data.npz");
/// var images = arrays["x"].ToTensor();
/// var labels = arrays["y"].ToIndexTensor();
/// </code>
/// </example>
public static class Npz
{
    private const string Extension = ".npy";

    // The zip format knows no date before. With none of today the same arrays give the same file.
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays of a file, compressed or not, by their names.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is no such file, truncated, damaged, or has elements that are no numbers.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumpyArray> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var arrays = new Dictionary<string, NumpyArray>(StringComparer.Ordinal);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in archive.Entries)
            {
                string name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal)
                    ? entry.FullName[..^Extension.Length]
                    : throw new DataFormatException(path, "the list of files", $"files that end in {Extension}", $"'{entry.FullName}'");
                if (!arrays.TryAdd(name, Read(path, entry)))
                {
                    throw new DataFormatException(path, "the list of files", "each name once", $"'{name}' a second time");
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(path, "byte 0", "a zip archive of .npy files", $"what is none ({exception.Message})", exception);
        }

        return arrays;
    }

    /// <summary>Writes a file, over one that may be there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name; by these names <c>np.load</c> has them.</param>
    /// <param name="compressed">Whether they are compressed, as <c>np.savez_compressed</c> does.</param>
    /// <exception cref="ArgumentException">A name is empty or there twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, NumpyArray>> arrays, bool compressed = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        KeyValuePair<string, NumpyArray>[] all = [.. arrays];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, array) in all)
        {
            if (string.IsNullOrEmpty(name) || array is null || !names.Add(name))
            {
                throw new ArgumentException(
                    $"Npz.Save: every array needs a name of its own; '{name}' is empty, has no array or is there twice", nameof(arrays));
            }
        }

        using var file = File.Create(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (name, array) in all)
        {
            var entry = archive.CreateEntry(name + Extension, compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = Date;
            using var stream = entry.Open();
            Npy.Write(stream, array);
        }
    }

    private static NumpyArray Read(string path, ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var checkedStream = new Crc32Stream(stream);
        var file = InputFile.Over($"{path}:{entry.FullName}", checkedStream);
        var array = Npy.Read(file);
        return checkedStream.Crc == entry.Crc32 ? array
            : throw file.Wrong(file.Position, $"contents with the check sum {entry.Crc32:X8}", $"{checkedStream.Crc:X8}: they are damaged");
    }
}
