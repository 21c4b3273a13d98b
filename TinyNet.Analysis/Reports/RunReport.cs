using System.Globalization;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>
/// A report of a training in one HTML file: what came of it, findings, curves, gradients and activations over time, the model, the
/// confusion matrix with the worst mistakes, and how it was made. What is not given is left out.
/// </summary>
/// <example>
/// <code>
/// using var gradients = GradientMonitor.Attach(model, every: 10);
/// using var activations = ActivationMonitor.Attach(model, every: 10);
/// var history = trainer.Fit(train, validation, epochs: 10);
/// new RunReport("digits", history) { Gradients = gradients, Activations = activations }.Write("report.html");
/// </code>
/// </example>
/// <param name="title">What was trained.</param>
/// <param name="history">What was measured.</param>
public sealed class RunReport(string title, History history)
{
    private const string FindingsTitle = "Findings", CurvesTitle = "Curves", GradientsTitle = "Gradients", ActivationsTitle = "Activations";

    /// <summary>The gradients; null for none.</summary>
    public GradientMonitor? Gradients { get; init; }

    /// <summary>The activations; null for none.</summary>
    public ActivationMonitor? Activations { get; init; }

    /// <summary>The losses of batches; null for none.</summary>
    public LossTrace? Losses { get; init; }

    /// <summary>The model; null for none.</summary>
    public ModuleSummary? Model { get; init; }

    /// <summary>What came of it on test data, and whatever else stands first.</summary>
    public IReadOnlyList<PageFact> Results { get; init; } = [];

    /// <summary>What it was trained on.</summary>
    public IReadOnlyList<(string Name, string Value)> Data { get; init; } = [];

    /// <summary>How it was trained: options, seed.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    /// <summary>What was taken for what; null for none.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The names of the classes; numbers where there are none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The worst mistakes, with captions.</summary>
    public IReadOnlyList<Picture> Mistakes { get; init; } = [];

    /// <summary>Sections of one's own, at the end.</summary>
    public IReadOnlyList<PageSection> More { get; init; } = [];

    /// <summary>The thresholds of findings.</summary>
    public DiagnosisOptions Thresholds { get; init; } = new();

    /// <summary>What is wrong with the run, as far as history and monitors tell; the worst first.</summary>
    public IReadOnlyList<Finding> Diagnose() =>
    [
        .. history.Diagnose(Thresholds)
            .Concat(Gradients?.Diagnose(Thresholds) ?? [])
            .Concat(Activations?.Diagnose(Thresholds) ?? [])
            .OrderByDescending(finding => finding.Severity),
    ];

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(string path) => ToPage().Write(path);

    /// <summary>The report as a page, to add to.</summary>
    public HtmlPage ToPage()
    {
        ArgumentNullException.ThrowIfNull(history);
        var page = new HtmlPage(title) { Subtitle = Subtitle() };
        page.Add(new PageSection("Summary", new FactsBlock([.. Facts()])));
        page.Add(new PageSection(FindingsTitle, new FindingsBlock([.. Diagnose().Select(ToFinding)])));
        AddCurves(page);
        AddMonitors(page);
        AddModel(page);
        AddConfusion(page);
        foreach (var section in More)
        {
            page.Add(section);
        }

        page.Add(new PageSection(
            "How it was made", Facts("Data", Data), Facts("Options", Options), Facts("Environment", RunEnvironment.Facts())));
        return page;
    }

    private static TableBlock Facts(string title, IReadOnlyList<(string Name, string Value)> facts) => new(
        new Table(title, ["what", "value"], [.. facts.Select(fact => (IReadOnlyList<object?>)[fact.Name, fact.Value])]));

    private string Subtitle()
    {
        string epochs = history.Rows.Count == 1 ? "1 epoch" : $"{history.Rows.Count} epochs";
        return history.Columns.Contains("seconds")
            ? string.Create(CultureInfo.InvariantCulture, $"{epochs} in {history["seconds"].Sum():F1} s")
            : epochs;
    }

    private IEnumerable<PageFact> Facts()
    {
        foreach (var fact in Results)
        {
            yield return fact;
        }

        if (history.Rows.Count > 0)
        {
            foreach (string column in history.Columns.Where(column => column.StartsWith("validation_", StringComparison.Ordinal)))
            {
                yield return new PageFact(column.Replace('_', ' '), Table.Show(history[column][^1]), "after the last epoch");
            }
        }

        if (history.BestEpoch is { } best)
        {
            yield return new PageFact("best epoch", $"{best}");
        }

        if (Model is { } model)
        {
            yield return new PageFact("parameters", model.Parameters.ToString("N0", CultureInfo.InvariantCulture));
            yield return new PageFact(
                "multiply-adds", model.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture), "of a forward pass");
        }
    }

    private PageFinding ToFinding(Finding finding) => PageFinding.Of(finding) with
    {
        Anchor = finding.Kind switch
        {
            FindingKind.DeadUnits or FindingKind.SaturatedUnits => ActivationsTitle,
            _ when finding.Subject.Length == 0 => CurvesTitle,
            FindingKind.NotFinite => Has(Activations?.Rows.Any(row => row.Points.Count > 0)) ? ActivationsTitle : null,
            _ => Has(Gradients?.Weights.Any(row => row.Points.Count > 0)) ? GradientsTitle : null,
        },
    };

    private static bool Has(bool? value) => value ?? false;

    private void AddCurves(HtmlPage page)
    {
        List<PageBlock> blocks = [];
        if (history.Rows.Count > 0)
        {
            blocks.Add(history.ToFigure());
        }

        if (Losses is { Losses.Count: > 0 } trace)
        {
            blocks.Add(new Figure("Loss of batches", new Panel(
                "", new Axis("step") { IsWhole = true }, new Axis("loss"),
                new Line("loss", [.. trace.Losses.Select(loss => (double)loss.Step)], [.. trace.Losses.Select(loss => loss.Loss)]))
            {
                CanSmooth = true,
            }));
        }

        if (blocks.Count > 0)
        {
            page.Add(new PageSection(CurvesTitle, [.. blocks]));
        }
    }

    private void AddMonitors(HtmlPage page)
    {
        if (Gradients is { } gradients && gradients.Weights.Any(row => row.Points.Count > 0))
        {
            page.Add(new PageSection(
                GradientsTitle, gradients.ToNormFigure(), gradients.ToUpdateFigure(), gradients.ToDepthFigure(), gradients.ToBarFigure(),
                gradients.ToGradientTable())
            {
                Introduction = Sampling(gradients),
            });
        }

        if (Activations is { } activations && activations.Rows.Any(row => row.Points.Count > 0))
        {
            page.Add(new PageSection(
                ActivationsTitle, activations.ToHealthFigure(), activations.ToSpreadFigure(), activations.ToGradientFigure(),
                activations.ToBandFigure(), activations.ToHistogramFigure(), activations.ToActivationTable())
            {
                Introduction = Sampling(activations),
            });
        }
    }

    private static string Sampling(ModelMonitor monitor) =>
        $"{monitor.SampledSteps} of {monitor.Steps} steps were looked at. Moments, extremes and shares are of all values; quantiles and "
        + $"histograms of a sample of at most {monitor.Options.SampleSize}.";

    private void AddModel(HtmlPage page)
    {
        if (Model is { } model)
        {
            page.Add(new PageSection("Model", new Table(
                "Modules", ["module", "what", "output", "parameters", "of all", "multiply-adds", "of all"],
                [
                    .. model.Rows.Select(row => (IReadOnlyList<object?>)
                    [
                        row.Path.Length == 0 ? "model" : row.Path, Shortened(row.Description), string.Join(' ', row.Outputs),
                        row.Parameters, Share(row.Parameters, model.Parameters), row.MultiplyAdds,
                        Share(row.MultiplyAdds, model.MultiplyAdds),
                    ]),
                ])));
        }
    }

    private static string Shortened(string text)
    {
        const int longest = 60;
        return text.Length <= longest ? text : $"{text[..(longest - 1)]}…";
    }

    private static string Share(long part, long whole) =>
        whole == 0 ? "" : ((double)part / whole).ToString("P1", CultureInfo.InvariantCulture);

    private void AddConfusion(HtmlPage page)
    {
        if (Confusion is { Total: > 0 } confusion)
        {
            var names = ClassNames.Count == confusion.Classes
                ? ClassNames : [.. Enumerable.Range(0, confusion.Classes).Select(c => $"{c}")];
            List<PageBlock> blocks = [new ConfusionBlock(names, confusion.Counts)];
            if (Mistakes.Count > 0)
            {
                blocks.Add(new PicturesBlock("Worst mistakes", Mistakes));
            }

            page.Add(new PageSection("Confusion", [.. blocks]) { Introduction = "Rows are what it is, columns what it was taken for." });
        }
    }
}
