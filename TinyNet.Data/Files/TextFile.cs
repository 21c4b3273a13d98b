using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Reads texts.</summary>
internal static class TextFile
{
    /// <summary>The whole of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">How it is written; null for UTF-8.</param>
    /// <exception cref="DataFormatException">It is no text in that encoding, or larger than an array.</exception>
    public static string Read(string path, Encoding? encoding = null)
    {
        using var file = InputFile.OpenPlain(path);
        byte[] bytes = file.ReadRest("a text");
        var strict = Encoding.GetEncoding((encoding ?? Encoding.UTF8).CodePage, EncoderFallback.ExceptionFallback,
            DecoderFallback.ExceptionFallback);
        int mark = bytes.AsSpan().StartsWith(strict.Preamble) ? strict.Preamble.Length : 0;
        try
        {
            return strict.GetString(bytes, mark, bytes.Length - mark);
        }
        catch (DecoderFallbackException exception)
        {
            throw file.Wrong(mark + exception.Index, $"text in {strict.WebName}",
                $"the bytes {Convert.ToHexString(exception.BytesUnknown ?? [])}");
        }
    }
}
