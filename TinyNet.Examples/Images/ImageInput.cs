namespace TinyNet.Examples;

/// <summary>Image files that a command line names.</summary>
internal static class ImageInput
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    /// <summary>A file, or the images in a folder in the order of their names, without hidden files.</summary>
    /// <exception cref="CommandException">It is neither, or the folder has none.</exception>
    public static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : throw new CommandException($"no file or folder '{path}'");
        }

        string[] files =
        [
            .. Directory.EnumerateFiles(path)
                .Where(file => !Path.GetFileName(file).StartsWith('.'))
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new CommandException($"the folder '{path}' has no files {string.Join(", ", Endings)}");
    }

    /// <summary>
    /// Whether a square gray image is lighter at its left and right edge than between them, on average. Digits that fill the frame have ink
    /// at its top and bottom.
    /// </summary>
    public static bool IsDarkOnLight(ReadOnlySpan<float> pixels, int size)
    {
        double edges = 0, middle = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            bool isEdge = i % size == 0 || i % size == size - 1;
            (edges, middle) = isEdge ? (edges + pixels[i], middle) : (edges, middle + pixels[i]);
        }

        return edges / 2 > middle / (size - 2);
    }
}
