namespace TinyNet.Analysis;

/// <summary>What is drawn in a <see cref="Panel"/>. Where a value is nan there is a gap.</summary>
/// <param name="Name">The name, for the legend.</param>
public abstract record Series(string Name)
{
    /// <summary>
    /// The run that it belongs to where several are compared: a run has one color on a page, and can be hidden; null for none.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>The values, if there are as many as there have to be.</summary>
    private protected static IReadOnlyList<double> Checked(string name, string what, IReadOnlyList<double> values, int count) =>
        values is null ? throw new ArgumentNullException(what)
        : values.Count == count ? values
        : throw new ArgumentException($"series '{name}' has {values.Count} values of {what}, and {count} are needed", what);
}

/// <summary>Points, joined by a line.</summary>
/// <param name="Name">The name, for the legend.</param>
/// <param name="X">Where the points are, from left to right.</param>
/// <param name="Y">The value at each.</param>
public sealed record Line(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y) : Series(Name)
{
    private readonly IReadOnlyList<double>? _errors;

    /// <summary>The values.</summary>
    /// <exception cref="ArgumentException">There is not one for each point.</exception>
    public IReadOnlyList<double> Y { get; } = Checked(Name, nameof(Y), Y, X.Count);

    /// <summary>Whether each point is marked.</summary>
    public bool HasMarkers { get; init; }

    /// <summary>Whether the line is dashed.</summary>
    public bool IsDashed { get; init; }

    /// <summary>How far the error bar of each point goes, up and down; null for none.</summary>
    /// <exception cref="ArgumentException">There is not one for each point.</exception>
    public IReadOnlyList<double>? Errors
    {
        get => _errors;
        init => _errors = value is null ? null : Checked(Name, nameof(Errors), value, X.Count);
    }
}

/// <summary>What lies between two lines.</summary>
/// <param name="Name">The name, for the legend.</param>
/// <param name="X">Where the points are, from left to right.</param>
/// <param name="Low">The lower end at each.</param>
/// <param name="High">The upper end at each.</param>
public sealed record Band(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Low, IReadOnlyList<double> High) : Series(Name)
{
    /// <summary>The lower ends.</summary>
    /// <exception cref="ArgumentException">There is not one for each point.</exception>
    public IReadOnlyList<double> Low { get; } = Checked(Name, nameof(Low), Low, X.Count);

    /// <summary>The upper ends.</summary>
    /// <exception cref="ArgumentException">There is not one for each point.</exception>
    public IReadOnlyList<double> High { get; } = Checked(Name, nameof(High), High, X.Count);
}

/// <summary>A bar for each name of the horizontal axis; the bars of several series stand beside each other.</summary>
/// <param name="Name">The name, for the legend.</param>
/// <param name="Values">The heights.</param>
public sealed record Bars(string Name, IReadOnlyList<double> Values) : Series(Name)
{
    /// <summary>How far the error bar of each goes, up and down; null for none.</summary>
    public IReadOnlyList<double>? Errors { get; init; }
}

/// <summary>How values are distributed; several lie over each other.</summary>
/// <param name="Name">The name, for the legend.</param>
/// <param name="Edges">Where bins begin, and where the last one ends.</param>
/// <param name="Shares">The share of all values in each bin; they sum up to 1 where no value lies outside.</param>
public sealed record Histogram(string Name, IReadOnlyList<double> Edges, IReadOnlyList<double> Shares) : Series(Name)
{
    /// <summary>The shares.</summary>
    /// <exception cref="ArgumentException">There is not one for each bin.</exception>
    public IReadOnlyList<double> Shares { get; } = Checked(Name, nameof(Shares), Shares, Edges.Count - 1);

    /// <summary>The distribution of finite values in bins of one width, from the smallest to the largest unless a range is given.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values; what is not finite is left out.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="minimum">Where the first bin begins; null for the smallest value.</param>
    /// <param name="maximum">Where the last bin ends; null for the largest value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin.</exception>
    /// <exception cref="ArgumentException">The range ends before it begins.</exception>
    public static Histogram Of(
        string name, ReadOnlySpan<float> values, int bins, double? minimum = null, double? maximum = null)
    {
        var (low, high) = RangeOf(values);
        (low, high) = (minimum ?? low, maximum ?? high);
        if (!(low <= high))
        {
            throw new ArgumentException(
                $"the range of histogram '{name}' goes from {low} to {high}: it has to end where it begins or later", nameof(maximum));
        }

        var equal = new EqualBins(low, high, bins);
        double finite = 0;
        foreach (float value in values)
        {
            finite += float.IsFinite(value) ? 1 : 0;
        }

        return new Histogram(name, equal.Edges(), [.. equal.Count(values).Select(one => one / Math.Max(finite, 1))]);
    }

    private static (double Low, double High) RangeOf(ReadOnlySpan<float> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        return low <= high ? (low, high) : (0, 0);
    }
}

/// <summary>A number for each cell of a grid, as a color.</summary>
/// <param name="Name">What the numbers are, for the legend of the colors.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Values">The rows, the first at the top where the axis has names, and at the bottom where it has numbers.</param>
public sealed record HeatMap(string Name, int Rows, IReadOnlyList<double> Values) : Series(Name)
{
    /// <summary>The rows, one after the other.</summary>
    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public IReadOnlyList<double> Values { get; } = Rows > 0 && Values.Count % Rows == 0
        ? Values
        : throw new ArgumentException($"heat map '{Name}' has {Values.Count} values, which make no {Rows} rows", nameof(Values));

    /// <summary>How many columns.</summary>
    public int Columns => Values.Count / Rows;

    /// <summary>Where the columns begin, and the last one ends; null for one unit each, from 0 on.</summary>
    public IReadOnlyList<double>? XEdges { get; init; }

    /// <summary>Where the rows begin, and the last one ends; null for one unit each, from 0 on.</summary>
    public IReadOnlyList<double>? YEdges { get; init; }

    /// <summary>Whether colors go both ways from 0.</summary>
    public bool IsDiverging { get; init; }

    /// <summary>Whether equal factors are equal steps of color; what is not positive then has no color.</summary>
    public bool IsLog { get; init; }
}

/// <summary>Pictures in rows.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Pictures">The pictures.</param>
/// <param name="PerRow">How many stand in a row where there is room.</param>
public sealed record Images(string Name, IReadOnlyList<Picture> Pictures, int PerRow) : Series(Name)
{
    /// <summary>Whether numbers are shown as gray, the largest of all pictures as white, instead of as colors.</summary>
    public bool IsGray { get; init; }
}

/// <summary>A picture.</summary>
/// <param name="Caption">A word or two below it; empty for none.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for numbers that are shown as colors; 3 for red, green and blue, each from 0 to 1, plane after plane.</param>
/// <param name="Values">The numbers, row after row.</param>
public sealed record Picture(string Caption, int Width, int Height, int Channels, IReadOnlyList<float> Values)
{
    /// <summary>The numbers.</summary>
    /// <exception cref="ArgumentException">There are not as many as there have to be.</exception>
    public IReadOnlyList<float> Values { get; } = Channels is 1 or 3 && Values.Count == (long)Width * Height * Channels
        ? Values
        : throw new ArgumentException(
            $"a picture of {Width} x {Height} pixels with {Channels} channels (1 or 3) cannot have {Values.Count} values", nameof(Values));
}
