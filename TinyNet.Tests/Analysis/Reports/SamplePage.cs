using TinyNet.Analysis;

namespace TinyNet.Tests.Analysis.Reports;

/// <summary>A page with all that a page can have; its numbers are values of functions.</summary>
internal static class SamplePage
{
    private static readonly double[] Steps = [.. Enumerable.Range(0, 60).Select(i => (double)i)];

    public static HtmlPage Make()
    {
        var page = new HtmlPage("Sample <page> & \"more\"") { Subtitle = "seed 1" };
        page.Add(new PageSection("Summary", new FactsBlock(new PageFact("Test accuracy", "98.6 %", "5 of 359 wrong")))
        {
            Introduction = "What came out.",
        });
        page.Add(new PageSection("Findings", new FindingsBlock(
            new PageFinding(Severity.Good, "all layers", "Gradients arrive."),
            new PageFinding(Severity.Critical, "0.Dense", "Its gradient vanishes.")
            {
                Measured = "1e-9",
                Threshold = "1e-3",
                Remedy = "Take another activation.",
                Anchor = "Gradients",
            })));
        page.Add(new PageSection("Curves", [.. Figures().Select(figure => new FigureBlock(figure))]));
        page.Add(new PageSection(
            "Mistakes",
            new ConfusionBlock(["cat", "dog"], new long[,] { { 7, 3 }, { 0, 0 } }),
            new PicturesBlock("Worst", [new Picture("cat as dog", 2, 2, 1, [0, 1, 2, 3])]),
            new Table("Layers", ["layer", "norm"], [["0.Dense", 0.25], ["1.ReLU", null]]),
            new TextBlock("First paragraph.\nSecond paragraph.")));
        return page;
    }

    /// <summary>All kinds of series, with gaps, and over many decades.</summary>
    public static Figure[] Figures() =>
    [
        new Figure("Gradients", new Panel("", new Axis("step") { IsWhole = true }, new Axis("norm") { IsLog = true },
            new Line("first", Steps, Of(x => Math.Pow(10, -x / 3))) { Run = "one" },
            new Line("third", [0, 3, 59], [1, 0.1, 0.01]),
            new Line("second", Steps, Of(x => x is 20 ? double.NaN : Math.Exp(-x / 9))) { Run = "two", IsDashed = true })
        {
            CanSmooth = true,
        }),
        new Figure("Quantiles", new Panel("", new Axis("x"), new Axis("y"),
            new Band("half", Steps, Of(x => -Math.Cos(x / 9)), Of(x => 2 + Math.Sin(x / 9))),
            new Line("mean", Steps, Of(x => Math.Sin(x / 5))) { Errors = Of(_ => 0.25), HasMarkers = true })),
        new Figure("Several",
            new Panel("Bars", new Axis("layer") { Names = ["a", "b", "c"] }, new Axis("share"),
                new Bars("before", [1, 2, double.NaN]) { Errors = [0.5, 0.25, double.NaN] }, new Bars("after", [3, 1, 2])),
            new Panel("Distribution", new Axis("value"), new Axis("share"),
                new Histogram("one", [0, 1, 2, 4], [0.25, 0.5, 0.25]), new Histogram("two", [0, 1, 2, 4], [0.5, 0.25, 0.25])),
            new Panel("Map", new Axis("key"), new Axis("query") { Names = ["first", "second"] },
                new HeatMap("weight", 2, [1, double.NaN, 3, 4, 5, 6])),
            new Panel("Pictures", new Axis(""), new Axis(""),
                new TinyNet.Analysis.Images(
                    "filters", [new Picture("red", 1, 1, 3, [1, 0, 0]), new Picture("", 2, 1, 1, [float.NaN, 1])], 2))),
    ];

    private static double[] Of(Func<double, double> function) => [.. Steps.Select(function)];
}
