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

    /// <summary>Whether the outermost pixels of a square gray image are lighter than the others, on average.</summary>
    public static bool IsDarkOnLight(ReadOnlySpan<float> pixels, int size)
    {
        double border = 0, middle = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            var (row, column) = (i / size, i % size);
            bool isInside = row > 0 && row < size - 1 && column > 0 && column < size - 1;
            (border, middle) = isInside ? (border, middle + pixels[i]) : (border + pixels[i], middle);
        }

        int inside = (size - 2) * (size - 2);
        return border / (pixels.Length - inside) > middle / inside;
    }
}
