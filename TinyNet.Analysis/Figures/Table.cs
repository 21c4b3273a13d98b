using System.Globalization;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>Figures in rows and columns. <see cref="ToString"/> is a table for a console.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows, each with a cell for every column: a text, a number, a truth value, or null for an empty cell.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The rows.</summary>
    /// <exception cref="ArgumentException">One has more or fewer cells than there are columns.</exception>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; } = Rows.All(row => row.Count == Columns.Count)
        ? Rows
        : throw new ArgumentException($"table '{Title}' has {Columns.Count} columns, and a row with another number of cells", nameof(Rows));

    /// <summary>Whether all cells of a column are numbers or empty, which then stand below each other by their last digit.</summary>
    public bool IsNumeric(int column) => Rows.Any(row => row[column] is not null) && Rows.All(row => IsNumber(row[column]));

    /// <summary>A cell for people: numbers with four significant digits.</summary>
    public static string Show(object? cell) => cell switch
    {
        null => "",
        bool truth => truth ? "yes" : "no",
        double number => Show(number),
        float number => Show((double)number),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    /// <summary>The title, the columns, and a line for each row.</summary>
    public override string ToString()
    {
        string[][] lines = [[.. Columns], .. Rows.Select(row => (string[])[.. row.Select(Show)])];
        int[] widths = [.. Enumerable.Range(0, Columns.Count).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder(Title).Append('\n');
        foreach (string[] line in lines)
        {
            var cells = line.Select((cell, i) => IsNumeric(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsNumber(object? cell) => cell is null or double or float or int or long;

    private static string Show(double value) => Math.Abs(value) switch
    {
        0 => "0",
        double.NaN => "nan",
        double.PositiveInfinity => value > 0 ? "inf" : "-inf",
        >= 1e-3 and < 1e5 => value.ToString("G4", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal)
            ? value.ToString("F0", CultureInfo.InvariantCulture) : text,
        _ => value.ToString("0.000e+0", CultureInfo.InvariantCulture),
    };
}
