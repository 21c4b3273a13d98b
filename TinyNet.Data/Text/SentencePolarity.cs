using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// The sentence polarity dataset: 10,662 sentences of film reviews, half of them positive. It has no test part of its own.
/// </summary>
/// <remarks>
/// B. Pang, L. Lee, "Seeing stars: exploiting class relationships for sentiment categorization with respect to rating scales", ACL 2005,
/// <see href="https://www.cs.cornell.edu/people/pabo/movie-review-data/"/>. It is read from the files rt-polarity.neg and rt-polarity.pos
/// of version 1.0, which have a sentence in each line, in ISO 8859-1.
/// </remarks>
public static class SentencePolarity
{
    private const int MostPerClass = 5331;

    private static readonly (string File, string ClassName)[] Files = [("rt-polarity.neg", "negative"), ("rt-polarity.pos", "positive")];

    private static readonly DataPlaces Places = new("the sentence polarity dataset", ["rt-polarity", "rt-polaritydata"],
        systemFolder: null, "the files rt-polarity.neg and rt-polarity.pos",
        "https://www.cs.cornell.edu/people/pabo/movie-review-data/rt-polaritydata.tar.gz (unpacked)");

    /// <summary>All sentences, the negative ones first; class 0 is negative, class 1 positive.</summary>
    /// <param name="folder">
    /// The folder with the files, or the one above it with a folder rt-polarity or rt-polaritydata; null for that in the environment
    /// variable TINYNET_DATA. The files may be a part of the official ones: up to 5,331 sentences each.
    /// </param>
    /// <exception cref="DataNotFoundException">
    /// The files are not there, or one is empty; the message says which, where, and who has them.
    /// </exception>
    /// <exception cref="DataFormatException">A file has more sentences than the official one.</exception>
    public static LabeledTexts Load(string? folder = null)
    {
        string found = Places.Find<string>(folder, TryFind);
        var files = Array.ConvertAll(Files, file => (Path.Combine(found, file.File), file.ClassName));
        var sentences = LabeledTexts.LoadLines("rt-polarity", files, Encoding.Latin1);
        for (int label = 0; label < files.Length; label++)
        {
            if (sentences.Labels.Count(label) is > MostPerClass and var count)
            {
                throw new DataFormatException(files[label].Item1, "the end of the file",
                    string.Create(CultureInfo.InvariantCulture, $"up to {MostPerClass} sentences"),
                    string.Create(CultureInfo.InvariantCulture, $"{count}"));
            }
        }

        return sentences;
    }

    private static bool TryFind(string folder, [NotNullWhen(true)] out string? found, out string? missing)
    {
        string[] absent = [.. Files.Select(file => file.File).Where(file => !File.Exists(Path.Combine(folder, file)))];
        missing = absent.Length == Files.Length ? null : string.Join(" and ", absent);
        found = absent.Length == 0 ? folder : null;
        return found is not null;
    }
}
