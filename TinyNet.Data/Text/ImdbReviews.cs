using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The Large Movie Review Dataset: 25,000 reviews of films for training and as many for the test, half of them positive.</summary>
/// <remarks>
/// A. L. Maas et al. (2011), Learning word vectors for sentiment analysis, <see href="https://ai.stanford.edu/~amaas/data/sentiment/"/>. It
/// is read from the folder aclImdb as the publisher's archive has it, unpacked.
/// </remarks>
public static class ImdbReviews
{
    private static readonly string[] Classes = ["neg", "pos"];
    private static readonly string[] Parts = ["train", "test"];

    private static readonly DataPlaces Places = new("the reviews of IMDb", ["aclImdb", "imdb"], systemFolder: null,
        "the folders train/neg, train/pos, test/neg and test/pos, with a file for each review",
        "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz (unpacked)");

    /// <summary>
    /// The reviews for training and those for the test; class 0 is negative, class 1 positive. The line breaks of web pages in them,
    /// &lt;br />, become blanks.
    /// </summary>
    /// <param name="folder">
    /// The folder with the folders train and test, or the one above it with a folder aclImdb; null for that in the environment variable
    /// TINYNET_DATA.
    /// </param>
    /// <exception cref="DataNotFoundException">The folders are not there; the message says which, where, and who has them.</exception>
    /// <exception cref="DataFormatException">A file is no text in UTF-8.</exception>
    public static (LabeledTexts Train, LabeledTexts Test) Load(string? folder = null)
    {
        string found = Places.Find<string>(folder, TryFind);
        return (LoadPart(found, "train"), LoadPart(found, "test"));
    }

    private static LabeledTexts LoadPart(string folder, string part)
    {
        var reviews = LabeledTexts.Load($"imdb/{part}", Path.Combine(folder, part), Classes, encoding: null);
        return reviews.Map(text => text.Replace("<br />", " ", StringComparison.Ordinal));
    }

    private static bool TryFind(string folder, [NotNullWhen(true)] out string? found, out string? missing)
    {
        string[] own = [.. Parts.SelectMany(part => Classes.Select(name => Path.Combine(part, name)))];
        string[] absent = [.. own.Where(name => !Directory.Exists(Path.Combine(folder, name)))];
        missing = absent.Length == own.Length ? null : string.Join(" and ", absent);
        found = absent.Length == 0 ? folder : null;
        return found is not null;
    }
}
