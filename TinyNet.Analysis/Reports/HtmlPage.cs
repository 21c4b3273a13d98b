using System.Text;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>
/// A page of one HTML file that needs nothing else: no network, no other file. Findings, tables, facts, pictures and the confusion matrix
/// can be read without scripts; figures are drawn by Apache ECharts, which the file contains, and sketched where scripts are off.
/// </summary>
/// <example>
/// <code>
/// var page = new HtmlPage("digits") { Subtitle = "seed 1" };
/// page.Add(new PageSection("Curves", figure, table));
/// page.Write("digits.html");
/// </code>
/// </example>
public sealed class HtmlPage
{
    private readonly List<PageSection> _sections = [];

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its title.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public HtmlPage(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>A line below the title: when, how long, with what; null for none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>The sections, in the order of reading.</summary>
    public IReadOnlyList<PageSection> Sections => _sections;

    /// <summary>The runs that its series belong to, in the order of their first; with more than one the page has a picker.</summary>
    public IReadOnlyList<string> Runs =>
    [
        .. _sections.SelectMany(section => section.Blocks).OfType<FigureBlock>()
            .SelectMany(block => block.Figure.Panels).SelectMany(panel => panel.Series)
            .Select(series => series.Run).OfType<string>().Distinct(),
    ];

    /// <summary>Adds a section at the end.</summary>
    public void Add(PageSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        _sections.Add(section);
    }

    /// <summary>The page as text: the same bytes for the same contents.</summary>
    /// <exception cref="InvalidOperationException">A finding leads to a section or figure that is not there.</exception>
    public string ToHtml() => new PageWriter(this).Write();

    /// <summary>Writes the page whole or not at all: a page that was there before stays until the new one is complete.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidOperationException">A finding leads to a section or figure that is not there.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void Write(string path)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }
}
