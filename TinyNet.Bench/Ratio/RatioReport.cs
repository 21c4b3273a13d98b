using System.Text;

namespace TinyNet.Bench;

/// <summary>A comparison as a table for the console, and as the tables of README.md.</summary>
internal static class RatioReport
{
    /// <summary>The lines of a file between which the tables are, each with a line of its own.</summary>
    public const string RegionStart = "<!-- ratio -->", RegionEnd = "<!-- /ratio -->";

    private const string ActivationPrefix = "act/", ForwardSuffix = "fwd", BackwardSuffix = "fwdbwd";

    private static readonly (string Title, int Width)[] Columns =
    [
        ("workload", 26), ("peer", 22), ("peer ms", 10), ("TinyNet ms", 10), ("ratio", 6), ("of medians", 10),
        ("peer MB", 7), ("TinyNet MB", 10), ("allocated bytes", 15),
    ];

    public static string Table(RatioComparison comparison)
    {
        var text = new StringBuilder(TableRow([.. Columns.Select(column => column.Title), "how"]));
        foreach (string workload in comparison.Workloads)
        {
            foreach (var rival in comparison.Rivals)
            {
                if (comparison.Ratio(rival, workload) is { } row)
                {
                    text.Append(TableRow(
                        row.Workload,
                        rival.Name,
                        $"{row.Peer.Minimum:F4}",
                        $"{row.TinyNet.Minimum:F4}",
                        $"{row.Ratio:F2}",
                        $"{row.RatioOfMedians:F2}",
                        Megabytes(row.Peer),
                        Megabytes(row.TinyNet),
                        $"{row.TinyNet.AllocatedBytes:F0}",
                        row.Peer.Variant));
                }
            }
        }

        return text.Append(Summary(comparison, Environment.NewLine)).ToString();
    }

    /// <summary>What cannot be compared, a line for each that lacks something.</summary>
    public static string Missing(RatioComparison comparison) => string.Concat(
        from rival in comparison.Rivals
        let missing = comparison.Missing(rival).ToArray()
        where missing.Length > 0
        select $"Missing with {rival.Name}: {string.Join(", ", missing)}.\n");

    public static string Markdown(RatioComparison comparison)
    {
        var text = new StringBuilder(
            """
            | workload | TinyNet ms | TorchSharp | at its best | OnnxRuntime | TinyNet MB | TorchSharp MB |
            |---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (string workload in comparison.Workloads.Where(workload => !IsActivation(workload)))
        {
            var own = comparison.TinyNet(workload);
            var ratios = Rival.All.Select(rival => Ratio(comparison, rival, workload));
            string megabytes = Megabytes(comparison.Ratio(Rival.TorchSharp, workload)?.Peer);
            text.Append(MarkdownRow([Describe(workload), Milliseconds(own), .. ratios, Megabytes(own), megabytes]));
        }

        text.Append(
            """

            The same ratios for activations:

            | activation of 1000 x 1000 | forward: TorchSharp | at its best | forward and backward: TorchSharp | at its best |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (string name in comparison.Workloads.Where(IsActivation).Select(workload => workload.Split('/')[1]).Distinct())
        {
            var ratios = from suffix in new[] { ForwardSuffix, BackwardSuffix }
                         from rival in new[] { Rival.TorchSharp, Rival.BestTorchSharp }
                         select Ratio(comparison, rival, $"{ActivationPrefix}{name}/{suffix}");
            text.Append(MarkdownRow([name, .. ratios]));
        }

        return text.Append($"\n{Summary(comparison, "\n")}").ToString();
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

    /// <summary>A line for each rival: the worst ratio and the mean beside what they are to be.</summary>
    private static string Summary(RatioComparison comparison, string newLine) =>
        string.Concat(comparison.Rivals.Select(rival => $"- {rival.Name}: {Summary(comparison, rival)}{newLine}"));

    private static string Summary(RatioComparison comparison, Rival rival) => comparison.Worst(rival) is { } worst
        ? $"worst {worst.Ratio:F2} ({worst.Workload}){Aim(rival.LeastRatio)}, "
            + $"geometric mean {comparison.GeometricMean(rival):F2} of {comparison.Ratios(rival).Count}{Aim(rival.LeastMean)}."
        : "nothing to compare.";

    private static string Aim(double least) => least > 0 ? $" for an aim of {least:0.##}" : "";

    private static string TableRow(params string[] cells) =>
        string.Join(' ', cells.Select((cell, i) => i < 2 ? cell.PadRight(Columns[i].Width)
            : i < Columns.Length ? cell.PadLeft(Columns[i].Width)
            : cell)).TrimEnd() + Environment.NewLine;

    private static string MarkdownRow(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static bool IsActivation(string workload) => workload.StartsWith(ActivationPrefix, StringComparison.Ordinal);

    private static string Ratio(RatioComparison comparison, Rival rival, string workload) =>
        comparison.Ratio(rival, workload) is { } row ? $"{row.Ratio:F2}" : "";

    private static string Describe(string name) => Workload.All.FirstOrDefault(workload => workload.Name == name)?.Description ?? name;

    private static string Megabytes(Timing? timing) => $"{timing?.PeakMegabytes:F0}";

    /// <summary>Three figures.</summary>
    private static string Milliseconds(Timing timing) => timing.Minimum.ToString(timing.Minimum < 100 ? "G3" : "F0");
}
