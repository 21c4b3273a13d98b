using Spectre.Console;
using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>A layer in a <see cref="HealthTable"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is, which is left out where there is no room for it.</param>
/// <param name="Cells">What was measured, a text for each column.</param>
/// <param name="Finding">The worst finding of it; null where it is well.</param>
internal sealed record HealthRow(string Name, string Type, string[] Cells, Finding? Finding);

/// <summary>
/// A line for each of some layers, with how they are. Columns of which there is nothing are left out, and those that a
/// terminal is too narrow for, the last ones first.
/// </summary>
/// <param name="title">What stands above the names.</param>
/// <param name="columns">The names and widths of the columns.</param>
/// <param name="rows">The layers.</param>
internal sealed class HealthTable(string title, (string Name, int Width)[] columns, IReadOnlyList<HealthRow> rows)
{
    private const int LeastName = 15, MostName = 32, HealthWidth = 14;

    private static readonly Style Heading = new(decoration: Decoration.Bold), Quiet = new(decoration: Decoration.Dim);

    /// <summary>How many layers there are.</summary>
    public int Count => rows.Count;

    /// <summary>The lines.</summary>
    /// <param name="width">How wide they may be.</param>
    /// <param name="height">How many there may be, with the one of the titles.</param>
    public IEnumerable<StyledLine> Draw(int width, int height)
    {
        if (rows.Count == 0 || height < 2)
        {
            return [];
        }

        List<int> shown = [.. Enumerable.Range(0, columns.Length).Where(column => rows.Any(row => row.Cells[column].Length > 0))];
        while (shown.Count > 1 && LeastName + Width(shown) + HealthWidth > width)
        {
            shown.RemoveAt(shown.Count - 1);
        }

        int name = Math.Clamp(width - Width(shown) - HealthWidth, LeastName, MostName);
        var chosen = Choose(height - 1);
        string share = chosen.Count == rows.Count ? "" : $"{chosen.Count}/{rows.Count}";
        var head = new StyledLine().Add(Fit(title, share, name), Heading);
        shown.ForEach(column => head.Add(columns[column].Name.PadLeft(columns[column].Width), Quiet));

        return [head, .. chosen.Select(row => Line(row, name, shown))];
    }

    /// <summary>The mark of a severity: its form tells it without its color, too.</summary>
    public static (string Mark, Style Style) Mark(Severity? severity) => severity switch
    {
        null => ("●", new Style(Color.Green)),
        Severity.Critical => ("✖", new Style(Color.Red)),
        _ => ("▲", new Style(Color.Yellow)),
    };

    private int Width(List<int> shown) => shown.Sum(column => columns[column].Width);

    private StyledLine Line(HealthRow row, int name, List<int> shown)
    {
        var line = new StyledLine().Add(Fit(row.Name, row.Type, name));
        shown.ForEach(column => line.Add(row.Cells[column].PadLeft(columns[column].Width)));
        var (mark, style) = Mark(row.Finding?.Severity);
        return line.Add($"  {mark} {Word(row.Finding?.Kind)}", style);
    }

    /// <summary>As many as there is room for: those that are not well, and of the others some at equal distances.</summary>
    private List<HealthRow> Choose(int count)
    {
        if (rows.Count <= count)
        {
            return [.. rows];
        }

        HealthRow[] sick = [.. rows.Where(row => row.Finding is not null).Take(count)], well = [.. rows.Where(row => row.Finding is null)];
        int room = count - sick.Length;
        var chosen = sick.ToHashSet();
        for (int i = 0; i < room; i++)
        {
            chosen.Add(well[room == 1 ? 0 : (int)((long)i * (well.Length - 1) / (room - 1))]);
        }

        return [.. rows.Where(chosen.Contains)];
    }

    private static string Word(FindingKind? kind) => kind switch
    {
        null => "ok",
        FindingKind.NotFinite => "not finite",
        FindingKind.Vanishing => "vanishing",
        FindingKind.Exploding => "exploding",
        FindingKind.DeadUnits => "dead",
        FindingKind.SaturatedUnits => "saturated",
        FindingKind.NotLearning => "idle",
        _ => "memorizing",
    };

    // The end of a path tells more than its beginning.
    private static string Fit(string name, string remark, int width) =>
        (name.Length + 1 + remark.Length < width ? $"{name} {remark}"
            : name.Length < width ? name
            : "…" + name[^(width - 2)..]).PadRight(width);
}
