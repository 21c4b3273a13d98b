namespace TinyNet.Analysis;

/// <summary>A figure: data with titles, without a way to be drawn. Reports draw it in a page, other packages elsewhere.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Panels">The coordinate systems, in the order of reading.</param>
public sealed record Figure(string Title, params IReadOnlyList<Panel> Panels)
{
    /// <summary>The panels.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<Panel> Panels { get; } = Panels is { Count: > 0 }
        ? Panels
        : throw new ArgumentException($"the figure '{Title}' has no panels: give at least one", nameof(Panels));

    /// <summary>How many panels stand beside each other where there is room; null leaves it to who draws.</summary>
    public int? Columns { get; init; }

    /// <summary>A sentence below it: where the data come from, what is left out; null for none.</summary>
    public string? Note { get; init; }
}

/// <summary>A coordinate system with what is drawn in it.</summary>
/// <param name="Title">What it shows; empty where the title of the figure says it.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, the first at the back.</param>
public sealed record Panel(string Title, Axis X, Axis Y, params IReadOnlyList<Series> Series)
{
    /// <summary>What is drawn.</summary>
    /// <exception cref="ArgumentException">There is nothing, or a series that needs the whole panel is not alone.</exception>
    public IReadOnlyList<Series> Series { get; } = Checked(Title, Series, nameof(Series));

    /// <summary>Whether who looks may smooth the lines, as those over steps.</summary>
    public bool CanSmooth { get; init; }

    private static IReadOnlyList<Series> Checked(string title, IReadOnlyList<Series> series, string name)
    {
        string? problem = series is not { Count: > 0 } ? "no series: give at least one"
            : series.Count > 1 && series.Any(one => one is HeatMap or Images)
                ? "a heat map or images beside other series: give these a panel of their own" : null;
        return problem is null ? series : throw new ArgumentException($"the panel '{title}' has {problem}", name);
    }
}

/// <summary>An axis.</summary>
/// <param name="Label">What is measured, with its unit where it has one.</param>
public sealed record Axis(string Label)
{
    /// <summary>Whether equal factors have equal lengths; what is not positive is then left out.</summary>
    public bool IsLog { get; init; }

    /// <summary>Whether values are whole numbers, as epochs are.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Names instead of numbers: position i, from 0, is called <c>Names[i]</c>; null for numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Where it begins; null for what the data need.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where it ends; null for what the data need.</summary>
    public double? Maximum { get; init; }
}
