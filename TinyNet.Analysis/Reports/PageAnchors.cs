using System.Globalization;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>What links within a page lead to: an id for each section and figure, made from its title.</summary>
internal sealed class PageAnchors
{
    private readonly Dictionary<object, string> _ids = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _titles = [];
    private readonly HashSet<string> _taken = [];

    public PageAnchors(IReadOnlyList<PageSection> sections)
    {
        foreach (var section in sections)
        {
            Add(section, section.Title);
        }

        // A section has the link where a figure is called the same.
        foreach (var figure in sections.SelectMany(section => section.Blocks).OfType<FigureBlock>())
        {
            Add(figure, figure.Figure.Title);
        }
    }

    /// <summary>The id of a section or of the block of a figure.</summary>
    public string Of(object part) => _ids[part];

    /// <summary>The id of what has this title.</summary>
    public string Find(string title, PageFinding from) => _titles.TryGetValue(title, out string? id)
        ? id
        : throw new InvalidOperationException(
            $"the finding about '{from.Subject}' leads to '{title}', which is no section or figure of the page; there are: "
            + string.Join(", ", _titles.Keys));

    private void Add(object part, string title)
    {
        string id = Slug(title);
        for (int i = 2; !_taken.Add(id); i++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{Slug(title)}-{i}");
        }

        // One figure may stand in two places; links then lead to the first.
        _ids.TryAdd(part, id);
        _titles.TryAdd(title, id);
    }

    /// <summary>Letters and digits in lower case, with hyphens for the rest.</summary>
    private static string Slug(string title)
    {
        var slug = new StringBuilder("p-");
        foreach (char letter in title.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
