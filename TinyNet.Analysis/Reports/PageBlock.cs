namespace TinyNet.Analysis;

/// <summary>A part of an <see cref="HtmlPage"/> under a heading.</summary>
/// <param name="Title">The heading, which the navigation of the page shows too.</param>
/// <param name="Blocks">What stands below it, in the order of reading.</param>
public sealed record PageSection(string Title, params IReadOnlyList<PageBlock> Blocks)
{
    /// <summary>A sentence between the heading and the first block; null for none.</summary>
    public string? Introduction { get; init; }
}

/// <summary>What stands in a <see cref="PageSection"/>: a figure and a table turn into blocks by themselves.</summary>
public abstract record PageBlock
{
    private protected PageBlock()
    {
    }

    /// <summary>A figure as a block.</summary>
    public static implicit operator PageBlock(Figure figure) => new FigureBlock(figure);

    /// <summary>A table as a block.</summary>
    public static implicit operator PageBlock(Table table) => new TableBlock(table);
}

/// <summary>A figure; pictures in it are shown without scripts, all else is drawn by the browser.</summary>
/// <param name="Figure">The figure.</param>
public sealed record FigureBlock(Figure Figure) : PageBlock;

/// <summary>A table.</summary>
/// <param name="Table">The table.</param>
public sealed record TableBlock(Table Table) : PageBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">The text; each line of it is a paragraph of its own.</param>
public sealed record TextBlock(string Text) : PageBlock;

/// <summary>The few facts that one looks for first, in large type.</summary>
/// <param name="Facts">The facts.</param>
public sealed record FactsBlock(params IReadOnlyList<PageFact> Facts) : PageBlock;

/// <summary>A fact of a <see cref="FactsBlock"/>.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value, as text.</param>
/// <param name="Note">A few words below it; null for none.</param>
public sealed record PageFact(string Name, string Value, string? Note = null);

/// <summary>What was found out, the gravest first.</summary>
/// <param name="Findings">The findings; without any the page says that there is none.</param>
public sealed record FindingsBlock(params IReadOnlyList<PageFinding> Findings) : PageBlock;

/// <summary>A sentence about what was measured.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Subject">What it is about: a layer, a curve.</param>
/// <param name="Message">What was found.</param>
public sealed record PageFinding(Severity Severity, string Subject, string Message)
{
    /// <summary>What was measured, as text; null where the message says it.</summary>
    public string? Measured { get; init; }

    /// <summary>Beyond which value it is told; null for none.</summary>
    public string? Threshold { get; init; }

    /// <summary>What can be done about it; null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>The title of the section or figure of the same page that shows it; null for none.</summary>
    public string? Anchor { get; init; }

    /// <summary>A finding of a monitor or a history as a page shows it; it leads nowhere.</summary>
    /// <param name="finding">The finding.</param>
    public static PageFinding Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return new PageFinding(
            finding.Severity, finding.Subject.Length == 0 ? "the run" : finding.Subject, finding.Problem)
        {
            Measured = $"{finding.Measure} {Table.Show(finding.Value)}",
            Threshold = Table.Show(finding.Threshold),
            Remedy = finding.Remedy,
        };
    }
}

/// <summary>How many samples of each class were taken for which.</summary>
/// <param name="Names">The names of the classes.</param>
/// <param name="Counts">The counts: row = what it is, column = what it was taken for.</param>
public sealed record ConfusionBlock(IReadOnlyList<string> Names, long[,] Counts) : PageBlock
{
    /// <summary>The counts.</summary>
    /// <exception cref="ArgumentException">There is not a row and a column for each class.</exception>
    public long[,] Counts { get; } = Counts.GetLength(0) == Names.Count && Counts.GetLength(1) == Names.Count
        ? Counts
        : throw new ArgumentException(
            $"{Names.Count} classes need {Names.Count} x {Names.Count} counts, not {Counts.GetLength(0)} x {Counts.GetLength(1)}",
            nameof(Counts));
}

/// <summary>Pictures with captions, such as the worst mistakes.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Pictures">The pictures: numbers are shown as gray, the largest as white.</param>
public sealed record PicturesBlock(string Title, IReadOnlyList<Picture> Pictures) : PageBlock;
