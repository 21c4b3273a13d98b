using System.Text;

namespace TinyNet.Examples;

/// <summary>Texts that fit the width of a terminal.</summary>
internal static class TerminalText
{
    private const string Gap = "  ";

    /// <summary>Paragraphs without the line breaks of the source: what shows them breaks them where the terminal ends.</summary>
    public static string Paragraphs(string text) => string.Join(
        Environment.NewLine + Environment.NewLine,
        text.ReplaceLineEndings("\n").Split("\n\n").Select(paragraph => paragraph.Replace('\n', ' ').Trim()));

    /// <summary>An argument as it is typed: in quotes where it has spaces or is empty.</summary>
    public static string Argument(string argument) =>
        argument.Length == 0 || argument.Any(char.IsWhiteSpace) ? $"\"{argument}\"" : argument;

    /// <summary>A line without the end that has no room in a width; null for no end.</summary>
    public static string Shortened(string line, int? width) =>
        width is { } columns and > 1 && line.Length > columns ? line[..(columns - 1)] + "…" : line;

    /// <summary>Writes names and, in a second column, what they mean, broken at a width; null for no end.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<(string Name, string Meaning)> rows, int? width)
    {
        int first = rows.Max(row => row.Name.Length) + Gap.Length;

        // A terminal too narrow for both breaks the lines itself.
        int second = width is { } columns && columns - 1 - first is > 20 and var left ? left : int.MaxValue;
        foreach (var (name, meaning) in rows)
        {
            string beginning = name;
            foreach (string line in Lines(meaning, second))
            {
                output.WriteLine(beginning.PadRight(first) + line);
                beginning = "";
            }
        }
    }

    /// <summary>Writes a paragraph, broken at a width; its further lines are indented.</summary>
    public static void WriteParagraph(TextWriter output, string text, int width)
    {
        string indent = "";
        foreach (string line in Lines(text, width - Gap.Length))
        {
            output.WriteLine(indent + line);
            indent = Gap;
        }
    }

    private static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
