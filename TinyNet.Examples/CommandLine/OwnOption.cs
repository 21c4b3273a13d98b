using System.CommandLine;
using System.CommandLine.Parsing;
using TinyNet.Core;

namespace TinyNet.Examples;

/// <summary>Makes options by what may be given: one of some names, several of them, a whole number, a path.</summary>
internal static class OwnOption
{
    // So many names a message lists; longer lists are in the help.
    private const int MostListed = 12;

    /// <summary>One of some names.</summary>
    /// <param name="name">The option.</param>
    /// <param name="noun">What is named, for messages: <c>activation</c>.</param>
    /// <param name="description">What it is for; the names are listed after it.</param>
    /// <param name="known">The names.</param>
    /// <param name="byDefault">The one that is taken where none is given.</param>
    public static Option<string> Choice(
        string name, string noun, string description, IReadOnlyCollection<string> known, string byDefault) => new(name)
        {
            Description = $"{description}: {string.Join(", ", known)}.",
            HelpName = "NAME",
            CustomParser = result => Known(result, noun, known, result.Tokens[0].Value),
            DefaultValueFactory = _ => byDefault,
        };

    /// <summary>Several of some names, with commas between them; each counts once.</summary>
    /// <inheritdoc cref="Choice"/>
    public static Option<string[]> Choices(
        string name, string noun, string description, IReadOnlyCollection<string> known, params string[] byDefault) => new(name)
        {
            Description = $"{description}: {string.Join(", ", known)}.",
            HelpName = "NAME,NAME,..",
            CustomParser = result => [.. Texts(result).Select(text => Known(result, noun, known, text)).Distinct()],
            DefaultValueFactory = _ => byDefault,
        };

    /// <summary>A whole number, from 1 on unless another least one is given.</summary>
    public static Option<int> Count(string name, string description, int most, int byDefault, int least = 1) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => TrainingOptions.WholeNumber(result, least, most),
        DefaultValueFactory = _ => byDefault,
    };

    /// <summary>A file or a folder. An empty text is refused, which would be the current folder, and an option in its place.</summary>
    public static Option<string?> Path(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => result.Tokens[0].Value is var path
            && !string.IsNullOrWhiteSpace(path) && !path.StartsWith("--", StringComparison.Ordinal)
                ? path
                : TrainingOptions.Refuse(result, "", $"no path is given, but '{path}'"),
    };

    private static IEnumerable<string> Texts(ArgumentResult result) =>
        result.Tokens.SelectMany(token => token.Value.Split(',')).Select(text => text.Trim());

    /// <summary>The known name that a text is, whatever its case.</summary>
    private static string Known(ArgumentResult result, string noun, IReadOnlyCollection<string> known, string text) =>
        known.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? TrainingOptions.Refuse(
            result, text, $"no {noun} '{text}'{Suggestion.For(text, known)}; "
                + (known.Count > MostListed ? $"--help lists the {known.Count} that are known" : $"known are: {string.Join(", ", known)}"));
}
