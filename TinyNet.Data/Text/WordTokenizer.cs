using System.Globalization;
using System.Text;

namespace TinyNet.Data;

/// <summary>Cuts a text into words and punctuation.</summary>
public static class WordTokenizer
{
    /// <summary>
    /// The tokens of a text, in order: words (letters, digits and the marks on them, with apostrophes inside, as in <c>don't</c>) in lower
    /// case, and every other character but white space alone. No language or setting of the machine changes them.
    /// </summary>
    public static List<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<string>();
        int word = -1, at = 0;
        while (at < text.Length)
        {
            // Half of a pair of characters that stands alone is read as the replacement character.
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int length);
            if (IsOfWord(rune) || (word >= 0 && IsApostrophe(rune) && BeginsWord(text.AsSpan(at + length))))
            {
                word = word < 0 ? at : word;
            }
            else
            {
                EndWord(at);
                if (!Rune.IsWhiteSpace(rune))
                {
                    tokens.Add(rune.ToString());
                }
            }

            at += length;
        }

        EndWord(at);
        return tokens;

        void EndWord(int end)
        {
            if (word >= 0)
            {
                tokens.Add(text[word..end].ToLowerInvariant());
                word = -1;
            }
        }
    }

    private static bool BeginsWord(ReadOnlySpan<char> rest) =>
        Rune.DecodeFromUtf16(rest, out var rune, out _) == System.Buffers.OperationStatus.Done && IsOfWord(rune);

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '’';

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
