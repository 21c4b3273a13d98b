using System.Text;

namespace TinyNet.Bench;

/// <summary>A comparison as a table for the console, and as the tables of README.md.</summary>
internal static class RatioReport
{
    /// <summary>The lines of a file between which the tables are, each with a line of its own.</summary>
    public const string RegionStart = "<!-- ratio -->", RegionEnd = "<!-- /ratio -->";

    private const string ActivationPrefix = "act/", ForwardSuffix = "/fwd", BackwardSuffix = "/fwdbwd";

    private static readonly (string Title, int Width)[] Columns =
    [
        ("workload", 26), ("peer ms", 10), ("TinyNet ms", 10), ("ratio", 6), ("of medians", 10),
        ("peer MB", 7), ("TinyNet MB", 10), ("allocated bytes", 15),
    ];

    public static string Table(RatioComparison comparison)
    {
        var text = new StringBuilder(TableRow([.. Columns.Select(column => column.Title)]));
        foreach (var row in comparison.Ratios)
        {
            text.Append(TableRow(
                row.Workload,
                $"{row.Peer.Minimum:F4}",
                $"{row.TinyNet.Minimum:F4}",
                $"{row.Ratio:F2}",
                $"{row.RatioOfMedians:F2}",
                $"{row.Peer.PeakMegabytes:F0}",
                $"{row.TinyNet.PeakMegabytes:F0}",
                $"{row.TinyNet.AllocatedBytes:F0}"));
        }

        return text.Append($"{Summary(comparison)}\n").ToString();
    }

    /// <summary>What cannot be compared, a line for each side that lacks something.</summary>
    public static string Missing(RatioComparison comparison) =>
        Missing("TinyNet", comparison.MissingInTinyNet) + Missing("the peer", comparison.MissingInPeer);

    public static string Markdown(RatioComparison comparison)
    {
        var text = new StringBuilder();
        text.Append("| workload | peer ms | TinyNet ms | ratio |\n|---|---|---|---|\n");
        foreach (var row in comparison.Ratios.Where(row => !IsActivation(row)))
        {
            text.Append($"| {Describe(row.Workload)} | {Milliseconds(row.Peer)} | {Milliseconds(row.TinyNet)} | {row.Ratio:F2} |\n");
        }

        text.Append("\nThe same ratio for activations (relu and leaky_relu only move memory, on both sides):\n\n");
        text.Append("| activation of 1000 x 1000 | forward | forward and backward |\n|---|---|---|\n");
        foreach (var activation in comparison.Ratios.Where(IsActivation).GroupBy(ActivationName))
        {
            text.Append($"| {activation.Key} | {RatioOf(activation, ForwardSuffix)} | {RatioOf(activation, BackwardSuffix)} |\n");
        }

        return text.Append($"\n{Summary(comparison)}\n").ToString();
    }

    /// <summary>A text with the tables in the place of those between its marks.</summary>
    /// <exception cref="FormatException">The text has no marks.</exception>
    public static string Replace(string text, string tables)
    {
        int start = text.IndexOf(RegionStart + "\n", StringComparison.Ordinal);
        int end = text.IndexOf("\n" + RegionEnd, StringComparison.Ordinal);
        return start >= 0 && end > start
            ? $"{text[..start]}{RegionStart}\n\n{tables.TrimEnd()}\n{text[end..]}"
            : throw new FormatException($"there is no line {RegionStart} with a line {RegionEnd} after it");
    }

    private static string Summary(RatioComparison comparison) => comparison.Worst is { } worst
        ? $"Worst {worst.Ratio:F2} ({worst.Workload}), geometric mean {comparison.GeometricMean:F2} of {comparison.Ratios.Count}."
        : "Nothing to compare.";

    private static string Missing(string side, IEnumerable<string> workloads) =>
        workloads.Any() ? $"Missing in {side}: {string.Join(", ", workloads)}.\n" : "";

    private static string TableRow(params string[] cells) =>
        string.Join(
            ' ',
            cells.Zip(Columns, (cell, column) => column == Columns[0] ? cell.PadRight(column.Width) : cell.PadLeft(column.Width))) + "\n";

    private static bool IsActivation(WorkloadRatio row) => row.Workload.StartsWith(ActivationPrefix, StringComparison.Ordinal);

    private static string ActivationName(WorkloadRatio row) => row.Workload[ActivationPrefix.Length..row.Workload.LastIndexOf('/')];

    private static string RatioOf(IEnumerable<WorkloadRatio> rows, string suffix) =>
        rows.FirstOrDefault(row => row.Workload.EndsWith(suffix, StringComparison.Ordinal)) is { } row ? $"{row.Ratio:F2}" : "";

    private static string Describe(string name) => Workload.All.FirstOrDefault(workload => workload.Name == name)?.Description ?? name;

    /// <summary>Three figures.</summary>
    private static string Milliseconds(Timing timing) => timing.Minimum.ToString(timing.Minimum < 100 ? "G3" : "F0");
}
