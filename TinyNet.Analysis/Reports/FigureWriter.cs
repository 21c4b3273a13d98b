using System.Globalization;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>Writes figures into a page: the data for the script, a sketch where scripts are off, and pictures as they are.</summary>
internal sealed class FigureWriter(StringBuilder html, PageAnchors anchors)
{
    // A heat map with more columns needs the whole width.
    private const int MostNarrowColumns = 48;

    /// <summary>Writes figures that stand one after the other.</summary>
    public void Write(IReadOnlyList<FigureBlock> figures)
    {
        html.Append("<div class=\"figures\">\n");
        for (int i = 0; i < figures.Count; i++)
        {
            bool hasPair = !IsWide(figures[i].Figure) && i + 1 < figures.Count && !IsWide(figures[i + 1].Figure);
            if (hasPair)
            {
                Write(figures[i], isWide: false);
                Write(figures[++i], isWide: false);
            }
            else
            {
                // Beside it there would be a hole.
                Write(figures[i], isWide: true);
            }
        }

        html.Append("</div>\n");
    }

    private static bool IsWide(Figure figure) =>
        figure.Panels.Count > 1 || figure.Panels[0].Series[0] is HeatMap { Columns: > MostNarrowColumns } or Images { PerRow: > 5 };

    private static int ColumnsOf(Figure figure) => figure.Columns ?? figure.Panels.Count switch
    {
        1 => 1,
        2 or 4 => 2,
        _ => 3,
    };

    private void Write(FigureBlock block, bool isWide)
    {
        var figure = block.Figure;
        html.Append($"<figure class=\"card{(isWide ? " wide" : "")}\" id=\"{anchors.Of(block)}\">\n");
        html.Append($"<div class=\"head\"><h3>{PageWriter.Escape(figure.Title)}</h3></div>\n");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"panels\" style=\"--columns:{ColumnsOf(figure)}\">\n");
        foreach (var panel in figure.Panels)
        {
            html.Append("<div class=\"panel\">");
            if (panel.Title.Length > 0 && panel.Title != figure.Title)
            {
                html.Append($"<div class=\"head\"><h4>{PageWriter.Escape(panel.Title)}</h4></div>");
            }

            html.Append(panel.Series[0] is Images images
                ? PagePicture.Grid(images.Pictures, images.IsGray ? ColorScale.Gray : ColorScale.Viridis)
                : $"<div class=\"chart\"></div><noscript>{new Sketch(panel).Draw()}</noscript>").Append("</div>\n");
        }

        html.Append("</div>\n");
        html.Append(figure.Note is null ? "" : $"<figcaption class=\"note\">{PageWriter.Escape(figure.Note)}</figcaption>\n");
        if (figure.Panels.Any(panel => panel.Series[0] is not Images))
        {
            html.Append($"<script type=\"application/json\">{FigureJson.Of(figure)}</script>\n");
        }

        html.Append("</figure>\n");
    }
}
