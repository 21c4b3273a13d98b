namespace TinyNet.Layers;

/// <summary>
/// Writes a file whole or not at all: into a temporary file in the same folder, flushed to disk, then renamed over the target. A process
/// that is killed, or a power failure, at any instant leaves the old file or the new one; a full disk leaves the old one.
/// </summary>
/// <remarks>
/// What a killed process leaves is a temporary file, named after the target with <see cref="Ending"/> at the end. The next write of the
/// same target deletes it. Threads may write one target at the same time; of processes that do, one may be refused.
/// </remarks>
internal static class AtomicFile
{
    public const string Ending = ".tinynet-tmp";

    // While it is being made, and between its closing and its renaming, a temporary file looks abandoned.
    private static readonly Lock Names = new();

    /// <summary>Writes a file.</summary>
    /// <param name="path">The path of the target; where it is a link, that of the file that it leads to.</param>
    /// <param name="write">Writes the contents to the stream, which has no buffer: in large pieces.</param>
    /// <exception cref="IOException">The file could not be written; what was there before is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new DirectoryNotFoundException($"'{path}' was not written: its folder does not exist; make it first");
        }

        try
        {
            var file = new FileInfo(full);
            string target = file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            DeleteAbandoned(target + ".");
            Replace(target, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' was not written, and what was there before is as it was: {exception.Message}", exception);
        }
    }

    private static void Replace(string target, Action<Stream> write)
    {
        string temporary = $"{target}.{Path.GetRandomFileName()}{Ending}";
        using var stream = Create(temporary);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            lock (Names)
            {
                // Windows renames no file that is open.
                stream.Dispose();
                File.Move(temporary, target, overwrite: true);
            }
        }
        catch
        {
            stream.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream Create(string temporary)
    {
        lock (Names)
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
    }

    /// <summary>Deletes what killed processes left: temporary files whose full paths begin so, and that nobody has open.</summary>
    public static void DeleteAbandoned(string beginning)
    {
        lock (Names)
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(beginning)!, "*" + Ending))
            {
                if (!file.StartsWith(beginning, StringComparison.Ordinal))
                {
                    continue;
                }

                try
                {
                    using var abandoned = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
                    File.Delete(file);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It is being written, or belongs to somebody else.
                }
            }
        }
    }
}
