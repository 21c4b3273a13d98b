using ScottPlot;
using TinyNet.Analysis;

namespace TinyNet.Plots;

/// <summary>
/// The cells of a heat map as rectangles: of any widths, on any axis, and sharp in every file, where a picture that is made larger would be
/// blurred.
/// </summary>
internal sealed class CellGrid : IPlottable, IHasColorAxis
{
    // Numbers are written into cells of a map that is as small as a confusion matrix of some classes.
    private const int MostWithNumbers = 144;
    private const float NumberSize = 11, RoomAround = 6, Overlap = 1;

    // From there on a color counts as bright, and has dark text; the brightness is that of ITU-R BT.601.
    private const double Bright = 0.5 * byte.MaxValue, Red = 0.299, Green = 0.587, Blue = 0.114;

    private readonly HeatMap _map;
    private readonly double[] _left, _bottom;
    private readonly bool _isFirstRowAtTop;
    private readonly LabelStyle _number = PlotFont.Label(NumberSize, PlotColors.Text);

    public CellGrid(HeatMap map, double[] xEdges, double[] yEdges, bool isFirstRowAtTop)
    {
        (_map, _left, _bottom, _isFirstRowAtTop) = (map, xEdges, yEdges, isFirstRowAtTop);
        _number.Alignment = Alignment.MiddleCenter;
        Colormap = map.IsDiverging ? PlotColors.Diverging : PlotColors.Ascending;
    }

    public IColormap Colormap { get; }

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits()
    {
        double[] x = [.. _left.Where(double.IsFinite)], y = [.. _bottom.Where(double.IsFinite)];
        return x.Length == 0 || y.Length == 0 ? AxisLimits.NoLimits : new AxisLimits(x.Min(), x.Max(), y.Min(), y.Max());
    }

    public ScottPlot.Range GetRange()
    {
        double[] values = [.. _map.Values.Where(double.IsFinite)];
        if (values.Length == 0)
        {
            return new ScottPlot.Range(0, 1);
        }

        var (low, high) = (values.Min(), values.Max());
        double most = Math.Max(Math.Abs(low), Math.Abs(high));
        (low, high) = _map.IsDiverging ? (-most, most) : (low, high);
        return low < high ? new ScottPlot.Range(low, high) : new ScottPlot.Range(low - 0.5, high + 0.5);
    }

    public void Render(RenderPack rp)
    {
        var range = GetRange();
        var fill = new FillStyle { AntiAlias = false };
        for (int row = 0; row < _map.Rows; row++)
        {
            int y = _isFirstRowAtTop ? _map.Rows - 1 - row : row;
            for (int column = 0; column < _map.Columns; column++)
            {
                double value = _map.Values[row * _map.Columns + column];
                var cell = Cell(column, y);
                if (!float.IsFinite(cell.Width) || !float.IsFinite(cell.Height))
                {
                    continue;
                }

                fill.Color = double.IsFinite(value) ? Colormap.GetColor(range.Normalize(value, clamp: true)) : PlotColors.Missing;

                // Each goes on below the next ones, so that nothing shines through between them, however the file is scaled.
                float right = column + 1 < _map.Columns ? cell.Right + Overlap : cell.Right;
                bool isLast = row + 1 == _map.Rows;
                float top = isLast || _isFirstRowAtTop ? cell.Top : cell.Top - Overlap;
                float bottom = isLast || !_isFirstRowAtTop ? cell.Bottom : cell.Bottom + Overlap;
                fill.Render(rp.Canvas, new PixelRect(cell.Left, right, bottom, top), rp.Paint);
                if (_map.Values.Count <= MostWithNumbers)
                {
                    WriteNumber(rp, cell, value, fill.Color);
                }
            }
        }
    }

    private PixelRect Cell(int column, int row) => new(
        MathF.Round(Axes.GetPixelX(_left[column])), MathF.Round(Axes.GetPixelX(_left[column + 1])),
        MathF.Round(Axes.GetPixelY(_bottom[row])), MathF.Round(Axes.GetPixelY(_bottom[row + 1])));

    private void WriteNumber(RenderPack rp, PixelRect cell, double value, Color behind)
    {
        _number.Text = Table.Show(value);
        var size = _number.Measure(_number.Text, rp.Paint);
        if (size.Width + RoomAround <= Math.Abs(cell.Width) && size.Height + RoomAround <= Math.Abs(cell.Height))
        {
            double brightness = Red * behind.R + Green * behind.G + Blue * behind.B;
            _number.ForeColor = brightness > Bright ? PlotColors.Text : Colors.White;
            _number.Render(rp.Canvas, cell.Center, rp.Paint);
        }
    }
}
