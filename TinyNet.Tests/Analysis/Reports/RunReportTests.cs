using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Analysis;

/// <summary>The report of a run, and the figures and tables of histories and monitors that it is made of.</summary>
[Collection(GlobalState.Name)]
public class RunReportTests
{
    [Fact]
    public void A_report_has_what_was_given_and_nothing_else()
    {
        var run = Run(() => new Tanh(), epochs: 3);
        var page = run.Report.ToPage();
        Assert.Equal(
            ["Summary", "Findings", "Curves", "Gradients", "Activations", "Model", "Confusion", "How it was made"],
            page.Sections.Select(section => section.Title));
        Assert.Equal(
            ["Summary", "Findings", "Curves", "How it was made"],
            new RunReport("alone", run.History).ToPage().Sections.Select(section => section.Title));
        Assert.Equal(
            ["Summary", "Findings", "How it was made"],
            new RunReport("nothing yet", new History("train_loss")).ToPage().Sections.Select(section => section.Title));
    }

    [Fact]
    public void The_file_says_findings_results_and_options_without_scripts()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("report.html");
        Run(() => new ReLU(), epochs: 2, bias: -50).Report.Write(path);
        string html = File.ReadAllText(path);
        Assert.All(
            ["its 12 units gave nothing", "test accuracy", "0.1234", "batch size", "parameters", "zero, taken for one"],
            text => Assert.Contains(text, html, StringComparison.Ordinal));
    }

    [Fact]
    public void Findings_lead_to_the_section_that_shows_them()
    {
        var report = Run(() => new ReLU(), epochs: 2, bias: -50).Report;
        Assert.NotEmpty(report.Diagnose());
        Assert.NotEmpty(report.ToPage().ToHtml());
    }

    [Fact]
    public void Figures_of_gradients_have_a_line_for_each_weight_with_a_point_for_each_step()
    {
        var run = Run(() => new Tanh(), epochs: 1);
        var panel = Assert.Single(run.Gradients.ToNormFigure().Panels);
        Assert.True(panel.Y.IsLog);
        Assert.Equal(["1.weight", "3.weight"], panel.Series.Select(series => series.Name));
        var line = (Line)panel.Series[0];
        var points = run.Gradients.Rows[0].Points;
        Assert.Equal(points.Select(point => point.Gradient.L2Norm), line.Y);
        Assert.Equal(points.Select(point => (double)point.Step), line.X);
        Assert.Equal(points.Select(point => point.UpdateRatio), ((Line)run.Gradients.ToUpdateFigure().Panels[0].Series[0]).Y);

        // F10 and F13.
        Assert.Equal(["1.weight", "3.weight"], run.Gradients.ToDepthFigure().Panels[0].X.Names);
        Assert.Equal(4, run.Gradients.ToBarFigure().Panels.Count);
        Assert.Equal(4, run.Gradients.ToGradientTable().Rows.Count);
    }

    [Fact]
    public void Figures_of_activations_show_quantiles_shares_and_distributions()
    {
        var run = Run(() => new Tanh(), epochs: 1);
        Assert.Equal(
            run.Activations.Rows[0].Points.Select(point => (double)point.Quantiles.P50),
            run.Activations.ToBandFigure().Panels[0].Series.OfType<Line>().Single().Y);
        Assert.Equal(
            ["zeros", "units that give nothing", "values at a bound"],
            run.Activations.ToHealthFigure().Panels.Select(panel => panel.Title));
        Assert.All(
            run.Activations.ToHistogramFigure().Panels.SelectMany(panel => panel.Series).Cast<Histogram>(),
            histogram => Assert.Equal(1, histogram.Shares.Sum(), 1e-9));
        Assert.Equal(run.Activations.Rows.Count, run.Activations.ToActivationTable().Rows.Count);
        Assert.Single(run.Activations.ToSpreadFigure().Panels);
        Assert.Single(run.Activations.ToGradientFigure().Panels);
    }

    [Fact]
    public void Monitors_that_have_seen_nothing_have_nothing_to_draw()
    {
        var model = new Dense(2, 2);
        using var gradients = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        Assert.Throws<InvalidOperationException>(gradients.ToNormFigure);
        Assert.Throws<InvalidOperationException>(activations.ToBandFigure);
        Assert.Throws<InvalidOperationException>(new History("train_loss").ToFigure);
        var report = new RunReport("idle", new History("train_loss")) { Gradients = gradients, Activations = activations };
        Assert.NotEmpty(report.ToPage().ToHtml());
    }

    [Fact]
    public void A_history_has_a_panel_for_each_measure()
    {
        var panels = Run(() => new Tanh(), epochs: 2).History.ToFigure().Panels;
        Assert.Equal(["loss", "accuracy", "learning rate", "seconds"], panels.Select(panel => panel.Title));
        Assert.Equal(["training", "validation"], panels[0].Series.Select(series => series.Name));
        Assert.All(panels, panel => Assert.True(panel.X.IsWhole));
    }

    [Fact]
    public void Losses_of_batches_are_noted_by_step()
    {
        var run = Run(() => new Tanh(), epochs: 2);
        Assert.Equal(Enumerable.Range(1, 26).Select(step => (long)step), run.Losses.Losses.Select(loss => loss.Step));
        double ofTheEpoch = run.Losses.Losses.Take(12).Sum(loss => loss.Loss * 32) + run.Losses.Losses[12].Loss * 16;
        Assert.Equal(run.History["train_loss"][0], ofTheEpoch / 400, 1e-6);
    }

    private static (RunReport Report, History History, GradientMonitor Gradients, ActivationMonitor Activations, LossTrace Losses) Run(
        Func<Module<Tensor, Tensor>> activation, int epochs, float bias = 0)
    {
        RandomStream.Reseed(1);
        var digits = Digits.LoadAll();
        ArrayDataset Part(int first, int count) => new(
            "part", digits.Features.Slice(first * 64, count * 64).ToArray(), [64], digits.Labels.Slice(first, count).ToArray(),
            digits.ClassNames.ToArray());
        using var train = new DataLoader(Part(0, 400), 32);
        using var validation = new DataLoader(Part(400, 200), 100);
        var model = new Sequential(new Flatten(), new Dense(64, 12), activation(), new Dense(12, 10));
        model.Parameters()[1].Fill(bias);
        using var gradients = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        var losses = new LossTrace();
        var confusion = new ConfusionMatrix();
        confusion.Add(Tensor.From([2, 1, 0, 3], [2, 2]), IndexTensor.From(0, 1));
        var trainer = new Trainer(model, new Adam(model.Parameters(), 3e-3f), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Callbacks = { losses },
        };
        var history = trainer.Fit(train, validation, epochs, TestContext.Current.CancellationToken);
        var report = new RunReport("digits", history)
        {
            Gradients = gradients,
            Activations = activations,
            Losses = losses,
            Model = model.Summarize(1, 64),
            Results = [new PageFact("test accuracy", "0.1234")],
            Options = [("batch size", "32")],
            Confusion = confusion,
            ClassNames = ["zero", "one"],
            Mistakes = [new Picture("zero, taken for one", 2, 1, 1, [0, 1])],
        };
        return (report, history, gradients, activations, losses);
    }
}
