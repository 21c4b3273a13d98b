using System.Globalization;
using System.Net;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>Writes a page: its frame and its sections.</summary>
internal sealed class PageWriter
{
    // Nothing is loaded from anywhere: the browser itself forbids it.
    private const string Policy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
        + "base-uri 'none'; form-action 'none'";

    private readonly HtmlPage _page;
    private readonly PageAnchors _anchors;
    private readonly StringBuilder _html = new();

    public PageWriter(HtmlPage page) => (_page, _anchors) = (page, new PageAnchors(page.Sections));

    /// <summary>A text in HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The whole page.</summary>
    public string Write()
    {
        bool hasCharts = _page.Sections.SelectMany(section => section.Blocks).OfType<FigureBlock>()
            .Any(block => block.Figure.Panels.Any(panel => panel.Series[0] is not Images));
        WriteHead(hasCharts);
        WriteHeader();
        _html.Append("<main>\n");
        foreach (var section in _page.Sections)
        {
            WriteSection(section);
        }

        _html.Append("</main>\n");
        WriteFooter(hasCharts);
        return _html.ToString();
    }

    private void WriteHead(bool hasCharts)
    {
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        _html.Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n");
        _html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        _html.Append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        _html.Append($"<title>{Escape(_page.Title)}</title>\n");
        if (hasCharts)
        {
            _html.Append($"<!--\n{PageResources.Text("notice.txt")}-->\n");
        }

        _html.Append($"<style>\n{PageResources.Text("page.css")}</style>\n</head>\n<body>\n");
        _html.Append("<script>document.documentElement.classList.add('js')</script>\n");
    }

    private void WriteHeader()
    {
        string subtitle = _page.Subtitle is null ? "" : $" <span class=\"subtitle\">{Escape(_page.Subtitle)}</span>";
        _html.Append($"<header class=\"top\"><h1>{Escape(_page.Title)}{subtitle}</h1></header>\n<nav class=\"bar\"><div class=\"links\">");
        foreach (var section in _page.Sections)
        {
            _html.Append($"<a href=\"#{_anchors.Of(section)}\">{Escape(section.Title)}</a>");
        }

        _html.Append("</div><div class=\"tools\" id=\"page-tools\"></div>");
        if (_page.Runs is { Count: > 1 } runs)
        {
            // The script hides and shows the series of a run.
            _html.Append("<fieldset class=\"runs\"><legend>Runs</legend>");
            foreach (string run in runs)
            {
                _html.Append($"<label><input type=\"checkbox\" checked value=\"{Escape(run)}\"><i></i>{Escape(run)}</label>");
            }

            _html.Append("</fieldset>");
        }

        _html.Append("</nav>\n");
    }

    private void WriteSection(PageSection section)
    {
        _html.Append($"<section id=\"{_anchors.Of(section)}\">\n<h2>{Escape(section.Title)}</h2>\n");
        if (section.Introduction is not null)
        {
            _html.Append($"<p class=\"introduction\">{Escape(section.Introduction)}</p>\n");
        }

        // What is of one kind, one after the other, shares rows.
        for (int i = 0; i < section.Blocks.Count;)
        {
            PageBlock[] together = [.. section.Blocks.Skip(i).TakeWhile(block => KindOf(block) == KindOf(section.Blocks[i]))];
            Write(together);
            i += together.Length;
        }

        _html.Append("</section>\n");
    }

    private static string KindOf(PageBlock block) => block switch
    {
        FigureBlock => "figures",
        TableBlock or ConfusionBlock or PicturesBlock => "cards",
        _ => "",
    };

    private void Write(PageBlock[] together)
    {
        if (together[0] is FigureBlock)
        {
            new FigureWriter(_html, _anchors).Write([.. together.Cast<FigureBlock>()]);
            return;
        }

        bool areCards = KindOf(together[0]) == "cards";
        _html.Append(areCards ? "<div class=\"cards\">\n" : "");
        var blocks = new BlockWriter(_html, _anchors);
        foreach (var block in together)
        {
            blocks.Write(block);
        }

        _html.Append(areCards ? "</div>\n" : "");
    }

    private void WriteFooter(bool hasCharts)
    {
        string version = typeof(PageWriter).Assembly.GetName().Version!.ToString(3);
        _html.Append($"<footer>Written by TinyNet {version}.");
        if (!hasCharts)
        {
            _html.Append("</footer>\n");
            WriteScript();
            return;
        }

        _html.Append($" Charts: <a href=\"https://echarts.apache.org/\">Apache ECharts</a> {PageResources.EChartsVersion}, ");
        _html.Append("© The Apache Software Foundation, <a href=\"https://www.apache.org/licenses/LICENSE-2.0\">Apache License 2.0</a>; ");
        _html.Append("it contains ZRender © Baidu Inc. and parts of d3 © Mike Bostock, both BSD 3-Clause. ");
        _html.Append("The full notices are in the source of this page.</footer>\n");

        // Last in the page, so that everything above is there before it is read.
        string library = Convert.ToBase64String(PageResources.Bytes("echarts.min.js.gz"));
        _html.Append(CultureInfo.InvariantCulture, $"<script type=\"application/octet-stream\" id=\"echarts\">{library}</script>\n");
        WriteScript();
    }

    private void WriteScript()
    {
        _html.Append("<script>\n");
        foreach (string file in (string[])["numbers.js", "options.js", "tables.js", "page.js"])
        {
            _html.Append(PageResources.Text(file));
        }

        _html.Append("</script>\n</body>\n</html>\n");
    }
}
