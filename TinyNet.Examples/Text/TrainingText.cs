using System.IO.Compression;
using System.Text;

namespace TinyNet.Examples;

/// <summary>Texts to learn from.</summary>
internal static class TrainingText
{
    private const string Resource = "TinyNet.Examples.shakespeare.txt.gz";
    private const long MostBytes = 1 << 28;

    /// <summary>Tiny Shakespeare: 40,000 lines of his plays, in the public domain (THIRD-PARTY-NOTICES.md).</summary>
    public static string Shakespeare()
    {
        using var resource = typeof(TrainingText).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>Reads a file in UTF-8.</summary>
    /// <exception cref="CommandException">It is no text in UTF-8, or too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MostBytes and var bytes }
                ? throw new CommandException($"--text: '{path}' has {bytes} bytes; {MostBytes} are read at most")
                : File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException($"--text: '{path}' is no text in UTF-8");
        }
    }
}
