using System.Text;
using System.Text.RegularExpressions;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The page about every activation that has a name, made of the XML documentation alone.</summary>
internal static partial class ActivationPage
{
    /// <summary>Where the page is, from the root of the repository.</summary>
    public const string Location = "docs/activations.md";

    /// <summary>The page as it should be.</summary>
    /// <exception cref="DocumentationException">Something is missing; the message names each class where it is.</exception>
    public static string Create(XmlDocumentation documentation)
    {
        var entries = new List<ActivationEntry>();
        var missing = new List<string>();
        foreach (string name in Activation.Names)
        {
            try
            {
                entries.Add(ActivationEntry.Read(name, documentation));
            }
            catch (DocumentationException exception)
            {
                missing.Add(exception.Message);
            }
        }

        return missing.Count == 0
            ? Write(entries, documentation)
            : throw new DocumentationException(string.Join(Environment.NewLine, missing));
    }

    private static string Write(List<ActivationEntry> entries, XmlDocumentation documentation)
    {
        var page = new StringBuilder(
            "<!-- Made by dotnet run -c Release --project TinyNet.Bench -- docs, from the XML documentation; change that instead. -->\n\n");
        page.Append($"# Activations\n\n{documentation.Summary(typeof(Activation))} {documentation.Remarks(typeof(Activation))}\n\n");
        page.Append("| name | class | range |\n|---|---|---|\n");
        foreach (var entry in entries)
        {
            page.Append($"| [{entry.Name}](#{entry.Name}) | `{entry.Class}` | {Cell(entry.Range)} |\n");
        }

        foreach (var entry in entries)
        {
            Write(page, entry);
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, ActivationEntry entry)
    {
        page.Append($"\n## {entry.Name}\n\n{entry.Title}. The name makes `{entry.Made}`.\n\n");
        foreach (var constructor in entry.Constructors)
        {
            page.Append($"- **Constructor**: `{constructor.Signature}`\n");
            foreach (string parameter in constructor.Parameters)
            {
                page.Append($"  - {parameter}\n");
            }
        }

        page.Append($"- **Formula**: {entry.Formula}\n");
        page.Append($"- **Derivative**: {entry.Derivative}\n");
        page.Append($"- **Range**: {entry.Range}\n");
        page.Append($"- **Paper**: {Arxiv().Replace(entry.Paper, "[$0](https://arxiv.org/abs/$1)")}\n");
        if (entry.Notes.Length > 0)
        {
            page.Append($"- **Notes**: {entry.Notes}\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);

    [GeneratedRegex(@"arXiv:(\d{4}\.\d{4,5})")]
    private static partial Regex Arxiv();
}
