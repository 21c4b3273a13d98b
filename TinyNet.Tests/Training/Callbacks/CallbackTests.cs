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
        string[] lines = Shown(isTerminal: false).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^epoch 1/2  train loss 0\.\d{4} right [01]\.\d{4}  learning rate 0\.0100  \d+\.\d s$", lines[0].TrimEnd());
    }

    [Fact]
    public void A_terminal_shows_where_it_is_and_is_left_clean()
    {
        string text = Shown(isTerminal: true);
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

    private static string Shown(bool isTerminal)
    {
        using var text = new StringWriter();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
            Callbacks = { new ConsoleProgress(text, isTerminal) },
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private sealed class Look(Action look) : Callback
    {
        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => look();
    }
}
