using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using TinyNet.Analysis;

namespace TinyNet.Plots;

/// <summary>Makes a plot of a panel.</summary>
internal static class PanelPlot
{
    private const float TitleSize = 14, LabelSize = 13, TickSize = 12;
    private const double Margin = 0.04;

    // Names that need more characters stand aslant, and more than so many are not all written.
    private const int MostCharactersInARow = 60, MostNames = 40;
    private const float Slant = -45, SinusOfSlant = 0.71f, RoomForAxisLabel = 34, RoomForTicks = 60;

    // Numbers from one to the other are written out.
    private const double SmallestInFull = 1e-4, LargestInFull = 1e6, Nothing = 1e-14;

    public static Plot Of(Figure figure, Panel panel, string title)
    {
        var plot = new Plot();
        PlotFont.Apply(plot);
        Write(plot.Axes.Title.Label, title, TitleSize);
        plot.Axes.Title.IsVisible = title.Length > 0;
        if (panel.Series[0] is Images images)
        {
            plot.HideGrid();
            foreach (var axis in plot.Axes.GetAxes())
            {
                axis.IsVisible = false;
            }

            plot.Add.Plottable(new PictureGrid(images));
            return plot;
        }

        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        if (panel.Series[0] is HeatMap map)
        {
            DrawMap(plot, panel, map);
        }
        else
        {
            new SeriesDrawing(plot, panel, RunsOf(figure)).Draw();
            Configure(plot.Axes.Left, panel.Y, Positions(panel.Y, isReversed: false));
            bool stands = panel.Series.All(series => series is Histogram || series is Bars bars && bars.Values.All(value => !(value < 0)));
            plot.Axes.Margins(Margin, Margin, stands ? 0 : Margin, Margin);
            if (panel.Series.Count(series => series.Name.Length > 0) > 1)
            {
                ShowLegend(plot);
            }
            else
            {
                plot.HideLegend();
            }
        }

        Configure(plot.Axes.Bottom, panel.X, Positions(panel.X, isReversed: false));
        Slope(plot, panel.X.Names ?? []);
        SetLimits(plot, panel);
        return plot;
    }

    /// <summary>The runs that a figure compares, in their order.</summary>
    private static string[] RunsOf(Figure figure) =>
        [.. figure.Panels.SelectMany(panel => panel.Series).Select(series => series.Run).OfType<string>().Distinct()];

    private static void DrawMap(Plot plot, Panel panel, HeatMap map)
    {
        double[] x = Edges(panel.X, map.XEdges, map.Columns, $"columns of heat map '{map.Name}'");
        double[] y = Edges(panel.Y, map.YEdges, map.Rows, $"rows of heat map '{map.Name}'");
        bool isNamed = panel.Y.Names is not null;
        var cells = new CellGrid(map, x, y, isFirstRowAtTop: isNamed);
        plot.Add.Plottable(cells);
        plot.HideGrid();
        plot.Axes.Margins(0, 0, 0, 0);
        Configure(plot.Axes.Left, panel.Y, Positions(panel.Y, isReversed: isNamed, map.Rows));
        var bar = plot.Add.ColorBar(cells);
        PlotFont.Apply(bar.Axis);
        Configure(bar.Axis, new Axis(map.Name), []);
    }

    /// <summary>Where cells begin, and the last one ends: around their positions where these have names.</summary>
    private static double[] Edges(Axis axis, IReadOnlyList<double>? edges, int count, string what)
    {
        if (axis.Names is not null || edges is null)
        {
            double first = axis.Names is null ? 0 : -0.5;
            return new PlotScale(axis.IsLog).At([.. Enumerable.Range(0, count + 1).Select(i => i + first)]);
        }

        return edges.Count == count + 1
            ? new PlotScale(axis.IsLog).At(edges)
            : throw new ArgumentException($"the {count} {what} need {count + 1} edges, and have {edges.Count}", nameof(edges));
    }

    private static double[] Positions(Axis axis, bool isReversed, int count = 0) =>
        [.. Enumerable.Range(0, axis.Names?.Count ?? 0).Select(i => isReversed ? count - 1.0 - i : i)];

    private static void Configure(IAxis axis, Axis settings, double[] namedPositions)
    {
        Write(axis.Label, settings.Label, LabelSize);
        axis.TickLabelStyle.FontSize = TickSize;
        axis.TickLabelStyle.ForeColor = PlotColors.Text;
        axis.MinorTickStyle.Length = settings.IsLog ? axis.MinorTickStyle.Length : 0;
        if (settings.Names is { } names)
        {
            int step = (names.Count + MostNames - 1) / MostNames;
            axis.TickGenerator = new NumericManual(
                [.. namedPositions.Where((_, i) => i % step == 0)], [.. names.Where((_, i) => i % step == 0)]);
        }
        else
        {
            axis.TickGenerator = settings.IsLog
                ? new LogTicks()
                : new NumericAutomatic { IntegerTicksOnly = settings.IsWhole, LabelFormatter = Show };
        }
    }

    private static void Write(LabelStyle label, string text, float size) =>
        (label.Text, label.FontSize, label.Bold, label.ForeColor) = (text, size, false, PlotColors.Text);

    /// <summary>Lets names stand aslant below the axis where they are too long to stand side by side.</summary>
    private static void Slope(Plot plot, IReadOnlyList<string> names)
    {
        if (names.Sum(name => name.Length + 2) <= MostCharactersInARow)
        {
            return;
        }

        var label = plot.Axes.Bottom.TickLabelStyle;
        (label.Rotation, label.Alignment) = (Slant, Alignment.MiddleRight);
        using var paint = Paint.NewDisposablePaint();
        plot.Axes.Bottom.MinimumSize = names.Max(name => label.Measure(name, paint).Width) * SinusOfSlant + RoomForAxisLabel;
        plot.Axes.Left.MinimumSize = Math.Max(RoomForTicks, label.Measure(names[0], paint).Width * SinusOfSlant);
    }

    private static void ShowLegend(Plot plot)
    {
        plot.ShowLegend(Edge.Right).Padding = new PixelPadding(0);
        plot.Legend.Margin = new PixelPadding(0);
        plot.Legend.FontSize = TickSize;
        plot.Legend.FontColor = PlotColors.Text;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
    }

    private static void SetLimits(Plot plot, Panel panel)
    {
        plot.Axes.AutoScale();
        var (data, limits) = (new AxisLimits(plot.GetPlottables()), plot.Axes.GetLimits());
        var (left, right) = Limits(panel.X, data.IsRealX, limits.Left, limits.Right);
        var (bottom, top) = Limits(panel.Y, data.IsRealY, limits.Bottom, limits.Top);
        plot.Axes.SetLimits(left, right, bottom, top);
    }

    private static (double Low, double High) Limits(Axis axis, bool hasData, double low, double high)
    {
        // Each name has its place, also where it has no value.
        (low, high) = axis.Names is { Count: > 0 } names ? (-0.5, names.Count - 0.5) : hasData ? (low, high) : (0, 1);
        var scale = new PlotScale(axis.IsLog);
        double minimum = scale.At(axis.Minimum ?? double.NaN), maximum = scale.At(axis.Maximum ?? double.NaN);
        (low, high) = (double.IsNaN(minimum) ? low : minimum, double.IsNaN(maximum) ? high : maximum);
        return low < high ? (low, high) : (low - 0.5, low + 0.5);
    }

    private static string Show(double value) => Math.Abs(value) switch
    {
        < Nothing => "0",
        >= SmallestInFull and < LargestInFull => value.ToString("0.######", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
    };
}
