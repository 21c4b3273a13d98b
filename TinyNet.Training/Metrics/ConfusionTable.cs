using System.Globalization;
using System.Text;

namespace TinyNet.Training;

/// <summary>Writes a confusion matrix for people.</summary>
internal static class ConfusionTable
{
    private const int MostColumns = 20, ColumnName = 10, Score = 10;
    private const string Corner = "label \\ predicted";

    /// <summary>The matrix, where it is not too wide, and the report.</summary>
    public static string Of(ConfusionMatrix matrix, string[]? names)
    {
        names ??= [.. Enumerable.Range(0, matrix.Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        int first = Math.Max(Corner.Length, names.Max(name => (int?)name.Length) ?? 0);
        var text = new StringBuilder();
        if (matrix.Classes <= MostColumns)
        {
            WriteCounts(text, matrix, names, first);
            text.Append('\n');
        }

        WriteReport(text, matrix, names, first);
        return text.ToString();
    }

    private static void WriteCounts(StringBuilder text, ConfusionMatrix matrix, string[] names, int first)
    {
        string[] headings = [.. names.Select(name => name.Length <= ColumnName ? name : name[..(ColumnName - 1)] + "…")];
        int width = 2 + Math.Max(
            matrix.Total.ToString(CultureInfo.InvariantCulture).Length, headings.Max(heading => (int?)heading.Length) ?? 0);
        text.Append(Corner.PadRight(first));
        foreach (string heading in headings)
        {
            text.Append(heading.PadLeft(width));
        }

        text.Append('\n');
        for (int label = 0; label < matrix.Classes; label++)
        {
            text.Append(names[label].PadRight(first));
            for (int prediction = 0; prediction < matrix.Classes; prediction++)
            {
                text.Append(matrix.Count(label, prediction).ToString(CultureInfo.InvariantCulture).PadLeft(width));
            }

            text.Append('\n');
        }
    }

    private static void WriteReport(StringBuilder text, ConfusionMatrix matrix, string[] names, int first)
    {
        text.Append(' ', first).Append("precision".PadLeft(Score)).Append("recall".PadLeft(Score)).Append("f1".PadLeft(Score))
            .Append("support".PadLeft(Score)).Append('\n');
        var scores = matrix.Scores;
        for (int c = 0; c < scores.Length; c++)
        {
            WriteLine(names[c], [scores[c].Precision, scores[c].Recall, scores[c].F1], scores[c].Support);
        }

        WriteLine("accuracy", [null, null, matrix.Value], matrix.Total);
        foreach (var (name, averaging) in new[] { ("macro average", Averaging.Macro), ("weighted average", Averaging.Weighted) })
        {
            WriteLine(name, [matrix.Precision(averaging), matrix.Recall(averaging), matrix.F1(averaging)], matrix.Total);
        }

        void WriteLine(string name, ReadOnlySpan<double?> values, long support)
        {
            text.Append(name.PadRight(first));
            foreach (double? value in values)
            {
                text.Append((value?.ToString("F4", CultureInfo.InvariantCulture) ?? "").PadLeft(Score));
            }

            text.Append(support.ToString(CultureInfo.InvariantCulture).PadLeft(Score)).Append('\n');
        }
    }
}
