using TinyNet.Autograd;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>What comes with the library to be told how a training goes.</summary>
[Collection(GlobalState.Name)]
public class CallbackTests
{
    [Fact]
    public void Each_epoch_has_a_line()
    {
        string[] lines = Shown(width: null).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^epoch 1/2  train loss 0\.\d{4} right [01]\.\d{4}  learning rate 0\.0100  \d+\.\d s$", lines[0].TrimEnd());
    }

    [Fact]
    public void A_terminal_shows_where_it_is_and_is_left_clean()
    {
        string text = Shown(width: 200);
        Assert.Matches(@"\repoch 1/2  batch 1/7  loss \d\.\d{4}  [\d,]+ samples/s  \d+:\d\d left", text);
        foreach (string line in text.Split('\n'))
        {
            // What is seen in the end: nothing of the line that was written over.
            string seen = line.TrimEnd('\r').Split('\r')[^1];
            Assert.DoesNotContain("left", seen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_history_is_in_its_file_after_each_epoch()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.At("new/folder/h.csv"), json = folder.At("h.json");
        var model = TinyRun.Model();
        var lines = new List<int>();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new HistoryFile(csv), new HistoryFile(json), new Look(() => lines.Add(File.ReadAllLines(csv).Length)) },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        Assert.Equal([2, 3], lines);
        Assert.Contains("\"stopReason\": \"Completed\"", File.ReadAllText(json), StringComparison.Ordinal);
        Refusal.Of<ArgumentException>(() => new HistoryFile("h.txt"), ".csv", ".json");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsoleProgress(Console.Out, width: 0));
    }

    /// <summary>It is looked at before the step that it makes: a callback that leaves the step out goes by it.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void Before_a_step_the_batch_is_the_one_that_makes_it(int batchesPerStep)
    {
        var watch = new Watch();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            BatchesPerStep = batchesPerStep,
            Callbacks = { watch },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        Assert.Equal(batchesPerStep == 1 ? 14 : 6, watch.BeforeSteps.Count);
        foreach (var (batch, step, loss, mean) in watch.BeforeSteps)
        {
            Assert.Contains((batch, step + 1, loss, mean), watch.AfterBatches);
        }
    }

    /// <summary>All are told, and what leaves Fit is what came first.</summary>
    [Fact]
    public void The_end_is_told_to_all_whatever_some_throw()
    {
        var watch = new Watch();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new Throw("epoch", "end"), new Throw("", "another end"), watch },
        };
        using var loader = TinyRun.Loader();
        Assert.Equal("epoch", Assert.Throws<TimeoutException>(() => trainer.Fit(loader)).Message);
        Assert.Equal(1, watch.Ends);

        trainer.Callbacks.RemoveAt(0);
        Assert.Equal("another end", Assert.Throws<TimeoutException>(() => trainer.Fit(loader, epochs: 2)).Message);
        Assert.Equal((2, StopReason.Completed), (watch.Ends, trainer.History!.StopReason));
    }

    [Fact]
    public void A_history_that_cannot_be_written_is_refused_before_the_first_batch()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("file"), "");
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new HistoryFile(folder.At("file/history.csv")) },
        };
        using var loader = TinyRun.Loader();
        Assert.ThrowsAny<IOException>(() => trainer.Fit(loader));
        Assert.Equal(0, trainer.Step);
    }

    [Fact]
    public void A_run_that_goes_on_says_from_where()
    {
        using var text = new StringWriter();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new TinyRun.StopAfter(9) },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 3);
        trainer.Callbacks.Clear();
        trainer.Callbacks.Add(new ConsoleProgress(text));
        trainer.Fit(loader, epochs: 3);
        trainer.Fit(loader, epochs: 3);
        string[] lines = text.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("goes on in epoch 2 of 3, after batch 2 of 7", lines[0]);
        Assert.Equal("nothing to do: all 3 epochs are trained", lines[^1]);
    }

    /// <summary>CR leads to the beginning of the last line of the terminal alone: what is wider would stay above.</summary>
    [Theory]
    [InlineData(120, "loss", "right", "samples/s", "left", "learning rate 0.0100", " s")]
    [InlineData(60, "loss", "right", "left", " s")]
    [InlineData(40, "loss")]
    [InlineData(20)]
    [InlineData(2)]
    public void Nothing_that_is_written_over_is_wider_than_the_terminal(int width, params string[] shown)
    {
        string text = Shown(width);
        string[] lines = [.. text.Split('\n').SelectMany(line => line.Split('\r')[..^1])];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width - 1));
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, Math.Max(1, width - 3))); // There is room for ^C.
        Assert.All(shown, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.All(text.Split(Environment.NewLine).Where(_ => width >= 40), line => Assert.InRange(line.Split('\r')[^1].Length, 0, width));
        string[] all = ["samples/s", "left", "learning rate", "right"];
        Assert.All(all.Where(part => !shown.Any(other => other.Contains(part))), part => Assert.DoesNotContain(part, text));
    }

    /// <summary>A terminal echoes ^C where its cursor is: also then nothing of it is left in the line.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(45)]
    public void What_a_terminal_writes_for_CtrlC_is_written_over(int width)
    {
        using var terminal = new StringWriter();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new ConsoleProgress(terminal, width), new EchoCtrlC(terminal), new TinyRun.StopAfter(9) },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 3);

        var lines = terminal.ToString().Split(Environment.NewLine).Select(OnScreen).ToList();
        Assert.Contains("epoch 2/3  stopped", lines);
        Assert.All(lines, line => Assert.DoesNotContain('^', line));

        // What is seen of a line: CR leads to its beginning, and what comes is written over what was there.
        static string OnScreen(string line) =>
            line.Split('\r').Aggregate("", (screen, text) => text + screen[Math.Min(text.Length, screen.Length)..]).TrimEnd();
    }

    [Fact]
    public void Parts_are_kept_in_evaluation_mode()
    {
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Callbacks = { new KeepInEvaluation(model[1], model[3]) },
        };
        float[] before = Buffers();
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        Assert.Equal(before, Buffers());

        var plain = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy());
        plain.Fit(loader, epochs: 1);
        Assert.NotEqual(before, Buffers());

        float[] Buffers() => [.. model.NamedBuffers().SelectMany(named => named.Buffer.ToArray())];
    }

    private static string Shown(int? width)
    {
        using var text = new StringWriter();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
            Callbacks = { new ConsoleProgress(text, width) },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>What a run says of itself.</summary>
    private sealed class Watch : Callback
    {
        public List<(int Batch, long Step, double Loss, double Mean)> BeforeSteps { get; } = [];

        public List<(int Batch, long Step, double Loss, double Mean)> AfterBatches { get; } = [];

        public int Ends { get; private set; }

        public override void OnStepStarting(TrainingRun run) => BeforeSteps.Add((run.Batch, run.Step, run.BatchLoss, run.Loss));

        public override void OnBatchEnded(TrainingRun run) => AfterBatches.Add((run.Batch, run.Step, run.BatchLoss, run.Loss));

        public override void OnFitEnded(TrainingRun run) => Ends++;
    }

    private sealed class Throw(string atEpoch, string atEnd) : Callback
    {
        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => When(atEpoch);

        public override void OnFitEnded(TrainingRun run) => When(atEnd);

        private static void When(string message)
        {
            if (message.Length > 0)
            {
                throw new TimeoutException(message);
            }
        }
    }

    /// <summary>Behind the first batch, and behind each epoch.</summary>
    private sealed class EchoCtrlC(StringWriter terminal) : Callback
    {
        public override void OnBatchEnded(TrainingRun run) => terminal.Write(run.Step == 1 ? "^C" : "");

        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => terminal.Write("^C");
    }

    private sealed class Look(Action look) : Callback
    {
        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => look();
    }
}
