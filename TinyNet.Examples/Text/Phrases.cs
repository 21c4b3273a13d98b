using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>The words and pairs of neighboring words that a network knows: what is not among them does not count.</summary>
internal sealed class Phrases
{
    private readonly Vocabulary _vocabulary;

    private Phrases(Vocabulary vocabulary) => _vocabulary = vocabulary;

    /// <summary>How many indices there are: those of the phrases, of the padding, and one that is not used.</summary>
    public int Count => _vocabulary.Count;

    /// <summary>The most frequent ones of texts, so many at most; each has to be there twice.</summary>
    public static Phrases MostFrequent(ReadOnlySpan<string> texts, int most)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (string phrase in Of(text))
            {
                counts[phrase] = counts.GetValueOrDefault(phrase) + 1;
            }
        }

        // Those that are as frequent go by their characters, so that the same texts give the same indices everywhere.
        return new Phrases(new Vocabulary([.. counts
            .Where(pair => pair.Value > 1)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(most)
            .Select(pair => pair.Key)]));
    }

    /// <summary>Those of a text that <see cref="ToString"/> has made.</summary>
    /// <exception cref="ArgumentException">It is no such text.</exception>
    public static Phrases Parse(string lines) => new(new Vocabulary(lines.Length == 0 ? [] : lines.Split('\n')));

    /// <summary>The indices of the known words and pairs of a text.</summary>
    public int[] Encode(string text) =>
        [.. Of(text).Select(phrase => _vocabulary[phrase]).Where(index => index != Vocabulary.Unknown)];

    /// <summary>Texts as their known words and pairs.</summary>
    public TokenDataset ToDataset(LabeledTexts texts) => new(
        texts.Name, Array.ConvertAll(texts.Texts.ToArray(), Encode), texts.Labels.ToArray(), texts.ClassNames.ToArray(),
        Vocabulary.Padding);

    /// <summary>The phrases in the order of their indices, one a line.</summary>
    public override string ToString() => string.Join('\n', _vocabulary.Tokens[(Vocabulary.Unknown + 1)..].ToArray());

    private static IEnumerable<string> Of(string text)
    {
        string? before = null;
        foreach (string word in WordTokenizer.Tokenize(text))
        {
            yield return word;
            if (before is not null)
            {
                yield return $"{before} {word}";
            }

            before = word;
        }
    }
}
