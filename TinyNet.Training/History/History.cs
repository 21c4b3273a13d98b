using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>What a training measured, a row for each epoch: a table that goes to CSV and JSON.</summary>
/// <remarks>
/// Columns of a <c>Trainer</c> are <c>train_loss</c>, <c>train_</c> and the name of each metric, the same with <c>validation_</c> where
/// there are validation data, <c>learning_rate</c> (of the first parameter group, in the epoch's last step) and <c>seconds</c> (of this
/// epoch).
/// </remarks>
public sealed class History
{
    private readonly List<string> _columns;
    private readonly List<HistoryRow> _rows = [];

    /// <summary>Begins a history without rows.</summary>
    /// <param name="columns">The names of the columns besides the epoch.</param>
    /// <exception cref="ArgumentException">A name is missing, there twice, or that of the epoch.</exception>
    public History(params ReadOnlySpan<string> columns) => _columns = Checked(columns);

    /// <summary>The names of the columns, without that of the epoch.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The epochs that have ended, in order.</summary>
    public IReadOnlyList<HistoryRow> Rows => _rows;

    /// <summary>Why the training ended.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>The epoch whose weights were the best so far by what is monitored, from 1; null if none was.</summary>
    public int? BestEpoch { get; internal set; }

    /// <summary>A column, a value for each row.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public double[] this[string column]
    {
        get
        {
            int index = IndexOf(column);
            return [.. _rows.Select(row => row.Values[index])];
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="epoch">The number of the epoch, from 1, larger than that of the row before.</param>
    /// <param name="values">A value for each column.</param>
    /// <exception cref="ArgumentException">The epoch does not follow, or there are not as many values as columns.</exception>
    public void Add(int epoch, params ReadOnlySpan<double> values)
    {
        int last = _rows.Count == 0 ? 0 : _rows[^1].Epoch;
        if (epoch <= last)
        {
            throw new ArgumentException($"epoch {epoch} after epoch {last}: rows come in order, from 1", nameof(epoch));
        }

        if (values.Length != _columns.Count)
        {
            throw new ArgumentException(
                $"{values.Length} values for {_columns.Count} columns: {string.Join(", ", _columns)}", nameof(values));
        }

        _rows.Add(new HistoryRow(this, epoch, values.ToArray()));
    }

    /// <summary>
    /// Writes a table with a line for each epoch: the names first, numbers with as many digits as they need, nan as <c>NaN</c>, infinity as
    /// <c>Infinity</c>. The file is there whole or, where something fails or ends the process, as it was before.
    /// </summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void WriteCsv(string path)
    {
        var text = new StringBuilder("epoch");
        foreach (string column in _columns)
        {
            text.Append(',').Append(column.AsSpan().ContainsAny(",\"\r\n") ? $"\"{column.Replace("\"", "\"\"")}\"" : column);
        }

        text.Append('\n');
        foreach (var row in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Epoch}");
            foreach (double value in row.Values)
            {
                text.Append(CultureInfo.InvariantCulture, $",{value:R}");
            }

            text.Append('\n');
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Reads a table that <see cref="WriteCsv"/> wrote: the same columns, epochs and values. Why the training ended and its best epoch are
    /// not in the file.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="DataFormatException">
    /// It is no such table: its first column is not the epoch, a name is there twice, a value is no number, or epochs do not follow.
    /// </exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static History ReadCsv(string path)
    {
        // The names are read as a row: a training that has just begun has written no other.
        var table = CsvTable.Load(path, hasHeader: false);
        string[][] columns = [.. table.ColumnNames.ToArray().Select(name => table.Texts(name))];
        if (columns[0][0] != "epoch")
        {
            throw new DataFormatException(
                path, "line 1", "the column 'epoch' first, as in the history of a training", $"'{columns[0][0]}'");
        }

        int row = 0;
        try
        {
            var history = new History([.. columns[1..].Select(column => column[0])]);
            for (row = 1; row < table.Count; row++)
            {
                history.Add(
                    Parsed<int>(columns[0], NumberStyles.None, "an epoch"),
                    [.. columns[1..].Select(column => Parsed<double>(column, NumberStyles.Float, "a number"))]);
            }

            return history;
        }
        catch (ArgumentException exception)
        {
            throw new DataFormatException(
                path, Place(), "the history of a training", exception.Message.Split(" (Parameter")[0], exception);
        }

        T Parsed<T>(string[] column, NumberStyles style, string expected) where T : struct, INumber<T> =>
            T.TryParse(column[row], style, CultureInfo.InvariantCulture, out var number) ? number
                : throw new DataFormatException(path, $"{Place()}, column '{column[0]}'", expected, $"'{column[row]}'");

        string Place() => row == 0 ? "line 1" : $"row {row} after the names";
    }

    /// <summary>
    /// Writes an object: why the training ended, the best epoch, and the epochs, each an object of its columns. nan is null, infinity the
    /// text <c>Infinity</c>. The file is there whole or, where something fails or ends the process, as it was before.
    /// </summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void WriteJson(string path)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("stopReason", StopReason.ToString());
            if (BestEpoch is { } best)
            {
                json.WriteNumber("bestEpoch", best);
            }

            json.WriteStartArray("epochs");
            foreach (var row in _rows)
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream => stream.Write(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
    }

    /// <summary>The table, with four digits after the point, or as many as tell something; empty, what it is for.</summary>
    public override string ToString()
    {
        if (_rows.Count == 0)
        {
            return $"no epoch yet of {string.Join(", ", _columns)}";
        }

        string[][] cells =
        [
            ["epoch", .. _columns],
            .. _rows.Select(row => (string[])[Invariant($"{row.Epoch}"), .. row.Values.Select(HistoryRow.Show)]),
        ];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length))];
        return string.Join('\n', cells.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadLeft(widths[column])))));
    }

    /// <summary>Where a column is.</summary>
    internal int IndexOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int index = _columns.IndexOf(column);
        return index >= 0 ? index : throw new ArgumentException(
            $"no column '{column}'{Suggestion.For(column, _columns)}; there are: {string.Join(", ", _columns)}", nameof(column));
    }

    private static List<string> Checked(ReadOnlySpan<string> columns)
    {
        List<string> names = [.. columns];
        foreach (string name in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name == "epoch" || names.FindAll(other => other == name).Count > 1)
            {
                throw new ArgumentException(
                    $"'{name}' is no name for a column: names are not empty, no two are the same, and 'epoch' is taken", nameof(columns));
            }
        }

        return names;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private void WriteRow(Utf8JsonWriter json, HistoryRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", row.Epoch);
        for (int i = 0; i < _columns.Count; i++)
        {
            double value = row.Values[i];
            if (double.IsFinite(value))
            {
                json.WriteNumber(_columns[i], value);
            }
            else if (double.IsNaN(value))
            {
                json.WriteNull(_columns[i]);
            }
            else
            {
                json.WriteString(_columns[i], value.ToString(CultureInfo.InvariantCulture));
            }
        }

        json.WriteEndObject();
    }
}
