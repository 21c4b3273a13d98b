using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using ScottPlot;
using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Images;
using TinyNet.Plots;
using TinyNet.Tests.Architecture;
using Line = TinyNet.Analysis.Line;
using Pictures = TinyNet.Analysis.Images;

namespace TinyNet.Tests.Analysis;

/// <summary>Figures as pictures: what is asked of them is read from their pixels, and from the text of SVG files.</summary>
public class FigurePlotsTests
{
    private const int Width = 400, Height = 300;

    // The first color of Okabe and Ito that is taken, the next one, and the ends of viridis.
    private const int Blue = 0x0072B2, Vermillion = 0xD55E00, Darkest = 0x440154, Brightest = 0xFDE725;

    private static readonly Axis X = new("step"), Y = new("value"), Log = new("value") { IsLog = true };

    /// <summary>A panel of each kind, with colors that have to be in its picture.</summary>
    public static TheoryData<string, Panel, int[]> Kinds => new()
    {
        { "line", new Panel("", X, Y, new Line("a", [0, 1, 2], [0, 1, 0]), new Line("b", [0, 1, 2], [1, 0, 1])), [Blue, Vermillion] },
        { "markers", new Panel("", X, Y, new Line("a", [0, 1], [0, 1]) { HasMarkers = true, Errors = [0.1, 0.2] }), [Blue] },
        { "dashes", new Panel("", X, Y, new Line("a", [0, 1], [0.5, 0.5]) { IsDashed = true }), [Blue] },
        { "band", new Panel("", X, Y, new Band("a", [0, 1], [0, 0], [1, 1]), new Line("b", [0, 1], [0.5, 0.5])), [0xD9EAF3, Blue] },
        { "bars", new Panel("", new Axis("") { Names = ["p", "q"] }, Y, new Bars("a", [1, 2]), new Bars("b", [2, 1])), [Blue, Vermillion] },
        { "bars, logarithmic", new Panel("", new Axis("") { Names = ["p", "q"] }, Log, new Bars("a", [1e-3, 0])), [Blue] },
        { "histogram", new Panel("", X, Y, new Histogram("a", [0, 1, 2], [0.25, 0.75]), new Histogram("b", [0, 2], [1])), [0xF0C7A6] },
        { "map", new Panel("", X, Y, new HeatMap("a", 2, [0, 1, 2, 3, 4, double.NaN])), [Darkest, Brightest, 0xDDDDDD] },
        { "map, named", new Panel("", X, new Axis("") { Names = ["p", "q"] }, new HeatMap("a", 2, [0, 1])), [Darkest, Brightest] },
        { "map, both ways", new Panel("", X, Y, new HeatMap("a", 1, [-1, 0, 1]) { IsDiverging = true }), [0x2166AC, 0xF7F7F7, 0xB2182B] },
        {
            "images",
            new Panel("", X, Y, new Pictures("a", [new Picture("p", 1, 2, 1, [0, 1]), new Picture("", 1, 1, 3, [1, 0, 0.2f])], 2)),
            [Darkest, Brightest, 0xFF0033]
        },
    };

    /// <summary>Nothing, or nothing that can be seen, is drawn as an empty panel.</summary>
    public static TheoryData<Panel> Empty => new()
    {
        new Panel("", X, Y, new Line("a", [], [])),
        new Panel("", X, Log, new Line("a", [1, 2], [0, -1]) { Errors = [1, 1] }),
        new Panel("", X, Y, new Line("a", [1], [1])),
        new Panel("", X, Y, new Band("a", [1, 2], [double.NaN, 0], [1, double.PositiveInfinity])),
        new Panel("", new Axis("") { Names = [] }, Y, new Bars("a", [])),
        new Panel("", X, Log, new Bars("a", [0, double.NaN])),
        new Panel("", Log, Log, new Histogram("a", [-1, 0, 1], [0, 0])),
        new Panel("", X, Y, new HeatMap("a", 1, [])),
        new Panel("", X, Y, new HeatMap("a", 1, [double.NaN, double.PositiveInfinity])),
        new Panel("", X, Y, new HeatMap("a", 1, [2, 2])),
        new Panel("", X, Y, new Pictures("a", [], 3)),
        new Panel("", X, Y, new Pictures("a", [new Picture("", 300, 400, 1, [.. Enumerable.Repeat(float.NaN, 120_000)])], 0)),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Each_kind_of_series_is_drawn(string name, Panel panel, int[] colors)
    {
        int[] pixels = Pixels(new Figure(name, panel));
        Assert.All(colors, color => Assert.True(pixels.Count(pixel => IsNear(pixel, color)) > 5, $"{name} has no {color:X6}"));
        Assert.Contains(name, Texts(new Figure(name, panel)));
    }

    [Theory, MemberData(nameof(Empty))]
    public void What_cannot_be_seen_does_no_harm(Panel panel) => Assert.Contains(0xFFFFFF, Pixels(new Figure("nothing", panel)));

    [Fact]
    public void Where_a_value_is_nan_or_has_no_logarithm_there_is_a_gap()
    {
        double[] x = [0, 1, 2, 3, 4, 5, 6], whole = [1, 1, 1, 1, 1, 1, 1];
        Assert.Equal(0, Gap(whole, Y));
        Assert.InRange(Gap([1, 1, 1, double.NaN, 1, 1, 1], Y), 60, 160);
        Assert.InRange(Gap([1, 1, 1, 0, 1, 1, 1], Log), 60, 160);

        // Columns without the line, between its first and its last one.
        int Gap(double[] y, Axis axis)
        {
            int[] pixels = Pixels(new Figure("", new Panel("", X, axis, new Line("a", x, y))));
            bool[] isThere = new bool[Width];
            for (int i = 0; i < pixels.Length; i++)
            {
                isThere[i % Width] |= pixels[i] == Blue;
            }

            return isThere.AsSpan(Array.IndexOf(isThere, true)..(Array.LastIndexOf(isThere, true) + 1)).Count(false);
        }
    }

    [Fact]
    public void Titles_labels_names_and_the_note_can_be_read()
    {
        var axis = new Axis("") { Names = ["features.0.weight", "features.3.weight", "head.0.weight", "head.2.weight"] };
        var bars = new Panel("of layers", axis, new Axis("ratio"), new Bars("Adam", [1, 2, 3, 4]), new Bars("SGD", [4, 3, 2, 1]));
        var map = new Panel("of cells", X, Y, new HeatMap("loss", 1, [1, 2]));
        var texts = Texts(new Figure("A title & <more>", bars, map) { Note = "a note" });
        string[] expected =
        [
            "A title & <more>", "a note", "of layers", "of cells", "ratio", "Adam", "SGD", "head.2.weight", "loss", "step",
        ];
        Assert.Subset(texts, expected.ToHashSet());
    }

    [Fact]
    public void Text_is_drawn_in_the_font_of_the_package()
    {
        _ = PlotFont.Label(12, Colors.Black);
        using var font = Fonts.FontResolvers[0].CreateTypeface("DejaVu Sans", bold: false, italic: false);
        Assert.Equal("DejaVu Sans", font!.FamilyName);
        Assert.Null(Fonts.FontResolvers[0].CreateTypeface("Another", bold: false, italic: false));
        int[] with = Pixels(new Figure("MMMMMMMM", new Panel("", X, Y, new Line("a", [0, 1], [0, 1]))));
        int[] without = Pixels(new Figure("", new Panel("", X, Y, new Line("a", [0, 1], [0, 1]))));
        Assert.True(with.AsSpan(0, Width * 30).Count(0x333333) > 50);
        Assert.Equal(0, without.AsSpan(0, Width * 10).Count(0x333333));
    }

    [Fact]
    public void The_font_is_the_one_of_the_notices()
    {
        using var resource = typeof(FigurePlots).Assembly.GetManifestResourceStream("DejaVuSans.ttf.gz")!;
        using var file = new GZipStream(resource, CompressionMode.Decompress);
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        Assert.Contains(hash, Repository.Read("THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_svg_file_scales_and_has_dashes()
    {
        var root = Svg(new Figure("", new Panel("", X, Y, new Line("a", [0, 1], [0, 0]) { IsDashed = true }))).Root!;
        Assert.Equal($"0 0 {Width} {Height}", root.Attribute("viewBox")!.Value);
        Assert.Equal(("400", "300"), (root.Attribute("width")!.Value, root.Attribute("height")!.Value));
        int most = root.Descendants().Attributes("d").Max(path => path.Value.Count(one => one == 'M'));
        Assert.InRange(most, 15, 40);
    }

    [Fact]
    public void Pictures_are_not_blurred()
    {
        // Two pixels side by side, and the white around them: no fourth color.
        var images = new Pictures("a", [new Picture("", 2, 1, 1, [0, 1])], 1);
        int[] colors = [.. Pixels(new Figure("", new Panel("", X, Y, images))).Distinct().Order()];
        Assert.Equal(3, colors.Length);
        Assert.All(colors.Zip([Darkest, Brightest, 0xFFFFFF]), pair => Assert.True(IsNear(pair.First, pair.Second)));
    }

    [Fact]
    public void A_panel_is_a_plot_and_several_are_as_many()
    {
        var panel = new Panel("below", X, Log, new Line("a", [0, 1], [1e-3, 10]));
        using (var plot = new Figure("above", panel).ToPlot())
        {
            Assert.Equal("above\nbelow", plot.Axes.Title.Label.Text);
            Assert.Equal(("step", "value"), (plot.Axes.Bottom.Label.Text, plot.Axes.Left.Label.Text));
            var limits = plot.Axes.GetLimits();
            Assert.InRange(limits.Bottom, -3.5, -3);
            Assert.InRange(limits.Top, 1, 1.5);
        }

        var figure = new Figure("six", panel, panel, panel, panel, panel, panel);
        Assert.Equal(6, figure.ToMultiplot().Subplots.Count);
        Refusal.Of<ArgumentException>(() => figure.ToPlot(), "six", "6 panels", "ToMultiplot");
    }

    [Fact]
    public void Limits_and_names_are_those_of_the_axis()
    {
        var axis = new Axis("") { Names = ["p", "q", "r"] };
        using var plot = new Figure("", new Panel("", axis, new Axis("") { Minimum = -2, Maximum = 7 }, new Bars("a", [1, 2, 3]))).ToPlot();
        var limits = plot.Axes.GetLimits();
        Assert.Equal((-0.5, 2.5, -2, 7), (limits.Left, limits.Right, limits.Bottom, limits.Top));
        plot.RenderInMemory(Width, Height);
        Assert.Equal(["p", "q", "r"], plot.Axes.Bottom.TickGenerator.Ticks.Select(tick => tick.Label));
    }

    [Theory]
    [InlineData(0, 2, 300, new[] { "1", "2", "5", "10", "20", "50", "100" })]
    [InlineData(-4.2, 5.2, 300, new[] { "1e-4", "0.001", "0.01", "0.1", "1", "10", "100", "1000", "10000", "1e5" })]
    [InlineData(-19.5, 0.5, 220, new[] { "1e-18", "1e-16", "1e-14", "1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "0.01", "1" })]
    [InlineData(1.2787536009528289, 1.3222192947339193, 300, new[] { "19", "19.5", "20", "20.5", "21" })]
    public void A_logarithmic_axis_has_ticks_at_round_numbers(double low, double high, float pixels, string[] labels)
    {
        var ticks = new LogTicks();
        using var paint = Paint.NewDisposablePaint();
        ticks.Regenerate(new CoordinateRange(low, high), Edge.Left, new PixelLength(pixels), paint, new LabelStyle());

        // So many as there is room for: of twice as many each second one.
        Assert.Equal(labels, ticks.Ticks.Where(tick => tick.IsMajor).Select(tick => tick.Label));
        Assert.All(ticks.Ticks, tick => Assert.InRange(tick.Position, low, high));
    }

    [Fact]
    public void Series_are_told_apart_by_color()
    {
        for (int count = 1; count <= 50; count++)
        {
            var colors = Enumerable.Range(0, count).Select(i => PlotColors.Of(i, count).ToHex()).ToList();
            Assert.Equal(count, colors.Distinct().Count());
        }
    }

    [Fact]
    public void A_run_has_one_color_in_all_panels()
    {
        Line Of(string name, string run) => new(name, [0, 1], [0, 1]) { Run = run };
        var both = new Panel("", X, Y, Of("a", "first"), Of("b", "second"));
        var second = new Panel("", X, Y, Of("c", "second"), Of("d", "second"));

        var plots = new Figure("runs", both, second).ToMultiplot();
        Assert.Equal(["#0072B2", "#D55E00"], ColorsOf(0));
        Assert.Equal(["#D55E00", "#D55E00"], ColorsOf(1));

        IEnumerable<string> ColorsOf(int panel) =>
            plots.Subplots.GetPlot(panel).GetPlottables<ScottPlot.Plottables.Scatter>().Select(line => line.LineColor.ToHex());
    }

    [Fact]
    public void Lines_of_a_run_are_told_apart_by_dashes()
    {
        Line Of(string name, string run, bool isDashed) => new(name, [0, 1], [0, 1]) { Run = run, IsDashed = isDashed };
        var dashedFirst = new Panel("", X, Y, Of("a, training", "a", true), Of("a, validation", "a", false), Of("b", "b", false));
        var noneDashed = new Panel("", X, Y, Of("c", "a", false), Of("d", "a", false));

        var plots = new Figure("runs", dashedFirst, noneDashed).ToMultiplot();
        Assert.Equal([true, false, false], AreDashed(0));
        Assert.Equal([false, true], AreDashed(1));

        IEnumerable<bool> AreDashed(int panel) =>
            plots.Subplots.GetPlot(panel).GetPlottables<ScottPlot.Plottables.Scatter>().Select(line => line.PathStrategy is DashedPath);
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        using var folder = new TemporaryFolder();
        var figure = new Figure("f", new Panel("", X, Y, new Line("a", [0, 1], [0, 1])));
        Refusal.Of<ArgumentOutOfRangeException>(() => figure.SavePng(folder.At("f.png"), width: 0), "0 x 500", "16384");
        Refusal.Of<ArgumentOutOfRangeException>(() => figure.SaveSvg(folder.At("f.svg"), height: 20_000), "20000");
        Assert.Throws<ArgumentException>(() => figure.SavePng(" "));
        var map = new Figure("m", new Panel("", X, Y, new HeatMap("loss", 1, [1, 2]) { XEdges = [0, 1] }));
        Refusal.Of<ArgumentException>(() => map.SavePng(folder.At("f.png")), "loss", "2 columns", "3 edges", "have 2");
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_file_is_written_into_a_new_folder_and_over_an_older_one()
    {
        using var folder = new TemporaryFolder();
        var figure = new Figure("f", new Panel("", X, Y, new Line("a", [0, 1], [0, 1])));
        string path = folder.At("new/f.png");
        figure.SavePng(path, 320, 200);
        figure.SavePng(path, 123, 77);
        Assert.Equal(new Shape(3, 77, 123), ImageFile.Load(path).Shape);
    }

    /// <summary>Whether two colors are the same but for rounding.</summary>
    private static bool IsNear(int first, int second) =>
        new[] { 0, 8, 16 }.All(shift => Math.Abs((first >> shift & 0xFF) - (second >> shift & 0xFF)) <= 2);

    /// <summary>The pixels of the PNG file, 0xRRGGBB.</summary>
    private static int[] Pixels(Figure figure)
    {
        using var folder = new TemporaryFolder();
        figure.SavePng(folder.At("f.png"), Width, Height);
        var image = ImageFile.Load(folder.At("f.png"));
        Assert.Equal(new Shape(3, Height, Width), image.Shape);
        float[] numbers = image.ToArray();
        int plane = Width * Height;
        return [.. Enumerable.Range(0, plane).Select(i => Byte(i) << 16 | Byte(plane + i) << 8 | Byte(2 * plane + i))];

        int Byte(int i) => (int)MathF.Round(numbers[i] * byte.MaxValue);
    }

    /// <summary>The texts of the SVG file.</summary>
    private static HashSet<string> Texts(Figure figure) =>
    [
        .. Svg(figure).Descendants().Where(one => one.Name.LocalName == "text").Select(one => one.Value.Trim()),
    ];

    private static XDocument Svg(Figure figure)
    {
        using var folder = new TemporaryFolder();
        figure.SaveSvg(folder.At("f.svg"), Width, Height);
        return XDocument.Load(folder.At("f.svg"));
    }
}
