using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Plots;

namespace TinyNet.Bench;

/// <summary>The pictures of docs/analysis.md and docs/benchmarks.md, each made by the call that the page names.</summary>
internal static class FigurePictures
{
    /// <summary>Where the pictures are, from the root of the repository.</summary>
    public const string Location = "docs/pictures";

    private const int Width = 900, Row = 380, RowOfImages = 290, Epochs = 8;

    private static readonly string[] Usual = ["relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh"];

    /// <summary>The pictures by the names of their files.</summary>
    public static IReadOnlyDictionary<string, Func<Figure>> All { get; } = new Dictionary<string, Func<Figure>>
    {
        ["classic"] = ActivationFigures.Classic,
        ["sigmoid-and-tanh"] = ActivationFigures.SigmoidAndTanh,
        ["sigmoid-and-tanh-slopes"] = ActivationFigures.SigmoidAndTanhSlopes,
        ["rectifiers"] = ActivationFigures.RectifierFamily,
        ["swish-and-gelu"] = ActivationFigures.SwishAndGelu,
        ["smooth"] = ActivationFigures.SmoothFamily,
        ["smooth-with-slopes"] = ActivationFigures.SmoothFamilyWithSlopes,
        ["square-softplus"] = ActivationFigures.SquareSoftplus,
        ["curve"] = () => ActivationCurve.Of(new ELU(), "elu").ToFigure(),
        ["landscape"] = () => ActivationLandscape.Of(Usual).ToFigure(),
        ["outputs"] = () => ActivationLandscape.Of(["relu", "gelu", "tanh"]).ToHistogramFigure(),
        ["times"] = ActivationTimes,
        ["flow"] = () => GradientFlow.Pure(new Sigmoid()).ToFigure(),
        ["vanishing"] = () => GradientFlow.Study(["sigmoid", "tanh", "relu"], [("kaiming", Initializer.KaimingNormal())]).ToFigure(),
        ["gradients"] = () =>
        {
            var model = DigitsRuns.ConvNet();
            using var monitor = GradientMonitor.Attach(model, every: 10);
            DigitsRuns.Fit(model, 1);
            return monitor.ToBarFigure();
        },
        ["layers"] = () =>
        {
            var model = DigitsRuns.ConvNet();
            using var monitor = ActivationMonitor.Attach(model, every: 10);
            DigitsRuns.Fit(model, Epochs);
            return monitor.ToHealthFigure();
        },
        ["comparison"] = () => DigitsRuns.Compare(Epochs, "relu", "tanh", "sigmoid").ToFigure(),
        ["features"] = () =>
        {
            var model = DigitsRuns.ConvNet();
            DigitsRuns.Fit(model, Epochs);
            return FeatureMaps.Of(model, "1", DigitsRuns.Images(1)).ToFigure();
        },
        ["dynamics"] = () =>
        {
            var model = DigitsRuns.ConvNet();
            var dynamics = TrainingDynamics.Of(model, "7", DigitsRuns.Images(100));
            DigitsRuns.Fit(model, Epochs, dynamics);
            return dynamics.ToFigure();
        },
        ["attention"] = () =>
        {
            var model = new RowAttention(new RandomStream(1));
            DigitsRuns.Fit(model, Epochs);
            return AttentionMaps.Of(model, "attention", DigitsRuns.Images(100)).ToFigure();
        },
        ["parameters"] = () =>
        {
            var model = DigitsRuns.Perceptron(() => new TrainableSwish());
            var trace = new ParameterTrace(ParameterTrace.Small(model));
            DigitsRuns.Fit(model, Epochs, trace);
            return trace.ToFigure();
        },
        ["states"] = () =>
        {
            var model = DigitsRuns.Recurrent();
            DigitsRuns.Fit(model, Epochs);
            return SequenceProbe.Of(model, "1", DigitsRuns.Images(100)).ToFigure();
        },
    };

    /// <summary>The bars that <c>activations --html</c> shows of a tensor alone, measured shortly.</summary>
    private static Figure ActivationTimes()
    {
        var benchmark = new ActivationsBenchmark();
        var command = new RootCommand();
        foreach (var option in benchmark.Options)
        {
            command.Add(option);
        }

        int threads = Environment.ProcessorCount;
        var session = new BenchSession(
            [BenchDevice.Of(Device.Cpu, threads)], threads, IsQuick: true, new Sampler(Seconds: 0.1, Rounds: 5, QuietSeconds: 0.4),
            command.Parse(["--names", string.Join(',', Usual), "--shape", "1000x1000"]));
        return benchmark.Show(benchmark.Measure(session)).OfType<FigureBlock>().Last().Figure;
    }

    /// <summary>Draws a picture into a folder.</summary>
    public static void Draw(string name, string folder)
    {
        var figure = All[name]();
        int columns = figure.Columns ?? (figure.Panels.Count is 1 or 2 or 4 ? Math.Min(figure.Panels.Count, 2) : 3);
        int rows = (figure.Panels.Count + columns - 1) / columns;
        int height = figure.Panels[0].Series[0] is Analysis.Images ? RowOfImages : Row;
        figure.SavePng(Path.Combine(folder, $"{name}.png"), Width, rows * height);
    }
}
