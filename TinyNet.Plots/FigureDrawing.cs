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
        var title = PlotFont.Label(TitleSize, PlotColors.Text);
        var note = PlotFont.Label(NoteSize, PlotColors.Faint);
        string[] titles = Lines(title, figure.Title, width, paint), notes = Lines(note, figure.Note ?? "", width, paint);
        float top = HeightOf(title, titles, paint), bottom = height - HeightOf(note, notes, paint);
        canvas.Clear(SKColors.White);
        canvas.Save();
        canvas.Translate(0, top);
        var plots = figure.ToMultiplot();
        var places = plots.Layout.GetSubplotRectangles(plots.Subplots, new PixelRect(width, Math.Max(1, bottom - top)));
        for (int i = 0; i < places.Length; i++)
        {
            using var plot = plots.Subplots.GetPlot(i);
            plot.RenderManager.ClearCanvasBeforeEachRender = false;
            plot.Render(canvas, places[i]);
        }

        canvas.Restore();
        Write(canvas, paint, title, titles, Margin, width);
        Write(canvas, paint, note, notes, bottom, width);
    }

    private static float HeightOf(LabelStyle style, string[] lines, Paint paint) =>
        lines.Length == 0 ? 0 : Margin + lines.Sum(line => style.Measure(line, paint).LineHeight);

    /// <summary>Writes lines below each other, in the middle.</summary>
    private static void Write(SKCanvas canvas, Paint paint, LabelStyle style, string[] lines, float y, int width)
    {
        style.Alignment = Alignment.UpperCenter;
        foreach (string line in lines)
        {
            style.Text = line;
            style.Render(canvas, new Pixel(width / 2f, y), paint);
            y += style.Measure(line, paint).LineHeight;
        }
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
