using ScottPlot;
using ScottPlot.Plottables;
using TinyNet.Analysis;
using Line = TinyNet.Analysis.Line;

namespace TinyNet.Plots;

/// <summary>Draws the series of a panel into a plot; those that need the panel for themselves are elsewhere.</summary>
internal sealed class SeriesDrawing(Plot plot, Panel panel, string[] runs)
{
    private const float LineWidth = 2, MarkerSize = 6, CapSize = 4, ErrorWidth = 1;
    private const double FirstBandOpacity = 0.15, MoreOfEachBand = 0.12, HistogramOpacity = 0.35, WidthOfBars = 0.8;

    private readonly PlotScale _x = new(panel.X.IsLog), _y = new(panel.Y.IsLog);

    // Bars and histograms stand on 0, or on the bottom of a logarithmic axis.
    private readonly double _ground = panel.Y.IsLog ? GroundOf(panel) : 0;
    private int _bars, _bands;

    public void Draw()
    {
        // The bands around a line are of its color.
        bool isOneColor = panel.Series.All(series => series is Band or Line) && panel.Series.Count(series => series is Line) == 1;
        string[] names = [.. panel.Series.Select(series => series.Name).Distinct()];
        foreach (var series in panel.Series)
        {
            var color = runs.Length > 1 && series.Run is not null ? PlotColors.Of(Array.IndexOf(runs, series.Run), runs.Length)
                : PlotColors.Of(isOneColor ? 0 : Array.IndexOf(names, series.Name), isOneColor ? 1 : names.Length);
            Draw(series, color);
        }
    }

    private static double GroundOf(Panel panel)
    {
        double[] positive =
        [
            .. panel.Series.SelectMany(series => series is Bars bars ? bars.Values : series is Histogram histogram ? histogram.Shares : [])
                .Where(value => value > 0 && double.IsFinite(value)),
        ];
        return positive.Length == 0 ? 0 : Math.Ceiling(Math.Log10(positive.Min())) - 1;
    }

    private void Draw(Series series, Color color)
    {
        switch (series)
        {
            case Line line:
                DrawLine(line, color);
                break;
            case Band band:
                DrawBand(band, color);
                break;
            case Bars bars:
                DrawBars(bars, color);
                break;
            case Histogram histogram:
                DrawHistogram(histogram, color);
                break;
            default:
                throw new NotSupportedException($"series '{series.Name}' is a {series.GetType().Name}, which cannot be drawn");
        }
    }

    private void DrawLine(Line line, Color color)
    {
        double[] x = _x.At(line.X), y = _y.At(line.Y);
        var scatter = plot.Add.Scatter(x, y, color);
        scatter.LegendText = line.Name;
        scatter.LineWidth = LineWidth;
        scatter.MarkerSize = line.HasMarkers ? MarkerSize : 0;
        if (line.IsDashed || IsFurtherOfRun(line))
        {
            scatter.PathStrategy = new DashedPath();
        }

        if (line.Errors is { } errors)
        {
            DrawErrors(x, line.Y, errors, color);
        }
    }

    /// <summary>Whether another line of the same run that is not dashed stands before it: a run has one color.</summary>
    private bool IsFurtherOfRun(Line line) => runs.Length > 1 && line.Run is not null
        && panel.Series.First(series => series.Run == line.Run && series is not Line { IsDashed: true }) is var first
        && first.Name != line.Name;

    private void DrawErrors(double[] x, IReadOnlyList<double> values, IReadOnlyList<double> errors, Color color)
    {
        var (at, middle, down, up) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (int i = 0; i < x.Length; i++)
        {
            var (y, high, low) = (_y.At(values[i]), _y.At(values[i] + errors[i]), _y.At(values[i] - errors[i]));
            if (!double.IsNaN(x[i] + y + high))
            {
                at.Add(x[i]);
                middle.Add(y);
                up.Add(high - y);
                down.Add(double.IsNaN(low) ? 0 : y - low);
            }
        }

        if (at.Count > 0)
        {
            double[] none = new double[at.Count];
            var bars = new ErrorBar(at, middle, none, none, up, down) { Color = color, LineWidth = ErrorWidth, CapSize = CapSize };
            plot.Add.Plottable(bars);
        }
    }

    private void DrawBand(Band band, Color color)
    {
        double[] x = _x.At(band.X), low = _y.At(band.Low), high = _y.At(band.High);
        var fill = color.WithOpacity(Math.Min(1, FirstBandOpacity + MoreOfEachBand * _bands++));
        string name = band.Name;
        for (int begin = 0; begin < x.Length; begin++)
        {
            int end = begin;
            while (end < x.Length && !double.IsNaN(x[end] + low[end] + high[end]))
            {
                end++;
            }

            if (end > begin)
            {
                var outline = Enumerable.Range(begin, end - begin).Select(i => new Coordinates(x[i], high[i]))
                    .Concat(Enumerable.Range(begin, end - begin).Reverse().Select(i => new Coordinates(x[i], low[i])));
                AddShape([.. outline], name, fill, lineWidth: 0);

                // Of the parts between gaps one is in the legend.
                (name, begin) = ("", end);
            }
        }
    }

    private void DrawBars(Bars series, Color color)
    {
        int count = panel.Series.Count(other => other is Bars);
        double width = WidthOfBars / count, first = (width - WidthOfBars) / 2 + width * _bars++;
        var bars = new List<Bar>();
        for (int i = 0; i < series.Values.Count; i++)
        {
            double height = _y.At(series.Values[i]);
            if (!double.IsNaN(height))
            {
                bars.Add(new Bar
                {
                    Position = i + first,
                    Value = height,
                    ValueBase = _ground,
                    Size = width,
                    FillColor = color,
                    LineWidth = 0,
                });
            }
        }

        plot.Add.Bars(bars).LegendText = series.Name;
        if (series.Errors is { } errors)
        {
            DrawErrors([.. series.Values.Select((_, i) => i + first)], series.Values, errors, PlotColors.Text);
        }
    }

    private void DrawHistogram(Histogram histogram, Color color)
    {
        var outline = new List<Coordinates>();
        for (int i = 0; i < histogram.Shares.Count; i++)
        {
            var (left, right, height) = (_x.At(histogram.Edges[i]), _x.At(histogram.Edges[i + 1]), _y.At(histogram.Shares[i]));
            if (double.IsNaN(left + right))
            {
                continue;
            }

            height = double.IsNaN(height) ? _ground : height;
            outline.AddRange(
                outline.Count == 0 ? [new(left, _ground), new(left, height), new(right, height)] : [new(left, height), new(right, height)]);
        }

        if (outline.Count > 0)
        {
            outline.Add(new Coordinates(outline[^1].X, _ground));
            AddShape([.. outline], histogram.Name, color.WithOpacity(HistogramOpacity), ErrorWidth).LineColor = color;
        }
    }

    private Polygon AddShape(Coordinates[] outline, string name, Color fill, float lineWidth)
    {
        var shape = plot.Add.Polygon(outline);
        (shape.FillColor, shape.LineWidth, shape.LegendText) = (fill, lineWidth, name);
        return shape;
    }
}
