using System.Globalization;

namespace TinyNet.Training;

/// <summary>What was measured in an epoch.</summary>
public sealed class HistoryRow
{
    private readonly History _history;

    internal HistoryRow(History history, int epoch, double[] values) => (_history, Epoch, Values) = (history, epoch, values);

    /// <summary>The number of the epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The values, in the order of <see cref="History.Columns"/>.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The value of a column.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public double this[string column] => Values[_history.IndexOf(column)];

    /// <summary>Names and values in one line.</summary>
    public override string ToString() =>
        $"epoch {Epoch}: " + string.Join(", ", _history.Columns.Select((column, i) => $"{column} {Show(Values[i])}"));

    /// <summary>A value for people: four digits after the point, of a small one as many as show three that are not 0.</summary>
    internal static string Show(double value)
    {
        double size = Math.Abs(value);
        string format = size switch
        {
            0 or (>= 0.00995 and < 1e4) => "0.0000",
            >= 1e4 and < 1e7 => "0.0",
            >= 1e-4 and < 0.00995 => $"F{2 - (int)Math.Floor(Math.Log10(size))}",
            _ => "0.00E+00",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
