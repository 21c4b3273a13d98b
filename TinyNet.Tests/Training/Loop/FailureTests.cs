using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>A Fit that was left by an exception goes on, in the next call, as if nothing had been.</summary>
[Collection(GlobalState.Name)]
public class FailureTests
{
    private const int Epochs = 3;

    public static TheoryData<string, int, int> Places
    {
        get
        {
            var places = new TheoryData<string, int, int>();
            foreach (int batchesPerStep in new[] { 1, 3 })
            {
                foreach (string place in new[] { "forward", "target", "loss", "gradient", "batch ended" })
                {
                    places.AddRange((place, batchesPerStep, 1), (place, batchesPerStep, 3), (place, batchesPerStep, 7));
                }

                foreach (string place in new[] { "fit started", "epoch started", "epoch ended", "validation", "fit ended" })
                {
                    places.Add(place, batchesPerStep, 1);
                }

                places.AddRange(("step", batchesPerStep, 1), ("step", batchesPerStep, 3), ("validation", batchesPerStep, 3));
            }

            return places;
        }
    }

    [Theory, MemberData(nameof(Places))]
    public void It_goes_on_where_it_failed(string place, int batchesPerStep, int time)
    {
        using var loader = TinyRun.Loader();
        using var validation = new DataLoader(TinyRun.Data(20, seed: 2), batchSize: 9);
        var whole = new FailingRun("nowhere", 0, batchesPerStep);
        whole.Trainer.Fit(loader, validation, Epochs);

        var failing = new FailingRun(place, time, batchesPerStep);
        Assert.Throws<TimeoutException>(() => failing.Trainer.Fit(loader, validation, Epochs));
        Assert.False(failing.Trainer.Model.IsTraining);
        Assert.Equal(place == "fit ended" ? StopReason.Completed : StopReason.None, failing.Trainer.History!.StopReason);
        failing.Trainer.Fit(loader, validation, Epochs);

        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(failing.Trainer.Model));
        Assert.Equal(whole.Trainer.Step, failing.Trainer.Step);
        foreach (string column in whole.Trainer.History!.Columns.Where(column => column != "seconds"))
        {
            Assert.Equal(whole.Trainer.History[column], failing.Trainer.History[column]);
        }
    }

    /// <summary>It has missed a batch; the weights have not.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void A_metric_that_fails_stops_no_step(int batchesPerStep)
    {
        using var loader = TinyRun.Loader();
        var whole = new FailingRun("nowhere", 0, batchesPerStep);
        whole.Trainer.Fit(loader, epochs: Epochs);
        var failing = new FailingRun("metric", 3, batchesPerStep);
        Assert.Throws<TimeoutException>(() => failing.Trainer.Fit(loader, epochs: Epochs));
        failing.Trainer.Fit(loader, epochs: Epochs);
        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(failing.Trainer.Model));
        Assert.Equal(whole.Trainer.History!["train_loss"], failing.Trainer.History!["train_loss"]);
    }

    /// <summary>Where an optimizer's hook throws, its step counts as made, whatever parameters it has reached.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void A_step_that_fails_in_the_optimizer_is_not_made_again(int batchesPerStep)
    {
        using var loader = TinyRun.Loader();
        var run = new FailingRun("update", 2, batchesPerStep);
        Assert.Throws<TimeoutException>(() => run.Trainer.Fit(loader, epochs: Epochs));
        float[] weights = TinyRun.Weights(run.Trainer.Model);
        using var source = new CancellationTokenSource();
        source.Cancel();
        run.Trainer.Fit(loader, epochs: Epochs, cancellation: source.Token);
        Assert.Equal(2, run.Trainer.Step);
        run.Trainer.Fit(loader, epochs: Epochs);
        Assert.Equal(batchesPerStep == 1 ? 21 : 9, run.Trainer.Step);
        Assert.NotEqual(weights, TinyRun.Weights(run.Trainer.Model));
    }

    [Fact]
    public void Gradients_of_somebody_else_are_in_no_step()
    {
        using var loader = TinyRun.Loader();
        var (plain, spoiled) = (new FailingRun("nowhere", 0, 3), new FailingRun("nowhere", 0, 3));
        foreach (var parameter in spoiled.Trainer.Model.Parameters())
        {
            parameter.SetGradient(Tensor.Full(parameter.Shape, 9f));
        }

        plain.Trainer.Fit(loader, epochs: 1);
        spoiled.Trainer.Fit(loader, epochs: 1);
        Assert.Equal(TinyRun.Weights(plain.Trainer.Model), TinyRun.Weights(spoiled.Trainer.Model));
    }

    [Fact]
    public void What_a_failed_step_left_is_gone_after_Resume()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        var whole = new FailingRun("nowhere", 0, 3);
        whole.Trainer.Fit(loader, epochs: Epochs);

        // The 7 batches of an epoch are 3 steps; the 9th forward pass is in the middle of the 4th, a checkpoint after the 3rd.
        var failing = new FailingRun("forward", 9, 3, new CheckpointFolder(folder.At("run")));
        Assert.Throws<TimeoutException>(() => failing.Trainer.Fit(loader, epochs: Epochs));
        Assert.True(failing.Trainer.TryResume());
        Assert.Equal((1, 3), (failing.Trainer.Epoch, failing.Trainer.Step));
        failing.Trainer.Fit(loader, epochs: Epochs);
        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(failing.Trainer.Model));
    }

    /// <summary>In the middle of a step there is nothing to go on from in another process.</summary>
    [Fact]
    public void A_checkpoint_is_written_between_steps_only()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        using var source = new CancellationTokenSource();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        var run = new FailingRun("forward", 6, 3, checkpoints);
        Assert.Throws<TimeoutException>(() => run.Trainer.Fit(loader, epochs: Epochs));
        source.Cancel();
        Assert.Equal(StopReason.Canceled, run.Trainer.Fit(loader, epochs: Epochs, cancellation: source.Token).StopReason);
        Assert.Null(checkpoints.Newest);
        run.Trainer.Fit(loader, epochs: Epochs);
        Assert.NotNull(checkpoints.Newest);
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_written_is_written_by_the_next_call()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        File.WriteAllText(folder.At("run"), "a file where the folder is to be");
        var run = new FailingRun("nowhere", 0, 1, checkpoints);
        Assert.ThrowsAny<IOException>(() => run.Trainer.Fit(loader, epochs: 1));
        File.Delete(folder.At("run"));
        run.Trainer.Fit(loader, epochs: 1);
        Assert.EndsWith("checkpoint-000000007.safetensors", checkpoints.Newest, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loader_that_is_in_use_is_refused_and_keeps_its_place()
    {
        using var loader = TinyRun.Loader();
        var run = new FailingRun("batch ended", 2, 1);
        Assert.Throws<TimeoutException>(() => run.Trainer.Fit(loader));
        using (var batches = loader.GetEnumerator())
        {
            Assert.True(batches.MoveNext());
            Refusal.Of<InvalidOperationException>(() => run.Trainer.Fit(loader), "another enumeration");
            Assert.True(batches.MoveNext());
            Assert.Equal(0, loader.FirstBatch);
        }

        run.Trainer.Fit(loader);
        Assert.Equal(7, run.Trainer.Step);
    }

    [Fact]
    public void The_run_is_not_changed_by_others_while_it_is_under_way()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        using var other = TinyRun.Loader();
        var messages = new List<string>();
        Trainer trainer = null!;
        trainer = TinyRun.Full(new CheckpointFolder(folder.At("run")), new AtEnds(() =>
        {
            messages.Add(Refusal.Of<InvalidOperationException>(() => trainer.Fit(other, epochs: 9), "Fit", "under way").Message);
            Refusal.Of<InvalidOperationException>(() => trainer.Resume(folder.At("any")), "Resume", "under way");
            OtherThread.Run(() => Refusal.Of<InvalidOperationException>(() => trainer.Fit(other), "on another thread"));
        }));
        trainer.Fit(loader, epochs: 2);
        Assert.Equal((2, 8L, 2), (trainer.Epoch, trainer.Step, messages.Count));
        using var plainFolder = new TemporaryFolder();
        var plain = TinyRun.Full(new CheckpointFolder(plainFolder.At("run")));
        plain.Fit(other, epochs: 2);
        Assert.Equal(TinyRun.Weights(plain.Model), TinyRun.Weights(trainer.Model));
        trainer.Fit(loader, epochs: 2);
    }

    [Fact]
    public void Callbacks_may_leave_and_null_is_none()
    {
        using var loader = TinyRun.Loader();
        Trainer trainer = null!;
        trainer = TinyRun.Full(null, new AtEnds(() => trainer.Callbacks.Clear()));
        trainer.Fit(loader, epochs: 2);
        Assert.Empty(trainer.Callbacks);
        trainer.Callbacks.Add(null!);
        Refusal.Of<InvalidOperationException>(() => trainer.Fit(loader, epochs: 3), "callback is null");
    }

    [Fact]
    public void A_call_that_is_refused_decides_nothing()
    {
        using var loader = TinyRun.Loader();
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy()) { Monitor = "validation_loss" };
        Refusal.Of<InvalidOperationException>(() => trainer.Fit(loader), "validation_loss");
        using var validation = TinyRun.Loader();
        Assert.Equal(1, trainer.Fit(loader, validation).BestEpoch);

        trainer.Metrics.Add(new MeanLoss<IndexTensor>("loss", new CrossEntropy()));
        Refusal.Of<InvalidOperationException>(() => trainer.Fit(loader, validation, 2), "'loss'", "another name");
    }

    [Fact]
    public void What_is_scored_is_scored_whole()
    {
        using var loader = TinyRun.Loader();
        var run = new FailingRun("nowhere", 0, 1);
        var expected = run.Trainer.Evaluate(loader);
        loader.FirstBatch = 6;
        var found = run.Trainer.Evaluate(loader);
        Assert.Equal(53, found.Samples);
        Assert.Equal(expected.Loss, found.Loss, 1e-6);
    }

    private sealed class AtEnds(Action action) : Callback
    {
        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => action();
    }

    /// <summary>A run without random numbers in its model, which fails at one place, at a certain time.</summary>
    private sealed class FailingRun
    {
        private readonly string _place;
        private readonly int _time;
        private int _times;

        public FailingRun(string place, int time, int batchesPerStep, CheckpointFolder? checkpoints = null)
        {
            (_place, _time) = (place, time);
            var random = new RandomStream(9);
            var model = new Sequential(new Dense(4, 6, random: random), new Tanh(), new Dense(6, 2, random: random));
            var optimizer = new SGD(model.Parameters(), learningRate: 0.1f, momentum: 0.9f);
            var loss = new CrossEntropy();
            Trainer = new Trainer<ClassificationBatch, Tensor, IndexTensor>(
                model, optimizer,
                batch => Pass(model.IsTraining ? "forward" : "validation", model.Forward(batch.Features)),
                batch => Pass(model.IsTraining ? "target" : "", batch.Labels),
                (output, target) => Pass(model.IsTraining ? "loss" : "", loss.Forward(output, target)))
            {
                Metrics = { new Spy(this) },
                Callbacks = { new Spies(this) },
                BatchesPerStep = batchesPerStep,
                Average = WeightAverage.Exponential(model, 0.9),
                StepSchedule = new CosineSchedule(50),
                KeepBest = true,
                Checkpoints = checkpoints,
            };
            model.Parameters()[1].OnGradient(gradient => Pass("gradient", gradient));
            optimizer.BeforeUpdate(parameter => Pass(parameter == model.Parameters()[0] ? "update" : "", parameter));
        }

        public Trainer<ClassificationBatch, Tensor, IndexTensor> Trainer { get; }

        public T Pass<T>(string place, T value) =>
            place == _place && ++_times == _time ? throw new TimeoutException(place) : value;

        private sealed class Spy(FailingRun run) : TinyRun.Right
        {
            public override void Add(Tensor output, IndexTensor target)
            {
                run.Pass(run.Trainer.Model.IsTraining ? "metric" : "", 0);
                base.Add(output, target);
            }
        }

        private sealed class Spies(FailingRun failing) : Callback
        {
            public override void OnFitStarted(TrainingRun run) => failing.Pass("fit started", 0);

            public override void OnEpochStarted(TrainingRun run) => failing.Pass("epoch started", 0);

            public override void OnStepStarting(TrainingRun run) => failing.Pass("step", 0);

            public override void OnBatchEnded(TrainingRun run) => failing.Pass("batch ended", 0);

            public override void OnEpochEnded(TrainingRun run, HistoryRow row) => failing.Pass("epoch ended", 0);

            public override void OnFitEnded(TrainingRun run) => failing.Pass("fit ended", 0);
        }
    }
}
