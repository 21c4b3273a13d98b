using Spectre.Console;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Examples;
using TinyNet.Layers;
using TinyNet.Training;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class TrainingWatchTests
{
    private const int Samples = 64, Classes = 3;

    [Fact]
    public void In_a_file_there_are_the_lines_of_a_training_that_is_not_watched()
    {
        string[] watched = Output("train", "digits", "--epochs", "1", "--watch"), plain = Output("train", "digits", "--epochs", "1");

        Assert.Equal(plain.Length, watched.Length);
        Assert.StartsWith("epoch 1/1  train loss ", watched[0], StringComparison.Ordinal);
        Assert.Equal(plain[1], watched[1]);
    }

    [Theory]
    [InlineData(30, 10, 3)]
    [InlineData(60, 40, 3)]
    [InlineData(80, 24, 3)]
    [InlineData(80, 24, 40)]
    [InlineData(120, 40, 3)]
    [InlineData(120, 40, 40)]
    [InlineData(300, 80, 40)]
    public void A_picture_has_no_line_that_is_wider_than_the_terminal(int width, int height, int layers)
    {
        var model = Network(layers);
        using var gradients = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        var losses = new LossCurve();
        var drawing = new Drawing(new WatchPicture("an-example", losses, gradients, activations), losses, width, height);
        Fit(model, drawing);

        Assert.Equal(drawing.Lines.Count, drawing.Rendered.Length);
        Assert.All(drawing.Rendered, line => Assert.InRange(line.Length, 0, width));
        string text = string.Join('\n', drawing.Rendered);
        Assert.StartsWith("an-example  epoch 2/2", text, StringComparison.Ordinal);
        Assert.Contains("loss of batches up to step 8", text, StringComparison.Ordinal);
        if (height > 20)
        {
            Assert.InRange(drawing.Rendered.Length, 1, height);
            Assert.Contains("0 Dense", text, StringComparison.Ordinal);
            Assert.Contains("1 Tanh", text, StringComparison.Ordinal);
            Assert.Contains(width >= 100 ? "activations " : "\nactivations", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Many_layers_are_shown_in_part_the_sick_ones_among_them()
    {
        var finding = new Finding(FindingKind.Vanishing, Severity.Critical, "7", "it vanishes", "norm", 0, 1, "do something");
        HealthRow[] rows =
        [
            .. Enumerable.Range(0, 40).Select(i => new HealthRow($"layer {i}", "Dense", ["1", ""], i == 7 ? finding : null)),
        ];
        string[] lines = Render(new HealthTable("gradients", [("norm", 6), ("none", 6)], rows).Draw(60, 6), 60);

        Assert.Equal(6, lines.Length);
        Assert.StartsWith("gradients 5/40", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("none", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["layer 0 Dense", "layer 7 Dense", "layer 13 Dense", "layer 26 Dense", "layer 39 Dense"],
            lines[1..].Select(line => line[..16].Trim()));
        Assert.EndsWith("✖ vanishing", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("● ok", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_is_watched_ends_in_the_same_weights_and_leaves_its_picture_and_lines()
    {
        Module<Tensor, Tensor> watched = Network(3), plain = Network(3);
        using StringWriter screen = new(), output = new();
        var watch = new TrainingWatch(Terminal(screen, 80, AnsiSupport.Yes), "an-example", output);
        var trainer = Trainer(watched, watch);
        using var record = new RunRecord(watched);
        watch.Show(record, () => Fit(trainer, epochs: 2));
        Fit(plain);

        Assert.False(watch.IsStopped);
        Assert.Contains("an-example  epoch 2/2", screen.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("epoch 2/2  train loss ", Assert.Single(Shown(output)), StringComparison.Ordinal);
        Assert.All(
            watched.Parameters().Zip(plain.Parameters()), pair => Assert.Equal(pair.Second.ToArray(), pair.First.ToArray()));
    }

    [Fact]
    public void A_user_can_stop_it_after_an_epoch()
    {
        var model = Network(3);
        using StringWriter screen = new(), output = new();
        var watch = new TrainingWatch(Terminal(screen, 80, AnsiSupport.Yes), "an-example", output, () => true);
        var trainer = Trainer(model, watch);
        using var record = new RunRecord(model);
        watch.Show(record, () => Fit(trainer, epochs: 9));

        Assert.True(watch.IsStopped);
        Assert.Equal(StopReason.Requested, trainer.History!.StopReason);
        Assert.Single(trainer.History.Rows);
        Assert.Equal("epoch 1/9  stopped", Shown(output)[^1]);
    }

    /// <summary>The lines that a terminal shows in the end: what is written after a return stands over what was there.</summary>
    private static string[] Shown(StringWriter output) =>
        [.. Lines(output).Select(line => line[(line.LastIndexOf('\r') + 1)..]).Where(line => line.Length > 0)];

    private static Sequential Network(int layers)
    {
        RandomStream.Reseed(1);
        var model = new Sequential();
        for (int i = 0; i < layers; i++)
        {
            model.Add(new Dense(4, 4));
            model.Add(new Tanh());
        }

        model.Add(new Dense(4, Classes));
        return model;
    }

    private static Trainer Trainer(Module<Tensor, Tensor> model, params Callback[] callbacks)
    {
        var trainer = new Trainer(model, new SGD(model.Parameters(), 0.1f), new CrossEntropy()) { StopsOnSignals = false };
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer;
    }

    private static void Fit(Module<Tensor, Tensor> model, params Callback[] callbacks) => Fit(Trainer(model, callbacks), epochs: 2);

    private static void Fit(Trainer trainer, int epochs)
    {
        using var train = new DataLoader(Synthetic.Clouds(Samples, 4, Classes, separation: 1, seed: 1), 16);
        trainer.Fit(train, epochs: epochs);
    }

    private static IAnsiConsole Terminal(TextWriter writer, int width, AnsiSupport ansi)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        (console.Profile.Width, console.Profile.Height) = (width, 24);
        return console;
    }

    private static string[] Render(IEnumerable<StyledLine> lines, int width)
    {
        using var writer = new StringWriter();
        Terminal(writer, width, AnsiSupport.No).Write(new Rows(lines.Select(line => line.ToRenderable(width))));
        return [.. writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd(' '))];
    }

    private sealed class Drawing(WatchPicture picture, LossCurve losses, int width, int height) : Callback
    {
        public IReadOnlyList<StyledLine> Lines { get; private set; } = [];

        public string[] Rendered { get; private set; } = [];

        public override void OnBatchEnded(TrainingRun run) => losses.Add(run.BatchLoss);

        public override void OnFitEnded(TrainingRun run)
        {
            Lines = picture.Draw(run, "footer", width, height);
            Rendered = Render(Lines, width);
        }
    }
}
