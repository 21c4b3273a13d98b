using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TinyNet.Analysis;

/// <summary>
/// The data of a figure for the script of a page, as compact JSON. Values have four significant digits, and more where they share the first
/// ones; what is not finite is null. The encoder writes no <c>&lt;</c>, so that the text can stand in an element.
/// </summary>
internal static class FigureJson
{
    private const int Digits = 4;
    private const int MostDigits = 9;
    private const int WholeDigits = 17;

    // A chart that is half as wide as a page has about as many pixels across.
    private const int MostPoints = 400;

    /// <summary>The panels, in an array; null stands for a panel of pictures.</summary>
    public static string Of(Figure figure)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var panel in figure.Panels)
            {
                Write(json, panel);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Panel panel)
    {
        if (panel.Series[0] is Images)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("title", panel.Title);
        WriteIf(json, "smooth", panel.CanSmooth);
        Write(json, "x", panel.X);
        Write(json, "y", panel.Y);
        json.WriteStartArray("series");
        IReadOnlyList<double>? before = null;
        foreach (var series in panel.Series)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            if (series.Run is not null)
            {
                json.WriteString("run", series.Run);
            }

            before = Write(json, series, before);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Axis axis)
    {
        json.WriteStartObject(name);
        json.WriteString("label", axis.Label);
        WriteIf(json, "log", axis.IsLog);
        WriteIf(json, "whole", axis.IsWhole);
        if (axis.Names is not null)
        {
            json.WriteStartArray("names");
            foreach (string one in axis.Names)
            {
                json.WriteStringValue(one);
            }

            json.WriteEndArray();
        }

        WriteIf(json, "min", axis.Minimum);
        WriteIf(json, "max", axis.Maximum);
        json.WriteEndObject();
    }

    /// <summary>Writes a series, without places that are those of the one before; gives its places.</summary>
    private static IReadOnlyList<double>? Write(Utf8JsonWriter json, Series series, IReadOnlyList<double>? before)
    {
        switch (series)
        {
            case Line line:
                var kept = Decimation.Keep(line.Y, line.Y, MostPoints);
                var x = Decimation.Take(line.X, kept);
                json.WriteString("kind", "line");
                WritePlaces(json, x, before);
                WriteValues(json, "y", Decimation.Take(line.Y, kept));
                WriteErrors(json, line.Errors is null ? null : Decimation.Take(line.Errors, kept));
                WriteIf(json, "markers", line.HasMarkers);
                WriteIf(json, "dashed", line.IsDashed);
                WriteIf(json, "of", kept is null ? null : line.X.Count);
                return x;
            case Band band:
                kept = Decimation.Keep(band.Low, band.High, MostPoints);
                x = Decimation.Take(band.X, kept);
                json.WriteString("kind", "band");
                WritePlaces(json, x, before);
                WriteValues(json, "low", Decimation.Take(band.Low, kept));
                WriteValues(json, "high", Decimation.Take(band.High, kept));
                return x;
            case Bars bars:
                json.WriteString("kind", "bars");
                WriteValues(json, "y", bars.Values);
                WriteErrors(json, bars.Errors);
                return before;
            case Histogram histogram:
                json.WriteString("kind", "histogram");
                WritePlaces(json, histogram.Edges, before);
                WriteValues(json, "y", histogram.Shares);
                return histogram.Edges;
            case HeatMap map:
                json.WriteString("kind", "heat");
                json.WriteNumber("rows", map.Rows);
                json.WriteNumber("columns", map.Columns);
                WriteValues(json, "values", map.Values);
                WriteEdges(json, "xEdges", map.XEdges);
                WriteEdges(json, "yEdges", map.YEdges);
                WriteIf(json, "diverging", map.IsDiverging);
                WriteIf(json, "log", map.IsLog);
                return before;
            default:
                throw new NotSupportedException($"series '{series.Name}' of type {series.GetType().Name} cannot be drawn in a page");
        }
    }

    /// <summary>At equal distances: the first, the distance and the count; whole numbers: the differences; nothing if as before.</summary>
    private static void WritePlaces(Utf8JsonWriter json, IReadOnlyList<double> x, IReadOnlyList<double>? before)
    {
        if (before is not null && (ReferenceEquals(x, before) || x.SequenceEqual(before)))
        {
            return;
        }

        double step = x.Count > 2 ? (x[^1] - x[0]) / (x.Count - 1) : double.NaN;
        double tolerance = 1e-9 * Math.Abs(step);
        if (!x.Select((value, i) => Math.Abs(value - x[0] - (i * step)) <= tolerance).All(isEqual => isEqual) || x.Count <= 2)
        {
            if (x.Count > 2 && x.All(double.IsInteger))
            {
                WriteNumbers(json, "differences", [x[0], .. x.Skip(1).Select((value, i) => value - x[i])], WholeDigits);
            }
            else
            {
                WriteEdges(json, "x", x);
            }

            return;
        }

        json.WriteStartArray("range");
        json.WriteNumberValue(x[0]);
        json.WriteNumberValue(step);
        json.WriteNumberValue(x.Count);
        json.WriteEndArray();
    }

    /// <summary>Places: whole numbers, as steps are, keep all their digits.</summary>
    private static void WriteEdges(Utf8JsonWriter json, string name, IReadOnlyList<double>? values)
    {
        if (values is not null)
        {
            WriteNumbers(json, name, values, values.All(double.IsInteger) ? WholeDigits : Math.Max(6, DigitsFor(values)));
        }
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<double>? errors)
    {
        if (errors is not null)
        {
            WriteNumbers(json, "errors", errors, Digits);
        }
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IReadOnlyList<double> values) =>
        WriteNumbers(json, name, values, DigitsFor(values));

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values, int digits)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumberValue(Rounded(value, digits));
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Four digits of the differences: numbers between 1000.1 and 1000.2 need eight.</summary>
    private static int DigitsFor(IReadOnlyList<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        double range = finite.Length == 0 ? 0 : finite.Max() - finite.Min();
        double most = finite.Length == 0 ? 0 : finite.Max(Math.Abs);
        int shared = range > 0 && double.IsFinite(range) ? (int)Math.Max(0, Math.Floor(Math.Log10(most / range))) : 0;
        return Math.Min(Digits + shared, MostDigits);
    }

    private static double Rounded(double value, int digits)
    {
        string text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static void WriteIf(Utf8JsonWriter json, string name, bool isSo)
    {
        if (isSo)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static void WriteIf(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
    }
}
