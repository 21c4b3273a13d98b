using TinyNet.Data;

namespace TinyNet.Images;

/// <summary>The files of a folder that has a folder for each class.</summary>
/// <param name="Name">The name of the folder.</param>
/// <param name="Files">The paths of the files: by class, then by name.</param>
/// <param name="Labels">The class of each.</param>
/// <param name="ClassNames">The names of the classes.</param>
internal sealed record ClassFolders(string Name, string[] Files, int[] Labels, string[] ClassNames)
{
    private const int ShownNames = 3;

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="classNames">The classes in order; empty for all that there are, in the order of their names.</param>
    /// <exception cref="ArgumentException">There is no name of a folder or class, or a class is named twice.</exception>
    /// <exception cref="DataNotFoundException">It is not such a folder.</exception>
    public static ClassFolders Find(string folder, ReadOnlySpan<string> classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        EnsureDistinct(classNames);
        if (!Directory.Exists(folder))
        {
            throw NotFound(folder, File.Exists(folder) ? "it is a file" : "there is no such folder");
        }

        string[] found = Names(new DirectoryInfo(folder).EnumerateDirectories(), _ => true);
        string[] loose = Names(new DirectoryInfo(folder).EnumerateFiles(), IsImage);
        if (loose.Length > 0)
        {
            throw NotFound(folder, $"{Some(loose, "file")} in no folder of a class");
        }

        if (found.Length == 0)
        {
            throw NotFound(folder, "it has no folders");
        }

        string[] classes = classNames.IsEmpty ? found : classNames.ToArray();
        if (Array.Find(found, name => !classes.Contains(name)) is { } unknown)
        {
            throw NotFound(folder, $"a folder '{unknown}', which is none of the {classes.Length} classes");
        }

        var files = new List<string>();
        var labels = new List<int>();
        for (int label = 0; label < classes.Length; label++)
        {
            if (!found.Contains(classes[label]))
            {
                throw NotFound(folder, $"no folder of the class '{classes[label]}'");
            }

            string own = Path.Combine(folder, classes[label]);
            foreach (string name in ImagesOf(folder, own))
            {
                files.Add(Path.Combine(own, name));
                labels.Add(label);
            }
        }

        string ownName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new ClassFolders(ownName, [.. files], [.. labels], classes);
    }

    /// <summary>Refuses classes that would have the same files.</summary>
    private static void EnsureDistinct(ReadOnlySpan<string> classNames)
    {
        for (int label = 0; label < classNames.Length; label++)
        {
            if (classNames[label] is null || classNames[..label].Contains(classNames[label]))
            {
                throw new ArgumentException(
                    classNames[label] is null ? $"class {label} has no name" : $"the class '{classNames[label]}' is named twice",
                    nameof(classNames));
            }
        }
    }

    /// <summary>The names of the images of a class. There must be some, and nothing else, which would be missing without a word.</summary>
    private static string[] ImagesOf(string folder, string own)
    {
        var directory = new DirectoryInfo(own);
        string[] others =
            [.. Names(directory.EnumerateDirectories(), _ => true), .. Names(directory.EnumerateFiles(), name => !IsImage(name))];
        if (others.Length > 0)
        {
            throw NotFound(folder, $"{Some(others, "other")} in {own}; convert them, or move them away");
        }

        string[] images = Names(directory.EnumerateFiles(), IsImage);
        return images.Length > 0 ? images : throw NotFound(folder, $"no file in {own}");
    }

    private static bool IsImage(string name) => Path.GetExtension(name).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG";

    private static string[] Names(IEnumerable<FileSystemInfo> entries, Func<string, bool> isWanted)
    {
        string[] names =
            [.. entries.Where(entry => !entry.Attributes.HasFlag(FileAttributes.Hidden)).Select(entry => entry.Name).Where(isWanted)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private static string Some(string[] names, string what) => names.Length == 1
        ? $"one {what} ({names[0]})"
        : $"{names.Length} {what}s ({string.Join(", ", names.Take(ShownNames))}{(names.Length > ShownNames ? ", …" : "")})";

    private static DataNotFoundException NotFound(string folder, string found) => new(
        $"images need a folder for each class, with nothing in it but .png, .jpg and .jpeg files; in {folder} was found: {found}");
}
