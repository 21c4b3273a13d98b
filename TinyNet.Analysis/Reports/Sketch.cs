using System.Globalization;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>A small drawing of a panel that needs no script: the shapes of the series, the ends of the axes, and the names.</summary>
internal sealed class Sketch
{
    private const int Width = 400, Height = 150, MostPoints = 50, Colors = 8;

    private readonly Panel _panel;
    private readonly (double Low, double High) _x, _y;

    public Sketch(Panel panel)
    {
        _panel = panel;
        _x = Range(panel.X, panel.Series.SelectMany(Places));
        bool startsAtZero = panel.Series.Any(series => series is Bars or Histogram) && !panel.Y.IsLog;
        _y = Range(panel.Y, [.. panel.Series.SelectMany(Heights), .. startsAtZero ? [0] : (double[])[]]);
    }

    /// <summary>The drawing, as HTML.</summary>
    public string Draw()
    {
        if (_panel.Series[0] is HeatMap map)
        {
            return Draw(map);
        }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"sketch\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\">");
        for (int i = 0; i < _panel.Series.Count; i++)
        {
            var series = _panel.Series[i];
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{Kind(series)} c{i % Colors}\" d=\"{Path(series, i)}\"/>");
        }

        string names = string.Concat(_panel.Series.Select((series, i) =>
            string.Create(CultureInfo.InvariantCulture, $"<span class=\"c{i % Colors}\">{PageWriter.Escape(series.Name)}</span> ")));
        svg.Append($"</svg><p class=\"note\">{Ends(_panel.Y, _y)}; {Ends(_panel.X, _x)}</p><p class=\"note\">{names}</p>");
        return svg.ToString();
    }

    private static string Kind(Series series) => series is Line { IsDashed: true } ? "line dashed" : series is Line ? "line" : "area";

    private string Draw(HeatMap map)
    {
        var range = Range(new Axis("") { IsLog = map.IsLog }, map.Values);
        double most = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        var (low, high) = map.IsDiverging ? (-most, most) : range;
        bool isTopDown = _panel.Y.Names is not null;
        string address = PagePicture.Address(map.Columns, map.Rows, Share, map.IsDiverging ? ColorScale.Diverging : ColorScale.Viridis);
        string ends = $"{Ends(new Axis(map.Name) { IsLog = map.IsLog }, (low, high))}; rows: {PageWriter.Escape(_panel.Y.Label)}, "
            + $"{(isTopDown ? "the first at the top" : "the first at the bottom")}; columns: {PageWriter.Escape(_panel.X.Label)}";
        return $"<img class=\"sketch\" alt=\"{PageWriter.Escape(map.Name)}\" src=\"{address}\"><p class=\"note\">{ends}</p>";

        double Share(int i)
        {
            int row = i / map.Columns;
            double value = map.Values[((isTopDown ? row : map.Rows - 1 - row) * map.Columns) + (i % map.Columns)];
            return (Scaled(value, map.IsLog) - low) / (high - low);
        }
    }

    private string Path(Series series, int order)
    {
        switch (series)
        {
            case Line line:
                int[]? kept = Decimation.Keep(line.Y, line.Y, MostPoints);
                return Polyline(Decimation.Take(line.X, kept), Decimation.Take(line.Y, kept));
            case Band band:
                kept = Decimation.Keep(band.Low, band.High, MostPoints);
                var (x, low, high) = (Decimation.Take(band.X, kept), Decimation.Take(band.Low, kept), Decimation.Take(band.High, kept));
                return Polyline([.. x, .. x.Reverse()], [.. high, .. low.Reverse()]) + "z";
            case Histogram histogram:
                return Rectangles(histogram.Edges.Zip(histogram.Edges.Skip(1)), histogram.Shares);
            case Bars bars:
                // The bars of a name share four fifths of its place.
                Bars[] all = [.. _panel.Series.OfType<Bars>()];
                double width = 0.8 / all.Length;
                int place = _panel.Series.Take(order).Count(one => one is Bars);
                return Rectangles(bars.Values.Select((_, i) => (i - 0.4 + (place * width), i - 0.4 + ((place + 1) * width))), bars.Values);
            default:
                throw new NotSupportedException($"series '{series.Name}' of type {series.GetType().Name} cannot be drawn in a page");
        }
    }

    private string Polyline(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var path = new StringBuilder();
        bool isPenDown = false;
        for (int i = 0; i < x.Count; i++)
        {
            double right = Scaled(x[i], _panel.X.IsLog), up = Scaled(y[i], _panel.Y.IsLog);
            bool hasPoint = double.IsFinite(right) && double.IsFinite(up);
            if (hasPoint)
            {
                path.Append(isPenDown ? 'L' : 'M').Append(Across(right)).Append(' ').Append(Down(up));
            }

            isPenDown = hasPoint;
        }

        return path.ToString();
    }

    private string Rectangles(IEnumerable<(double From, double To)> places, IReadOnlyList<double> heights)
    {
        var path = new StringBuilder();
        foreach (var ((from, to), height) in places.Zip(heights))
        {
            double up = Scaled(height, _panel.Y.IsLog), zero = _panel.Y.IsLog ? _y.Low : 0;
            if (double.IsFinite(up))
            {
                string left = Across(Scaled(from, _panel.X.IsLog)), right = Across(Scaled(to, _panel.X.IsLog));
                path.Append($"M{left} {Down(zero)}V{Down(up)}H{right}V{Down(zero)}z");
            }
        }

        return path.ToString();
    }

    private string Across(double x) => Show((x - _x.Low) / (_x.High - _x.Low) * Width);

    private string Down(double y) => Show((_y.High - y) / (_y.High - _y.Low) * Height);

    private static string Show(double pixels) => Math.Clamp(pixels, -Width, 2 * Width).ToString("0", CultureInfo.InvariantCulture);

    private static string Ends(Axis axis, (double Low, double High) range)
    {
        var (low, high) = axis.IsLog ? (Math.Pow(10, range.Low), Math.Pow(10, range.High)) : range;
        string ends = axis.Names is { Count: > 0 } names ? $"{names[0]} to {names[^1]}" : $"{Table.Show(low)} to {Table.Show(high)}";
        return PageWriter.Escape($"{(axis.Label.Length == 0 ? "" : $"{axis.Label}: ")}{ends}{(axis.IsLog ? ", by equal factors" : "")}");
    }

    private static double Scaled(double value, bool isLog) => !isLog ? value : value > 0 ? Math.Log10(value) : double.NaN;

    /// <summary>From where to where an axis goes, as it is drawn: the logarithm where it is one.</summary>
    private static (double Low, double High) Range(Axis axis, IEnumerable<double> values)
    {
        double[] finite = [.. values.Select(value => Scaled(value, axis.IsLog)).Where(double.IsFinite)];
        double low = axis.Minimum is { } from ? Scaled(from, axis.IsLog) : finite.Length > 0 ? finite.Min() : 0;
        double high = axis.Maximum is { } to ? Scaled(to, axis.IsLog) : finite.Length > 0 ? finite.Max() : 1;
        return low < high ? (low, high) : (low - 0.5, low + 0.5);
    }

    private static IEnumerable<double> Places(Series series) => series switch
    {
        Line line => line.X,
        Band band => band.X,
        Bars bars => [-0.5, bars.Values.Count - 0.5],
        Histogram histogram => histogram.Edges,
        _ => [],
    };

    private static IEnumerable<double> Heights(Series series) => series switch
    {
        Line line => line.Y,
        Band band => [.. band.Low, .. band.High],
        Bars bars => bars.Values,
        Histogram histogram => histogram.Shares,
        _ => [],
    };
}
