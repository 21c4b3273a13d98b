using ScottPlot;
using TinyNet.Analysis;

namespace TinyNet.Plots;

/// <summary>Pictures in rows, as large as there is room: small ones by whole factors, so that their pixels are all alike.</summary>
internal sealed class PictureGrid : IPlottable
{
    private const float Gap = 8, CaptionSize = 11, CaptionHeight = 18, AboveCaption = 2;

    private readonly Images _images;
    private readonly Image[] _pictures;
    private readonly LabelStyle _caption = PlotFont.Label(CaptionSize, PlotColors.Text);

    public PictureGrid(Images images)
    {
        _images = images;
        _pictures = [.. images.Pictures.Select(Paint)];
        _caption.Alignment = Alignment.UpperCenter;
    }

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => new(0, 1, 0, 1);

    public void Render(RenderPack rp)
    {
        if (_pictures.Length == 0)
        {
            return;
        }

        int columns = Math.Clamp(_images.PerRow, 1, _pictures.Length), rows = (_pictures.Length + columns - 1) / columns;
        float caption = _images.Pictures.Any(picture => picture.Caption.Length > 0) ? CaptionHeight : 0;
        int width = _pictures.Max(picture => picture.Width), height = _pictures.Max(picture => picture.Height);
        float scale = Math.Min((rp.DataRect.Width / columns - Gap) / width, (rp.DataRect.Height / rows - Gap - caption) / height);
        scale = scale > 1 ? MathF.Floor(scale) : Math.Max(scale, 1 / Gap);
        float wide = width * scale + Gap, high = height * scale + Gap + caption;
        float left = MathF.Round(rp.DataRect.HorizontalCenter - columns * wide / 2), top = MathF.Round(rp.DataRect.Top);
        for (int i = 0; i < _pictures.Length; i++)
        {
            float x = left + i % columns * wide + Gap / 2, y = top + i / columns * high;
            var target = new PixelRect(new Pixel(x, y), _pictures[i].Width * scale, _pictures[i].Height * scale);
            _pictures[i].Render(rp.Canvas, target, rp.Paint, antiAlias: false);
            _caption.Text = _images.Pictures[i].Caption;
            _caption.Render(rp.Canvas, new Pixel(x + width * scale / 2, y + height * scale + AboveCaption), rp.Paint);
        }
    }

    private static Image Paint(Picture picture)
    {
        byte[,,] pixels = new byte[picture.Height, picture.Width, 3];
        int plane = picture.Width * picture.Height;
        var range = RangeOf(picture.Values);
        for (int i = 0; i < plane; i++)
        {
            var (y, x) = (i / picture.Width, i % picture.Width);
            if (picture.Channels == 1)
            {
                var color = float.IsFinite(picture.Values[i])
                    ? PlotColors.Ascending.GetColor(range.Normalize(picture.Values[i], clamp: true))
                    : PlotColors.Missing;
                (pixels[y, x, 0], pixels[y, x, 1], pixels[y, x, 2]) = (color.R, color.G, color.B);
            }
            else
            {
                for (int channel = 0; channel < picture.Channels; channel++)
                {
                    float value = picture.Values[channel * plane + i];
                    pixels[y, x, channel] = value > 0 ? (byte)(Math.Min(value, 1) * byte.MaxValue + 0.5f) : (byte)0;
                }
            }
        }

        return new Image(pixels);
    }

    private static ScottPlot.Range RangeOf(IReadOnlyList<float> values)
    {
        float[] finite = [.. values.Where(float.IsFinite)];
        var (low, high) = finite.Length == 0 ? (0f, 1f) : (finite.Min(), finite.Max());
        return low < high ? new ScottPlot.Range(low, high) : new ScottPlot.Range(low - 0.5, high + 0.5);
    }
}
