using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// A table from a CSV file: rows of fields, of which some are numbers. Numbers are read as 1.5 or 2e-3 whatever the user's language, and a
/// field without a number, where one is asked for, is refused with its line and column. Immutable.
/// </summary>
/// <example>
/// <code>
/// var flowers = CsvTable.Load("iris.csv").ToClassification("species");
/// var houses = CsvTable.Load("houses.csv").Without("id").ToRegression("price");
/// </code>
/// </example>
public sealed class CsvTable
{
    private readonly string _file;
    private readonly string[] _names;
    private readonly string[][] _rows;
    private readonly int[] _lines;

    // Where each column is in a row of the file.
    private readonly int[] _places;

    private CsvTable(string file, string[] names, int[] places, string[][] rows, int[] lines) =>
        (_file, _names, _places, _rows, _lines) = (file, names, places, rows, lines);

    /// <summary>How many rows there are, the header not counted.</summary>
    public int Count => _rows.Length;

    /// <summary>The names of the columns; "1", "2" and so on where the file has none.</summary>
    public ReadOnlySpan<string> ColumnNames => _names;

    /// <summary>
    /// Reads a file of UTF-8 text. Empty lines are passed over; a field in quotes may have delimiters and line breaks in it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="hasHeader">Whether the first line has the names of the columns.</param>
    /// <param name="delimiter">What is between fields.</param>
    /// <exception cref="ArgumentException">The delimiter is a quote or a line break.</exception>
    /// <exception cref="DataFormatException">
    /// It is no such file: no text, without rows, a row has more or fewer fields than the first, or a quote is not closed.
    /// </exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static CsvTable Load(string path, bool hasHeader = true, char delimiter = ',')
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (delimiter is '"' or '\n' or '\r')
        {
            throw new ArgumentException("a delimiter is none of quote and line break", nameof(delimiter));
        }

        var parser = new CsvParser(path, TextFile.Read(path), delimiter);
        var fields = new List<string>();
        string[]? names = hasHeader && parser.ReadRow(fields) ? [.. fields] : null;
        var rows = new List<string[]>();
        var lines = new List<int>();
        while (parser.ReadRow(fields))
        {
            names ??= [.. Enumerable.Range(1, fields.Count).Select(place => place.ToString(CultureInfo.InvariantCulture))];
            if (fields.Count != names.Length)
            {
                throw new DataFormatException(
                    path, $"line {parser.Line}", $"{names.Length} fields as in the first line",
                    names.Length == 1 ? $"{fields.Count}: {CsvColumn.OtherDelimiter}" : $"{fields.Count}");
            }

            rows.Add([.. fields]);
            lines.Add(parser.Line);
        }

        return rows.Count == 0
            ? throw new DataFormatException(path, "line 1", hasHeader ? "a header and rows" : "rows", "the end of the file")
            : new CsvTable(path, names!, [.. Enumerable.Range(0, names!.Length)], [.. rows], [.. lines]);
    }

    /// <summary>The table of the chosen columns only, in the order given.</summary>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public CsvTable Select(params ReadOnlySpan<CsvColumn> columns) => Choose(Places(columns));

    /// <summary>The table without the given columns.</summary>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public CsvTable Without(params ReadOnlySpan<CsvColumn> columns) => Choose(OthersThan(Places(columns)));

    /// <summary>The fields of a column as they stand there.</summary>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public string[] Texts(CsvColumn column)
    {
        int place = _places[column.In(_names, _file)];
        return [.. _rows.Select(row => row[place])];
    }

    /// <summary>The numbers of columns, row after row.</summary>
    /// <exception cref="DataFormatException">There is no such column, or a field is no finite number, or missing.</exception>
    /// <exception cref="TensorException">They are more than an array holds, or than there is memory for.</exception>
    public float[] Numbers(params ReadOnlySpan<CsvColumn> columns) => Numbers(Places(columns));

    /// <summary>
    /// A dataset whose classes are the different texts of one column, and whose features are the numbers of all others.
    /// </summary>
    /// <param name="classColumn">The column of the classes.</param>
    /// <param name="classNames">
    /// The classes in order, as a training set has them for its test set; null for all that there are, numbers by size, others by their
    /// characters.
    /// </param>
    /// <exception cref="ArgumentException">The name of a class is null.</exception>
    /// <exception cref="DataFormatException">
    /// There is no such column, or no other; a field is no finite number; a class is missing, or is none of those given.
    /// </exception>
    public ArrayDataset ToClassification(CsvColumn classColumn, ReadOnlySpan<string> classNames = default)
    {
        int column = classColumn.In(_names, _file);
        int[] features = FeaturesBeside([column]);
        string[] names = classNames.IsEmpty ? Classes(column) : classNames.ToArray();
        if (Array.IndexOf(names, null) is >= 0 and var unnamed)
        {
            throw new ArgumentException($"class {unnamed} has no name", nameof(classNames));
        }

        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            indices[names[i]] = i;
        }

        int[] labels = new int[Count];
        for (int row = 0; row < labels.Length; row++)
        {
            string name = _rows[row][_places[column]];
            labels[row] = name.Length > 0 && indices.TryGetValue(name, out int label) ? label
                : throw Wrong(row, column, name.Length == 0 ? "a class" : $"one of the {names.Length} classes", name);
        }

        return new ArrayDataset(Path.GetFileName(_file), Numbers(features), [features.Length], labels, names);
    }

    /// <summary>A dataset whose targets are the numbers of some columns, and whose features are those of all others.</summary>
    /// <param name="targets">The columns of the targets, one at least.</param>
    /// <exception cref="ArgumentException">There is no target.</exception>
    /// <exception cref="DataFormatException">There is no such column, or no other, or a field is no finite number.</exception>
    public RegressionDataset ToRegression(params ReadOnlySpan<CsvColumn> targets)
    {
        int[] columns = Places(targets);
        if (columns.Length == 0)
        {
            throw new ArgumentException("a regression needs a column of targets", nameof(targets));
        }

        int[] features = FeaturesBeside(columns);
        return new RegressionDataset(Path.GetFileName(_file), Numbers(features), [features.Length], Numbers(columns), [columns.Length]);
    }

    /// <summary>The name of the file, and how much of what is in it.</summary>
    public override string ToString() =>
        $"{Path.GetFileName(_file)}: {Count} rows of {_names.Length} columns, {SettingsText.First(_names)}";

    private int[] FeaturesBeside(int[] others) => OthersThan(others) is { Length: > 0 } features ? features
        : throw new DataFormatException(
            _file, "line 1", $"columns of features beside {string.Join(", ", others.Select(place => $"'{_names[place]}'"))}",
            _names.Length == 1 ? CsvColumn.Found(_names) : "none");

    private int[] OthersThan(int[] columns) => [.. Enumerable.Range(0, _names.Length).Except(columns)];

    private int[] Places(ReadOnlySpan<CsvColumn> columns)
    {
        int[] places = new int[columns.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = columns[i].In(_names, _file);
        }

        return places;
    }

    private CsvTable Choose(int[] columns) =>
        new(_file, [.. columns.Select(column => _names[column])], [.. columns.Select(column => _places[column])], _rows, _lines);

    /// <summary>The different texts of a column, numbers by size where all are.</summary>
    private string[] Classes(int column)
    {
        string[] names = [.. _rows.Select(row => row[_places[column]]).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        Array.Sort(names, StringComparer.Ordinal);
        double[] numbers = [.. names.Select(name => TryParse(name, out float number) ? number : double.NaN)];
        return Array.Exists(numbers, double.IsNaN) ? names : [.. names.OrderBy(name => numbers[Array.IndexOf(names, name)])];
    }

    private float[] Numbers(int[] columns)
    {
        float[] numbers = Allocation.OnHost<float>([Count, columns.Length], _file);
        for (int row = 0, at = 0; row < Count; row++)
        {
            foreach (int column in columns)
            {
                string field = _rows[row][_places[column]];
                numbers[at++] = TryParse(field, out float number) ? number : throw Wrong(row, column, "a number", field);
            }
        }

        return numbers;
    }

    private static bool TryParse(string field, out float number) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    private DataFormatException Wrong(int row, int column, string expected, string field)
    {
        const int most = 40;
        return new DataFormatException(_file, $"line {_lines[row]}, column '{_names[column]}'", expected,
            field.Length == 0 ? "nothing" : $"'{(field.Length > most ? field[..most] + "…" : field)}'");
    }
}
