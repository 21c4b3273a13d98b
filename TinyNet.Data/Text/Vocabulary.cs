using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Which token has which index: 0 for padding, 1 for tokens that are not in it, and from 2 on the others, the most frequent first.
/// Immutable.
/// </summary>
/// <example>
/// <code>
/// var vocabulary = Vocabulary.Build(train.Texts, maxSize: 20_000, minCount: 2);
/// int[] tokens = vocabulary.Encode("a film to remember");
/// </code>
/// </example>
public sealed class Vocabulary
{
    /// <summary>The index with which short sequences are padded.</summary>
    public const int Padding = 0;

    /// <summary>The index of all tokens that are not in the vocabulary.</summary>
    public const int Unknown = 1;

    private static readonly string[] Special = ["<pad>", "<unk>"];
    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _indices;

    /// <summary>A vocabulary of the given tokens, which get the indices from 2 on.</summary>
    /// <exception cref="ArgumentException">A token is empty, has a line break in it, or is there twice.</exception>
    public Vocabulary(params ReadOnlySpan<string> tokens)
    {
        _tokens = [.. Special, .. tokens];
        _indices = new Dictionary<string, int>(_tokens.Length, StringComparer.Ordinal);
        for (int i = 0; i < _tokens.Length; i++)
        {
            if (string.IsNullOrEmpty(_tokens[i]) || _tokens[i].AsSpan().ContainsAny('\n', '\r') || !_indices.TryAdd(_tokens[i], i))
            {
                throw new ArgumentException($"Vocabulary: token {i - Special.Length}, '{_tokens[i]}', is empty, has a line break in it or "
                    + "is there twice", nameof(tokens));
            }
        }
    }

    /// <summary>How many indices there are, padding and unknown included: the size of an embedding.</summary>
    public int Count => _tokens.Length;

    /// <summary>All tokens by their indices; the first two are <c>&lt;pad&gt;</c> and <c>&lt;unk&gt;</c>.</summary>
    public ReadOnlySpan<string> Tokens => _tokens;

    /// <summary>The index of a token; <see cref="Unknown"/> where it is not in the vocabulary.</summary>
    public int this[string token]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(token);
            return _indices.GetValueOrDefault(token, Unknown);
        }
    }

    /// <summary>How many tokens there are, and the most frequent of them.</summary>
    public override string ToString() => Count == Special.Length
        ? SettingsText.Of(nameof(Vocabulary), ("", $"{Count} tokens"))
        : SettingsText.Of(nameof(Vocabulary), ("", $"{Count} tokens: {SettingsText.First(_tokens.Skip(Special.Length))}"));

    /// <summary>
    /// Builds a vocabulary of the tokens of texts (<see cref="WordTokenizer"/>), which should be those for training alone.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="maxSize">How many indices there may be; the rarest tokens are left out.</param>
    /// <param name="minCount">How often a token must be there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 2, or the count less than 1.</exception>
    public static Vocabulary Build(ReadOnlySpan<string> texts, int maxSize = int.MaxValue, int minCount = 1)
    {
        Require.AtLeast(Special.Length, maxSize);
        Require.Positive(minCount);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (string token in WordTokenizer.Tokenize(text))
            {
                counts[token] = counts.GetValueOrDefault(token) + 1;
            }
        }

        // Tokens that are as frequent go by their characters, so that the same texts give the same indices everywhere.
        return new Vocabulary([.. counts
            .Where(pair => pair.Value >= minCount)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(maxSize - Special.Length)
            .Select(pair => pair.Key)]);
    }

    /// <summary>Reads a vocabulary that <see cref="Save"/> has written.</summary>
    /// <exception cref="DataFormatException">It is no such file.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static Vocabulary Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] lines = TextFile.Read(path).Split('\n');
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            // Lines may have become those of Windows on their way.
            lines[i] = lines[i].TrimEnd('\r');
            bool isEnd = i == lines.Length - 1;
            string? expected = i < Special.Length ? lines[i] == Special[i] ? null : Special[i]
                : isEnd ? lines[i].Length == 0 ? null : "a line break after the last token"
                : lines[i].Length > 0 && !lines[i].Contains('\r') && seen.Add(lines[i]) && !Special.Contains(lines[i]) ? null
                : "a token that is in no line before";
            if (expected is not null || (isEnd && i < Special.Length))
            {
                throw new DataFormatException(
                    path, $"line {i + 1}", expected ?? "a line break", lines[i].Length == 0 ? "nothing" : $"'{lines[i]}'");
            }
        }

        return new Vocabulary(lines.AsSpan(Special.Length..^1));
    }

    /// <summary>Writes the tokens, one a line in the order of their indices, padding and unknown included, in UTF-8.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(string.Join('\n', _tokens) + "\n"));
    }

    /// <summary>The indices of the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">How many there may be; the rest of the text is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    public int[] Encode(string text, int maxLength = int.MaxValue)
    {
        Require.Positive(maxLength);
        return [.. WordTokenizer.Tokenize(text).Take(maxLength).Select(token => this[token])];
    }

    /// <summary>The tokens of indices with blanks between, padding left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index has no token.</exception>
    public string Decode(params ReadOnlySpan<int> indices)
    {
        var text = new StringBuilder();
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"the vocabulary has the indices 0..{Count - 1}");
            }

            if (index != Padding)
            {
                text.Append(text.Length > 0 ? " " : "").Append(_tokens[index]);
            }
        }

        return text.ToString();
    }
}
