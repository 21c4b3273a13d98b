using System.Globalization;
using System.Text;
using System.Text.Json;
using TinyNet.Core;
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
