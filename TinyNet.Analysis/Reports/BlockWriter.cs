using System.Globalization;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>Writes what a page has beside figures: it can be read without scripts.</summary>
internal sealed class BlockWriter(StringBuilder html, PageAnchors anchors)
{
    // A matrix of more classes has no names above its columns, and scrolls.
    private const int MostNamedColumns = 12;

    // On paper.
    private const int MostFactsInARow = 5;

    // Columns of longer texts may be broken into lines.
    private const int LongestInALine = 24;

    public void Write(PageBlock block)
    {
        switch (block)
        {
            case TableBlock table:
                Write(table.Table);
                break;
            case TextBlock text:
                foreach (string line in text.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    html.Append($"<p>{PageWriter.Escape(line)}</p>\n");
                }

                break;
            case FactsBlock facts:
                Write(facts);
                break;
            case FindingsBlock findings:
                Write(findings);
                break;
            case ConfusionBlock confusion:
                Write(confusion);
                break;
            case PicturesBlock pictures:
                html.Append($"<div class=\"card\"><h3>{PageWriter.Escape(pictures.Title)}</h3>\n");
                html.Append(PagePicture.Grid(pictures.Pictures, ColorScale.Gray)).Append("</div>\n");
                break;
            default:
                throw new NotSupportedException($"a page cannot show a block of type {block.GetType().Name}");
        }
    }

    private void Write(Table table)
    {
        html.Append($"<div class=\"card\"><h3>{PageWriter.Escape(table.Title)}</h3>\n");
        html.Append("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
        string[] kinds = [.. Enumerable.Range(0, table.Columns.Count).Select(i => KindOf(table, i))];
        for (int i = 0; i < kinds.Length; i++)
        {
            html.Append($"<th{kinds[i]}>{PageWriter.Escape(table.Columns[i])}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            for (int i = 0; i < kinds.Length; i++)
            {
                html.Append($"<td{kinds[i]}>{PageWriter.Escape(Table.Show(row[i]))}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div></div>\n");
    }

    private void Write(FactsBlock facts)
    {
        // Rows that are as long as each other, so that none stands alone.
        int rows = (facts.Facts.Count + MostFactsInARow - 1) / MostFactsInARow;
        int columns = rows == 0 ? 1 : (facts.Facts.Count + rows - 1) / rows;
        html.Append(CultureInfo.InvariantCulture, $"<dl class=\"facts\" style=\"--columns:{columns}\">");
        foreach (var fact in facts.Facts)
        {
            html.Append($"<div><dt>{PageWriter.Escape(fact.Name)}</dt><dd>{PageWriter.Escape(fact.Value)}</dd>");
            html.Append(fact.Note is null ? "" : $"<dd class=\"note\">{PageWriter.Escape(fact.Note)}</dd>").Append("</div>");
        }

        html.Append("</dl>\n");
    }

    /// <summary>How a column is set: numbers to the right; they and short texts, such as shapes, in one line.</summary>
    private static string KindOf(Table table, int column) => table.IsNumeric(column) ? " class=\"number\""
        : table.Rows.All(row => Table.Show(row[column]).Length <= LongestInALine) ? " class=\"short\""
        : "";

    private void Write(FindingsBlock findings)
    {
        if (findings.Findings.Count == 0)
        {
            html.Append("<ul class=\"findings\"><li class=\"card good\"><b class=\"severity\">good</b> Nothing was found.</li></ul>\n");
            return;
        }

        html.Append("<ul class=\"findings\">\n");
        foreach (var finding in findings.Findings.OrderByDescending(finding => finding.Severity))
        {
            string severity = finding.Severity switch
            {
                Severity.Good => "good",
                Severity.Warning => "warning",
                Severity.Critical => "critical",
                _ => throw new InvalidOperationException($"{finding.Severity} is no severity of a finding"),
            };
            html.Append($"<li class=\"card {severity}\"><b class=\"severity\">{severity}</b> <b>{PageWriter.Escape(finding.Subject)}</b>");
            if (finding.Anchor is not null)
            {
                string target = PageWriter.Escape(finding.Anchor);
                html.Append($" <a href=\"#{anchors.Find(finding.Anchor, finding)}\" title=\"{target}\">show</a>");
            }

            html.Append($"<p>{PageWriter.Escape(finding.Message)}</p>");
            WriteMeasure(finding);
            html.Append(finding.Remedy is null ? "" : $"<p class=\"remedy\">{PageWriter.Escape(finding.Remedy)}</p>").Append("</li>\n");
        }

        html.Append("</ul>\n");
    }

    private void WriteMeasure(PageFinding finding)
    {
        string[] parts =
        [
            .. finding.Measured is null ? [] : (string[])[$"measured <b>{PageWriter.Escape(finding.Measured)}</b>"],
            .. finding.Threshold is null ? [] : (string[])[$"threshold <b>{PageWriter.Escape(finding.Threshold)}</b>"],
        ];
        if (parts.Length > 0)
        {
            html.Append($"<p class=\"measure\">{string.Join(" · ", parts)}</p>");
        }
    }

    private void Write(ConfusionBlock confusion)
    {
        var (names, counts) = (confusion.Names, confusion.Counts);
        bool hasNames = names.Count <= MostNamedColumns;
        html.Append("<div class=\"card\"><h3>Confusion matrix</h3>\n<p class=\"note\">Row: what it is. Column: what it was taken for. ");
        html.Append("The last column is the share of a row that is right.</p>\n<div class=\"scroll\" tabindex=\"0\">");
        html.Append(CultureInfo.InvariantCulture, $"<table class=\"confusion{(hasNames ? "" : " many")}\">\n<thead><tr><td></td>");
        foreach (string name in hasNames ? names : [])
        {
            html.Append($"<th scope=\"col\"><span>{PageWriter.Escape(name)}</span></th>");
        }

        html.Append(hasNames ? "<th scope=\"col\"></th></tr></thead>\n<tbody>\n" : "</tr></thead>\n<tbody>\n");
        for (int row = 0; row < names.Count; row++)
        {
            long total = Enumerable.Range(0, names.Count).Sum(column => counts[row, column]);
            html.Append($"<tr><th scope=\"row\">{PageWriter.Escape(names[row])}</th>");
            for (int column = 0; column < names.Count; column++)
            {
                Write(counts[row, column], total, row == column, $"{names[row]} taken for {names[column]}");
            }

            string share = total == 0 ? "" : (100.0 * counts[row, row] / total).ToString("0.0", CultureInfo.InvariantCulture) + " %";
            html.Append($"<td class=\"share\">{share}</td></tr>\n");
        }

        html.Append("</tbody></table></div></div>\n");
    }

    /// <summary>A cell, the darker the larger its share of the row.</summary>
    private void Write(long count, long total, bool isRight, string title)
    {
        if (count == 0)
        {
            html.Append("<td></td>");
            return;
        }

        // The root shows also few mistakes.
        int percent = (int)Math.Round(100 * Math.Sqrt((double)count / total));
        html.Append(CultureInfo.InvariantCulture, $"<td class=\"{(isRight ? "right" : "wrong")}\" style=\"--share:{percent}%\" ");
        html.Append(CultureInfo.InvariantCulture, $"title=\"{PageWriter.Escape(title)}\">{count}</td>");
    }
}
