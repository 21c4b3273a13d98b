using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TinyNet.Analysis;

namespace TinyNet.Tests.Analysis.Reports;

public class HtmlPageTests
{
    // A dozen figures, and what draws them.
    private const int MostBytes = 700_000;

    [Theory]
    [InlineData("Sample <page> & \"more\"")]
    [InlineData("seed 1")]
    [InlineData("What came out.")]
    [InlineData("Test accuracy 98.6 % 5 of 359 wrong")]
    [InlineData("Its gradient vanishes. measured 1e-9 · threshold 1e-3 Take another activation.")]
    [InlineData("cat 7 3 70.0 %")]
    [InlineData("cat as dog")]
    [InlineData("layer norm 0.Dense 0.25 1.ReLU")]
    [InlineData("First paragraph. Second paragraph.")]
    [InlineData("norm: ")]
    public void A_page_says_everything_without_scripts(string text) =>
        Assert.Contains(text, TextOf(SamplePage.Make()), StringComparison.Ordinal);

    [Fact]
    public void Every_figure_has_a_sketch_or_pictures_for_where_scripts_are_off()
    {
        string html = SamplePage.Make().ToHtml();

        // Two figures of one panel, and one of three panels beside the pictures.
        Assert.Equal(5, Regex.Count(html, "<noscript>.*?(<svg|<img).*?</noscript>"));
        Assert.Equal(2, Regex.Count(html, "<figcaption>red</figcaption>|<figcaption>cat as dog</figcaption>"));
    }

    [Fact]
    public void The_gravest_finding_is_first_and_leads_to_its_figure()
    {
        string html = SamplePage.Make().ToHtml();

        Assert.Matches(new Regex("Its gradient vanishes.*Gradients arrive", RegexOptions.Singleline), html);
        Assert.Contains("<a href=\"#p-gradients\"", html, StringComparison.Ordinal);
        Assert.Contains("<figure class=\"card\" id=\"p-gradients\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_that_leads_nowhere_is_refused()
    {
        var page = new HtmlPage("page");
        var finding = new PageFinding(Severity.Warning, "0.Dense", "Look there.") { Anchor = "Losses" };
        page.Add(new PageSection("Curves", new FindingsBlock(finding)));

        Refusal.Of<InvalidOperationException>(() => page.ToHtml(), "0.Dense", "'Losses'", "Curves");
    }

    /// <summary>Six fall as 3 and 3, and not as 5 and 1.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 3)]
    [InlineData(7, 4)]
    [InlineData(11, 4)]
    public void Facts_fall_into_rows_of_one_length_on_paper(int facts, int columns)
    {
        var page = new HtmlPage("page");
        page.Add(new PageSection("Summary", new FactsBlock([.. Enumerable.Range(0, facts).Select(i => new PageFact($"fact {i}", "1"))])));

        Assert.Contains($"<dl class=\"facts\" style=\"--columns:{columns}\">", page.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_of_one_title_have_different_ids()
    {
        var page = new HtmlPage("page");
        page.Add(new PageSection("Über uns"));
        page.Add(new PageSection("Über uns"));

        string[] ids = [.. Regex.Matches(page.ToHtml(), "<section id=\"(.*?)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[a-z0-9-]+$", id));
    }

    [Fact]
    public void The_same_contents_give_the_same_bytes() => Assert.Equal(SamplePage.Make().ToHtml(), SamplePage.Make().ToHtml());

    [Fact]
    public void A_page_with_a_dozen_figures_is_small()
    {
        double[] steps = [.. Enumerable.Range(0, 5000).Select(i => (double)i)];
        var page = new HtmlPage("page");
        page.Add(new PageSection("Figures", [.. Enumerable.Range(0, 12).Select(i => new FigureBlock(
            new Figure($"Figure {i}", new Panel("", new Axis("step"), new Axis("loss"),
                new Line("training", steps, [.. steps.Select(x => Math.Sin(x * (i + 1)) / (x + 1))]),
                new Line("test", steps, [.. steps.Select(x => Math.Cos(x * (i + 1)) / (x + 1))])))))]));

        int bytes = Encoding.UTF8.GetByteCount(page.ToHtml());
        Assert.True(bytes < MostBytes, $"{bytes} bytes");
    }

    [Fact]
    public void A_page_without_charts_does_not_hold_what_draws_them()
    {
        var page = new HtmlPage("page");
        page.Add(new PageSection("Text", new TextBlock("words")));

        Assert.InRange(page.ToHtml().Length, 1, 60_000);
    }

    [Fact]
    public void A_page_loads_nothing()
    {
        string html = SamplePage.Make().ToHtml();

        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(link|iframe|object|embed|base)\\b|@import|url\\(|(src|srcset|poster)=\"(?!data:)", html);
    }

    [Fact]
    public void ECharts_is_the_file_of_its_package_with_its_notices_beside_it()
    {
        using var compressed = new MemoryStream(PageResources.Bytes("echarts.min.js.gz"));
        using var library = new GZipStream(compressed, CompressionMode.Decompress);
        string notices = Architecture.Repository.Read("THIRD-PARTY-NOTICES.md");

        Assert.Equal(PageResources.EChartsHash, Convert.ToHexStringLower(SHA256.HashData(library)));
        foreach (string text in (string[])[PageResources.Text("notice.txt"), notices])
        {
            Assert.Contains(PageResources.EChartsHash, text, StringComparison.Ordinal);
            Assert.Contains("Apache ECharts\nCopyright 2017-2026 The Apache Software Foundation", text, StringComparison.Ordinal);
            Assert.Contains("Copyright 2010-2016 Mike Bostock", text, StringComparison.Ordinal);
            Assert.Contains("Copyright (c) 2017, Baidu Inc.", text, StringComparison.Ordinal);
        }

        Assert.Contains(PageResources.Text("notice.txt"), SamplePage.Make().ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_those_of_all_series_and_more_than_one_has_a_picker()
    {
        var page = SamplePage.Make();
        var single = new HtmlPage("page");
        var line = new Line("", [0], [1]) { Run = "a" };
        single.Add(new PageSection("Curve", new Figure("Loss", new Panel("", new Axis(""), new Axis(""), line))));

        Assert.Equal(["one", "two"], page.Runs);
        Assert.Contains("<input type=\"checkbox\" checked value=\"two\">", page.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<fieldset", single.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_written_to_a_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("page.html");
        var page = SamplePage.Make();

        page.Write(path);

        Assert.Equal(page.ToHtml(), File.ReadAllText(path));
        Assert.Equal(["page.html"], folder.Names);
    }

    [Fact]
    public void A_confusion_matrix_without_a_row_for_each_class_is_refused() =>
        Refusal.Of<ArgumentException>(() => new ConfusionBlock(["a", "b", "c"], new long[3, 2]), "3 classes", "3 x 3", "3 x 2");

    /// <summary>What a reader sees who has no scripts, with single spaces.</summary>
    private static string TextOf(HtmlPage page)
    {
        string body = Regex.Replace(page.ToHtml(), "<(script|style|title).*?</\\1>", " ", RegexOptions.Singleline);
        return Regex.Replace(WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]*>", " ")), "\\s+", " ");
    }
}
