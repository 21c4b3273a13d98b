using System.Globalization;
using System.Text;
using ScottPlot;
using SkiaSharp;
using TinyNet.Analysis;

namespace TinyNet.Plots;

/// <summary>Figures as plots of ScottPlot, to be styled further, and as PNG and SVG files.</summary>
/// <remarks>
/// Positions on a logarithmic axis are the logarithms of values, to base 10. Text is in DejaVu Sans, which the package brings along, so
/// that a machine without fonts draws the same picture.
/// </remarks>
/// <example>
/// <code>
/// figure.SavePng("loss.png", width: 800, height: 500);
/// </code>
/// </example>
public static class FigurePlots
{
    private const int UsualWidth = 900, UsualHeight = 500, MostPixels = 16384;

    // Beside each other at most, where the figure leaves it open.
    private const int MostColumns = 3;

    extension(Figure figure)
    {
        /// <summary>The figure as a plot.</summary>
        /// <returns>The plot, which belongs to the caller.</returns>
        /// <exception cref="ArgumentException">It has several panels, or edges of a heat map that are not one more than cells.</exception>
        public Plot ToPlot()
        {
            ArgumentNullException.ThrowIfNull(figure);
            if (figure.Panels.Count > 1)
            {
                throw new ArgumentException(
                    $"the figure '{figure.Title}' has {figure.Panels.Count} panels, and a plot is one: take ToMultiplot", nameof(figure));
            }

            var panel = figure.Panels[0];
            return PanelPlot.Of(figure, panel, panel.Title.Length == 0 ? figure.Title : $"{figure.Title}\n{panel.Title}");
        }

        /// <summary>The panels of the figure as plots in rows; its title and its note are not in them.</summary>
        /// <returns>The plots, which belong to the caller.</returns>
        /// <exception cref="ArgumentException">Edges of a heat map are not one more than cells.</exception>
        public Multiplot ToMultiplot()
        {
            ArgumentNullException.ThrowIfNull(figure);
            int count = figure.Panels.Count;
            int columns = Math.Clamp(figure.Columns ?? (count == 4 ? 2 : MostColumns), 1, count);
            var plots = new Multiplot(PanelPlot.Of(figure, figure.Panels[0], figure.Panels[0].Title))
            {
                Layout = new ScottPlot.MultiplotLayouts.Grid((count + columns - 1) / columns, columns),
            };
            foreach (var panel in figure.Panels.Skip(1))
            {
                plots.Subplots.Add(PanelPlot.Of(figure, panel, panel.Title));
            }

            return plots;
        }

        /// <summary>Writes the figure as a PNG file.</summary>
        /// <param name="path">The file; what is there is replaced, and its folder is made where it is not there.</param>
        /// <param name="width">Its width in pixels.</param>
        /// <param name="height">Its height in pixels.</param>
        /// <exception cref="ArgumentException">There is no path, or edges of a heat map are not one more than cells.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or more than 16,384.</exception>
        /// <exception cref="IOException">The file cannot be written.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
        public void SavePng(string path, int width = UsualWidth, int height = UsualHeight)
        {
            Check(figure, path, width, height);
            using var surface = SKSurface.Create(new SKImageInfo(width, height));
            FigureDrawing.Draw(figure, surface.Canvas, width, height);
            using var image = surface.Snapshot();
            using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
            Write(path, png.AsSpan());
        }

        /// <summary>Writes the figure as an SVG file, which is sharp in any size.</summary>
        /// <param name="path">The file; what is there is replaced, and its folder is made where it is not there.</param>
        /// <param name="width">Its width in pixels.</param>
        /// <param name="height">Its height in pixels.</param>
        /// <exception cref="ArgumentException">There is no path, or edges of a heat map are not one more than cells.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or more than 16,384.</exception>
        /// <exception cref="IOException">The file cannot be written.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
        public void SaveSvg(string path, int width = UsualWidth, int height = UsualHeight)
        {
            Check(figure, path, width, height);
            using var memory = new MemoryStream();
            using (var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), memory))
            {
                FigureDrawing.Draw(figure, canvas, width, height);
            }

            // So that it can be shown in another size, and small pictures are not blurred.
            string size = string.Create(
                CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" style=\"image-rendering:pixelated\"");
            string svg = Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
            int root = svg.IndexOf("<svg", StringComparison.Ordinal);
            Write(path, Encoding.UTF8.GetBytes(svg[..root] + size + svg[(root + "<svg".Length)..]));
        }
    }

    private static void Check(Figure figure, string path, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        foreach (int side in (ReadOnlySpan<int>)[width, height])
        {
            if (side is < 1 or > MostPixels)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(width), side, $"a picture of {width} x {height} pixels: each side has 1 to {MostPixels}");
            }
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, bytes);
    }
}
