using System.IO.Compression;
using ScottPlot;
using SkiaSharp;

namespace TinyNet.Plots;

/// <summary>
/// DejaVu Sans, which the assembly brings along: where a machine has no fonts, as containers have none, all text would be missing, and
/// elsewhere each machine would draw another picture.
/// </summary>
internal sealed class PlotFont : IFontResolver
{
    public const string Name = "DejaVu Sans";

    private const string Resource = "DejaVuSans.ttf.gz";

    private static readonly Lazy<PlotFont> Registered = new(Register);

    private readonly SKData _file;

    private PlotFont(SKData file) => _file = file;

    /// <summary>Lets the text of a plot be drawn in it.</summary>
    public static void Apply(Plot plot)
    {
        _ = Registered.Value;
        plot.Axes.Title.Label.FontName = Name;
        plot.Legend.FontName = Name;
        foreach (var axis in plot.Axes.GetAxes())
        {
            Apply(axis);
        }
    }

    /// <summary>Lets the text of an axis be drawn in it.</summary>
    public static void Apply(IAxis axis)
    {
        axis.Label.FontName = Name;
        axis.TickLabelStyle.FontName = Name;
    }

    /// <summary>A label in it.</summary>
    public static LabelStyle Label(float size, Color color)
    {
        _ = Registered.Value;
        return new LabelStyle { FontName = Name, FontSize = size, ForeColor = color };
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? SKTypeface.FromData(_file) : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? SKTypeface.FromData(_file) : null;

    /// <summary>Puts it before the fonts of the system; others are still found there.</summary>
    private static PlotFont Register()
    {
        using var resource = typeof(PlotFont).Assembly.GetManifestResourceStream(Resource)!;
        using var file = new GZipStream(resource, CompressionMode.Decompress);
        var font = new PlotFont(SKData.Create(file));
        ScottPlot.Fonts.FontResolvers.Insert(0, font);
        return font;
    }
}
