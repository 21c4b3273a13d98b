using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Tests.Training;
using TinyNet.Training;

namespace TinyNet.Tests.Analysis;

/// <summary>What a training leaves in event files.</summary>
[Collection(GlobalState.Name)]
public class TensorBoardCallbackTests
{
    [Fact]
    public void Columns_of_the_history_stand_at_the_last_step_of_each_epoch()
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer(new TensorBoardCallback(folder.Root));
        using var loader = TinyRun.Loader();
        using var validation = TinyRun.Loader(seed: 4);
        var history = trainer.Fit(loader, validation, epochs: 2, cancellation: Cancellation);

        var events = EventRecords.Read(Assert.Single(Directory.GetFiles(folder.Root)));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(
            ["learning_rate", "loss/batch", "loss/train", "loss/validation", "right/train", "right/validation", "seconds"],
            events.Skip(1).Select(one => one.Tag!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            history.Rows.Select(row => (row.Epoch * 7L, (float)row["validation_right"])),
            events.Where(one => one.Tag == "right/validation").Select(one => (one.Step, one.Scalar!.Value)));
    }

    [Theory]
    [InlineData(1, 1, new long[] { 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(3, 1, new long[] { 3, 6 })]
    [InlineData(1, 2, new long[] { 1, 2, 3, 4 })]
    public void The_loss_of_batches_stands_at_every_so_manieth_step(int every, int batchesPerStep, long[] steps)
    {
        using var folder = new TemporaryFolder();
        var losses = new Losses();
        var trainer = Trainer(batchesPerStep, new TensorBoardCallback(folder.Root, every), losses);
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, cancellation: Cancellation);

        var events = EventRecords.Read(Assert.Single(Directory.GetFiles(folder.Root))).Where(one => one.Tag == "loss/batch").ToList();
        Assert.Equal(steps, events.Select(one => one.Step));
        Assert.Equal(steps.Select(step => losses.OfStep[step]), events.Select(one => one.Scalar!.Value));
    }

    [Fact]
    public void Monitors_are_written_at_the_end_of_each_epoch()
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer();
        using var gradients = GradientMonitor.Attach(trainer.Model);
        using var activations = ActivationMonitor.Attach(trainer.Model);
        trainer.Callbacks.Add(new TensorBoardCallback(folder.Root) { Monitors = [gradients, activations] });
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2, cancellation: Cancellation);

        var events = EventRecords.Read(Assert.Single(Directory.GetFiles(folder.Root)));
        foreach (var row in gradients.Rows)
        {
            Assert.Equal([7L, 14L], events.Where(one => one.Tag == $"gradient/{row.Name}").Select(one => one.Step));
            Assert.Equal(
                (float)row.Points[^1].Gradient.L2Norm, events.Last(one => one.Tag == $"gradient norm/{row.Name}").Scalar!.Value, 1e-6f);
        }

        Assert.All(activations.Rows, row => Assert.Equal(2, events.Count(one => one.Tag == $"output/{row.Name}")));
    }

    [Fact]
    public void What_monitors_saw_stands_once_at_the_step_in_which_they_saw_it()
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer();
        using var gradients = GradientMonitor.Attach(trainer.Model, every: 10);
        using var activations = ActivationMonitor.Attach(trainer.Model, every: 100);
        trainer.Callbacks.Add(new TensorBoardCallback(folder.Root) { Monitors = [gradients, activations] });
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2, cancellation: Cancellation);

        var events = EventRecords.Read(Assert.Single(Directory.GetFiles(folder.Root)));
        var parameter = gradients.Rows[0];
        var layer = activations.Rows[0];
        Assert.Equal([1L, 11L], events.Where(one => one.Tag == $"gradient norm/{parameter.Name}").Select(one => one.Step));
        Assert.Equal([1L, 11L], events.Where(one => one.Tag == $"update over weight/{parameter.Name}").Select(one => one.Step));
        Assert.Equal([1L], events.Where(one => one.Tag == $"output/{layer.Name}").Select(one => one.Step));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Monitors_curves_and_events_have_the_same_steps_also_in_a_run_that_goes_on(int batchesPerStep)
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer(batchesPerStep);
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 1, cancellation: Cancellation);
        using var gradients = GradientMonitor.Attach(trainer.Model);
        var losses = new LossTrace();
        trainer.Callbacks.Add(gradients);
        trainer.Callbacks.Add(losses);
        trainer.Fit(loader, epochs: 2, cancellation: Cancellation);

        Assert.Equal(losses.Losses.Select(loss => loss.Step), gradients.Rows[0].Points.Select(point => point.Step).Distinct());
        Assert.Equal(trainer.Step, gradients.Rows[0].Points[^1].Step);
    }

    /// <summary>Who tells a monitor that a run began tells it that the run ended: steps go on from what it saw.</summary>
    [Theory]
    [InlineData("itself")]
    [InlineData("event files")]
    [InlineData("findings")]
    public void A_loop_of_ones_own_after_a_run_is_counted_by_the_monitor(string told)
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer();
        using var monitor = GradientMonitor.Attach(trainer.Model);
        trainer.Callbacks.Add(told switch
        {
            "itself" => monitor,
            "event files" => new TensorBoardCallback(folder.Root) { Monitors = [monitor] },
            _ => new StopOnFinding(monitor) { Severity = Severity.Critical + 1 },
        });
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, cancellation: Cancellation);
        long seen = monitor.Steps;
        trainer.Model.Train();
        for (int step = 0; step < 2; step++)
        {
            using var tape = Tape.Record();
            tape.Backward(((Sequential)trainer.Model).Forward(Tensor.Ones([2, 4])).Sum());
        }

        Assert.Equal([seen, seen + 1, seen + 2], monitor.Rows[0].Points.TakeLast(3).Select(point => point.Step));
    }

    [Fact]
    public void A_run_that_goes_on_has_one_more_file_that_says_after_which_step()
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer(new TensorBoardCallback(folder.Root));
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 1, cancellation: Cancellation);
        string first = Assert.Single(Directory.GetFiles(folder.Root));
        trainer.Fit(loader, epochs: 2, cancellation: Cancellation);

        string second = Assert.Single(Directory.GetFiles(folder.Root), path => path != first);
        Assert.DoesNotContain(EventRecords.Read(first), one => one.IsRestart);
        var restart = Assert.Single(EventRecords.Read(second), one => one.IsRestart);
        Assert.Equal(8, restart.Step);
        Assert.All(EventRecords.Read(second).Where(one => one.Tag is not null), one => Assert.InRange(one.Step, 8, 14));
    }

    [Fact]
    public void Others_can_write_into_the_file_while_a_training_is_under_way()
    {
        using var folder = new TemporaryFolder();
        var board = new TensorBoardCallback(folder.Root);
        var trainer = Trainer(board, new Beside(board));
        using var loader = TinyRun.Loader();
        Assert.Null(board.Events);
        trainer.Fit(loader, cancellation: Cancellation);

        Assert.Null(board.Events);
        Assert.Single(EventRecords.Read(Assert.Single(Directory.GetFiles(folder.Root))), one => one.Tag == "own");
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorBoardCallback(folder.Root, every: 0));
        Assert.Throws<ArgumentException>(() => new TensorBoardCallback(""));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Trainer Trainer(params Callback[] callbacks) => Trainer(batchesPerStep: 1, callbacks);

    private static Trainer Trainer(int batchesPerStep, params Callback[] callbacks)
    {
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
            BatchesPerStep = batchesPerStep,
        };
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer;
    }

    private sealed class Losses : Callback
    {
        public Dictionary<long, float> OfStep { get; } = [];

        // A step is made with the last of its batches.
        public override void OnBatchEnded(TrainingRun run) => OfStep.TryAdd(run.Step, (float)run.BatchLoss);
    }

    private sealed class Beside(TensorBoardCallback board) : Callback
    {
        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => board.Events!.AddScalar("own", 1, run.Step);
    }
}
