using ScottPlot;
using SkiaSharp;
using TinyNet.Analysis;

namespace TinyNet.Plots;

/// <summary>Draws a figure: its title, its panels, and its note below.</summary>
internal static class FigureDrawing
{
    private const float TitleSize = 18, NoteSize = 12, Margin = 10;

    public static void Draw(Figure figure, SKCanvas canvas, int width, int height)
    {
        using var paint = Paint.NewDisposablePaint();
        canvas.Clear(SKColors.White);
        var title = PlotFont.Label(TitleSize, PlotColors.Text);
        var note = PlotFont.Label(NoteSize, PlotColors.Faint);
        float top = Write(canvas, paint, title, Lines(title, figure.Title, width, paint), Margin, width);
        string[] notes = Lines(note, figure.Note ?? "", width, paint);
        float bottom = height - (notes.Length == 0 ? 0 : Margin + notes.Sum(line => note.Measure(line, paint).LineHeight));
        Write(canvas, paint, note, notes, bottom, width);
        var plots = figure.ToMultiplot();
        plots.Render(canvas, new PixelRect(0, width, bottom, top));
        foreach (var plot in plots.Subplots.GetPlots())
        {
            plot.Dispose();
        }
    }

    /// <summary>Writes lines below each other, in the middle, and says where the last one ends.</summary>
    private static float Write(SKCanvas canvas, Paint paint, LabelStyle style, string[] lines, float y, int width)
    {
        style.Alignment = Alignment.UpperCenter;
        foreach (string line in lines)
        {
            style.Text = line;
            style.Render(canvas, new Pixel(width / 2f, y), paint);
            y += style.Measure(line, paint).LineHeight;
        }

        return y;
    }

    /// <summary>A text in lines that fit.</summary>
    private static string[] Lines(LabelStyle style, string text, int width, Paint paint)
    {
        var lines = new List<string>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = lines.Count == 0 ? word : $"{lines[^1]} {word}";
            if (lines.Count > 0 && style.Measure(longer, paint).Width <= width - 2 * Margin)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(word);
            }
        }

        return [.. lines];
    }
}
