namespace TinyNet.Core;

/// <summary>
/// A file that is not what it should be: truncated, damaged, too long, or of another format. All readers of files throw it, of data and of
/// weights. The <see cref="InvalidDataException"/> of .NET, which has no such parts, is what decoders say inside of it.
/// </summary>
/// <remarks>Readers of one's own throw it too: then a program has one place for files that are bad.</remarks>
public sealed class DataFormatException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">The file; inside of an archive the archive, and after a colon what in it.</param>
    /// <param name="place">Where in it: "byte 16", or in a text "line 3, column 'age'".</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="innerException">What a decoder said.</param>
    public DataFormatException(string file, string place, string expected, string found, Exception? innerException = null)
        : base($"{file}, {place}: expected {expected}, found {found}", innerException)
    {
        File = file;
        Place = place;
        Expected = expected;
        Found = found;
    }

    /// <summary>The file; inside of an archive the archive, and after a colon what in it.</summary>
    public string File { get; }

    /// <summary>Where in the file. Bytes and lines count what was unpacked where the file is compressed; lines count from 1.</summary>
    public string Place { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }
}
