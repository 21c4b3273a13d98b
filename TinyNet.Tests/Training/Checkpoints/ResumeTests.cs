using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>A run that was stopped and goes on in another process ends in the bits of one that was not.</summary>
[Collection(GlobalState.Name)]
public class ResumeTests
{
    private const int Epochs = 4;

    public static TheoryData<int> Stops => [1, 2, 5, 7, 8, 13, 14, 20, 27];

    [Theory, MemberData(nameof(Stops))]
    public void A_resumed_run_ends_like_one_that_was_never_stopped(int batches)
    {
        using var validation = Validation();
        using var loader = TinyRun.Loader();
        var whole = TinyRun.Full();
        whole.Fit(loader, validation, Epochs);

        using var folder = new TemporaryFolder();
        using (var first = TinyRun.Loader())
        {
            var stopped = TinyRun.Full(new CheckpointFolder(folder.At("run")), new TinyRun.StopAfter(batches));
            Assert.Equal(StopReason.Requested, stopped.Fit(first, validation, Epochs).StopReason);
        }

        RandomStream.Reseed(999);
        using var second = TinyRun.Loader();
        var resumed = TinyRun.Full(new CheckpointFolder(folder.At("run")));
        Assert.True(resumed.TryResume());
        resumed.Fit(second, validation, Epochs);

        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
        Assert.Equal(whole.Step, resumed.Step);
        Assert.Equal(whole.History!.BestEpoch, resumed.History!.BestEpoch);
        Assert.Equal(Enumerable.Range(1, Epochs), resumed.History.Rows.Select(row => row.Epoch));
        foreach (string column in whole.History.Columns.Where(column => column != "seconds"))
        {
            Assert.Equal(whole.History[column], resumed.History[column]);
        }
    }

    [Fact]
    public void A_run_that_is_over_is_over_when_it_is_resumed()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var validation = Validation();
        using var loader = TinyRun.Loader();
        var run = TinyRun.Full(checkpoints);
        run.Fit(loader, validation, Epochs);
        float[] weights = TinyRun.Weights(run.Model);

        var again = TinyRun.Full(checkpoints);
        Assert.True(again.TryResume());
        Assert.Equal(StopReason.Completed, again.Fit(loader, validation, Epochs).StopReason);
        Assert.Equal(weights, TinyRun.Weights(again.Model));

        // The weights for use are those that the run left.
        var model = TinyRun.Model();
        using var checkpoint = RunCheckpoint.Open(checkpoints.Newest!);
        checkpoint.LoadInto(model);
        Assert.Equal(weights, TinyRun.Weights(model));
        Assert.Equal((Epochs, run.Step), (checkpoint.Epoch, checkpoint.Step));
        Assert.Equal(run.History!["train_loss"], checkpoint.History["train_loss"]);
    }

    [Fact]
    public void The_newest_checkpoints_are_kept_and_texts_go_with_them()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("a/b"))
        {
            EveryBatches = 2,
            Keep = 2,
            Metadata = new Dictionary<string, string> { ["model"] = "tiny ü\n", [""] = "" },
        };
        File.WriteAllText(Directory.CreateDirectory(checkpoints.Path).FullName + "/checkpoint-notes.safetensors", "not one of them");
        using var loader = TinyRun.Loader();
        TinyRun.Full(checkpoints).Fit(loader, epochs: 2);
        Assert.Equal(
            ["checkpoint-000000007.safetensors", "checkpoint-000000008.safetensors", "checkpoint-notes.safetensors"],
            Directory.EnumerateFiles(checkpoints.Path).Select(Path.GetFileName).Order());
        Assert.Equal(2, checkpoints.List().Count);
        using var newest = RunCheckpoint.Open(checkpoints.Newest!);
        Assert.Equal(checkpoints.Metadata, newest.Metadata);
    }

    [Theory]
    [InlineData(1, "1 2 3 4")]
    [InlineData(2, "1 2 3 4")]
    [InlineData(3, "2 3 4")]
    [InlineData(5, "3 4")]
    [InlineData(7, "4")]
    [InlineData(9, "4")]
    public void One_is_written_by_batches_whatever_makes_a_step(int everyBatches, string steps)
    {
        // Seven batches, two to a step.
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run")) { EveryBatches = everyBatches, Keep = 9 };
        using var loader = TinyRun.Loader();
        TinyRun.Full(checkpoints).Fit(loader, epochs: 1);
        Assert.Equal(steps, string.Join(' ', checkpoints.List().Select(path => Path.GetFileName(path)[19..20])));
    }

    [Fact]
    public void A_new_run_does_not_write_beside_one_that_is_further()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var loader = TinyRun.Loader();
        Assert.False(TinyRun.Full(checkpoints).TryResume());
        TinyRun.Full(checkpoints).Fit(loader, epochs: 1);
        Refusal.Of<InvalidOperationException>(() => TinyRun.Full(checkpoints).Fit(loader, epochs: 1), "TryResume", "step 4", "step 0");
    }

    /// <summary>Names, strictness and where it goes are nothing that Resume or LoadInto lets the caller choose.</summary>
    [Fact]
    public void Another_model_is_told_what_can_be_done_about_it()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var loader = TinyRun.Loader();
        TinyRun.Full(checkpoints).Fit(loader, epochs: 1);
        var other = new Sequential(new Dense(4, 2));
        using var checkpoint = RunCheckpoint.Open(checkpoints.Newest!);
        var intoOther = Refusal.Of<WeightMismatchException>(
            () => checkpoint.LoadInto(other), "LoadInto: ", "does not fit", "build the model as it was", "Metadata");
        var trainer = new Trainer(other, new Adam(other.Parameters()), new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
            Average = WeightAverage.Equal(other),
            KeepBest = true,
            BatchesPerStep = 2,
        };
        var resumed = Refusal.Of<WeightMismatchException>(
            () => trainer.Resume(checkpoints.Newest!), "Resume: ", "build the model as it was", "Metadata");
        Assert.DoesNotContain("strict", intoOther.Message + resumed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rename", intoOther.Message + resumed.Message, StringComparison.Ordinal);

        string name = Path.GetFileName(checkpoints.Newest!);
        foreach (bool strict in (bool[])[true, false])
        {
            Refusal.Of<WeightMismatchException>(
                () => TinyRun.Model().Load(checkpoints.Newest!, strict), $"RunCheckpoint.Open(\"{name}\").LoadInto(model)");
        }
    }

    [Fact]
    public void What_does_not_fit_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var loader = TinyRun.Loader();
        TinyRun.Full(checkpoints, new TinyRun.StopAfter(4)).Fit(loader, epochs: 2);
        string path = checkpoints.Newest!;

        var model = TinyRun.Model();
        Refuses<InvalidOperationException>(new Trainer(model, new Adam(model.Parameters()), new CrossEntropy()), "metrics [right]", "[]");
        Refuses<InvalidOperationException>(
            new Trainer(model, new Adam(model.Parameters()), new CrossEntropy()) { Metrics = { new TinyRun.Right() } }, "had Average");
        Refuses<InvalidOperationException>(Like(model, new SGD(model.Parameters(), learningRate: 0.1f)), "of Adam", "SGD");
        var other = new Sequential(new Dense(4, 2));
        Refuses<WeightMismatchException>(Like(other, new Adam(other.Parameters())), "does not fit");
        var seeded = TinyRun.Model(dropoutSeed: 12);
        Refuses<InvalidOperationException>(Like(seeded, new Adam(seeded.Parameters())), "seed 11", "seed 12");

        // In the middle of an epoch, other batches.
        var resumed = TinyRun.Full(checkpoints);
        resumed.Resume(path);
        using var larger = TinyRun.Loader(batchSize: 16);
        Refusal.Of<InvalidOperationException>(() => resumed.Fit(larger, epochs: 2), "7 batches of 8", "batches of 16");
        using var same = TinyRun.Loader();
        resumed.Fit(same, epochs: 2);

        void Refuses<T>(Trainer trainer, params string[] parts) where T : Exception
        {
            float[] before = TinyRun.Weights(trainer.Model);
            Refusal.Of<T>(() => trainer.Resume(path), parts);
            Assert.Equal((0, 0L), (trainer.Epoch, trainer.Step));
            Assert.Null(trainer.History);
            Assert.Equal(before, TinyRun.Weights(trainer.Model));
        }

        static Trainer Like(Module<Tensor, Tensor> model, Optimizer optimizer) => new(model, optimizer, new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
            Average = WeightAverage.Exponential(model, 0.9),
        };
    }

    [Fact]
    public void What_the_file_says_is_checked()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var loader = TinyRun.Loader();
        TinyRun.Full(checkpoints).Fit(loader, epochs: 1);
        string path = checkpoints.Newest!, json;
        List<KeyValuePair<string, Tensor>> tensors = [];
        using (var file = SafetensorsFile.Open(path))
        {
            json = file.Metadata["tinynet.run"];
            tensors = [.. file.Entries.Select(entry => KeyValuePair.Create(entry.Name, file.Read(entry.Name)))];
        }

        string damaged = folder.At("damaged.safetensors");
        foreach (var (from, to, expected) in new[]
        {
            ("\"Version\":1", "\"Version\":2", "version"),
            ("{\"Version\":1", "[{\"Version\":1", "JSON"),
            ("\"Epoch\":1", "\"Epoch\":-1", "before the beginning"),
            ("\"Epoch\":1", "\"Epoch\":\"one\"", "JSON"),
            ("\"Streams\":[", "\"Streams\":[null,", "null in a list"),
            ("\"Epochs\":[1]", "\"Epochs\":[1,2]", "2 epochs"),
            ("\"Epochs\":[1]", "\"Epochs\":[2]", "history to epoch 2"),
            ("\"Columns\":[\"train_loss\"", "\"Columns\":[\"train_right\"", "'train_right'"),
            ("\"AverageSteps\":4", "\"AverageSteps\":-4", "-4 steps"),
            ("\"BatchSize\":8", "\"BatchSize\":0", "batches of 0"),
            ("\"Batches\":7", "\"Batches\":9", "in 9 batches"),
            ("\"Batch\":0", "\"Batch\":8", "after the end"),
            ("\"LossWeights\":0", "\"LossWeights\":2", "over weights of 2 after 0 batches"),
            ("\"LossWeights\":0", "\"LossWeights\":-2", "over weights of -2"),
            ("\"LearningRate\":", "\"LearningRate\":-1,\"Old\":", "learning rate of -1"),
            ("\"LossSum\":0", "\"LossSum\":\"NaN\"", "loss of NaN"),
            ("\"Step\":4", "\"Step\":2147483647", "after the end"),
            ("\"Value\":", "\"Value\":\"NaN\",\"Old\":", "nan"),
            ("\"Name\":\"0.bias\"", "\"Name\":\"0.weight\"", "'0.weight' twice"),
            ("[\"mean\",", "[\"mean\",\"mean\",", "'mean' twice"),
            ("\"Module\":null", "\"Module\":\"6\"", "'6' twice"),
            ("\"Position\":", "\"Position\":2,\"Old\":", "multiple of 4"),
            ("\"Optimizer\":{", "\"Optimizer\":null,\"Old\":{", "JSON"),
        })
        {
            Assert.Contains(from, json, StringComparison.Ordinal);
            WriteDamaged(json.Replace(from, to, StringComparison.Ordinal), tensors);
            Refusal.Of<DataFormatException>(() => RunCheckpoint.Open(damaged), damaged, expected);
        }

        var trainer = TinyRun.Full(checkpoints);
        WriteDamaged(json, tensors.Where(pair => pair.Key != "optimizer/0.weight/mean"));
        Refusal.Of<DataFormatException>(() => trainer.Resume(damaged), "optimizer/0.weight/mean");
        trainer.Model.Save(damaged);
        Refusal.Of<DataFormatException>(() => trainer.Resume(damaged), "file of weights");
        File.WriteAllBytes(damaged, File.ReadAllBytes(path)[..^9]);
        Refusal.Of<DataFormatException>(() => trainer.Resume(damaged), damaged);
        Assert.Throws<FileNotFoundException>(() => trainer.Resume(folder.At("nothing")));

        void WriteDamaged(string text, IEnumerable<KeyValuePair<string, Tensor>> left) =>
            SafetensorsFile.Write(damaged, left, new Dictionary<string, string> { ["tinynet.run"] = text });
    }

    /// <summary>As the one in the example of Metric does, of numbers that are not its own.</summary>
    [Fact]
    public void A_metric_may_refuse_by_any_exception()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var loader = TinyRun.Loader();
        Make(new Odd()).Fit(loader);
        var trainer = Make(new Short());
        float[] before = TinyRun.Weights(trainer.Model);
        Refusal.Of<InvalidOperationException>(() => trainer.TryResume(), checkpoints.Newest!, "another one", "outside the bounds");
        Assert.Equal((0, 0L), (trainer.Epoch, trainer.Step));
        Assert.Equal(before, TinyRun.Weights(trainer.Model));

        Trainer Make(Odd metric)
        {
            var model = TinyRun.Model();
            return new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
            {
                Metrics = { metric },
                Checkpoints = checkpoints,
            };
        }
    }

    [Fact]
    public void Numbers_beyond_floats_and_digits_are_kept()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        var metric = new Odd { State = [double.NaN, double.PositiveInfinity, -0.0, 1 / 3.0, double.Epsilon, 1e300] };
        var model = TinyRun.Model();
        using var loader = TinyRun.Loader();
        new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Metrics = { metric },
            Checkpoints = checkpoints,
            Callbacks = { new TinyRun.StopAfter(2) },
        }.Fit(loader);
        var again = new Odd();
        var second = TinyRun.Model();
        new Trainer(second, new Adam(second.Parameters()), new CrossEntropy())
        {
            Metrics = { again },
            Checkpoints = checkpoints,
        }.TryResume();
        Assert.Equal(metric.State.Select(BitConverter.DoubleToInt64Bits), again.State.Select(BitConverter.DoubleToInt64Bits));
    }

    /// <summary>All batches of the epoch were used and its validation failed: the rate of its last step is a column.</summary>
    [Fact]
    public void An_epoch_that_is_left_to_be_scored_has_its_learning_rate()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        using var validation = Validation();
        using var source = new CancellationTokenSource();
        source.Cancel();
        bool fails = true;
        var first = Make();
        Assert.Throws<TimeoutException>(() => first.Fit(loader, validation));
        first.Fit(loader, validation, cancellation: source.Token);
        fails = false;
        var second = Make();
        Assert.True(second.TryResume());
        Assert.Equal(0.25, second.Fit(loader, validation)["learning_rate"][0]);

        Trainer<ClassificationBatch, Tensor, IndexTensor> Make()
        {
            var model = TinyRun.Model();
            return new(
                model, new SGD(model.Parameters(), learningRate: 0.25f),
                batch => fails && !model.IsTraining ? throw new TimeoutException() : model.Forward(batch.Features),
                batch => batch.Labels, new CrossEntropy().Forward)
            {
                Checkpoints = new CheckpointFolder(folder.At("run")),
            };
        }
    }

    [Fact]
    public void A_disk_that_takes_nothing_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("run"), "a file where the folder is to be");
        using var loader = TinyRun.Loader();
        var exception = Assert.ThrowsAny<IOException>(() => TinyRun.Full(new CheckpointFolder(folder.At("run"))).Fit(loader));
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static DataLoader Validation() => new(TinyRun.Data(30, seed: 8), batchSize: 7);

    private sealed class Short : Odd
    {
        public override double[] State
        {
            get => [1];
            set => _ = value[0];
        }
    }

    private class Odd : Metric<Tensor, IndexTensor>
    {
        public override string Name => "odd";

        public override double Value => 0;

        public override double[] State { get; set; } = [];

        public override void Add(Tensor output, IndexTensor target)
        {
        }

        public override void Clear()
        {
        }
    }
}
