using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>The page about training, on digits.</summary>
public class TrainingTests
{
    private static readonly Dataset<ClassificationBatch> Train, Validation, Test;

    static TrainingTests()
    {
        (var all, Test) = Digits.Load();
        (Train, Validation) = all.Split(0.1);
    }

    [Fact]
    public void The_loop_written_out_learns()
    {
        var model = Build();
        using var train = Loader(Train);
        // <training>
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var crossEntropy = new CrossEntropy();
        for (int epoch = 0; epoch < 5; epoch++)
        {
            foreach (var (images, labels) in train)
            {
                using var tape = Tape.Record();
                tape.Backward(crossEntropy.Forward(model.Forward(images), labels));
                optimizer.Step();
            }
        }
        // </training>
        Assert.InRange(AccuracyOf(model), 0.9, 1);
    }

    [Fact]
    public void A_trainer_learns_and_is_tested()
    {
        // <training>
        var (all, test) = Digits.Load();
        var (kept, heldOut) = all.Split(0.1);
        using var train = new DataLoader(kept, batchSize: 32, shuffle: true, seed: 1);
        using var validation = new DataLoader(heldOut, batchSize: 100);

        var model = new Sequential(new Flatten(), new Dense(64, 128), new ReLU(), new Dense(128, 10));
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Callbacks = { new ConsoleProgress() },
            Patience = 5,
            KeepBest = true,
        };
        var history = trainer.Fit(train, validation, epochs: 20);
        // </training>
        Assert.InRange(AccuracyOf(model), 0.9, 1);
        Assert.Equal(
            ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"], history.Columns);

        string folder = Directory.CreateTempSubdirectory("tinynet-page-").FullName;
        try
        {
            string path = Path.Combine(folder, "history");
            // <training>
            var matrix = new ConfusionMatrix(test.ClassNames);
            using var testLoader = new DataLoader(test, batchSize: 100);
            var evaluation = trainer.Evaluate(testLoader, matrix);
            Console.WriteLine(evaluation);                      // loss 0.0820 accuracy 0.9666 …
            double accuracy = evaluation["accuracy"];

            var scores = trainer.Predict(testLoader);           // [359, 10], in the order of the data
            int[] classes = scores.ArgMax(axis: 1).ToArray();
            // </training>
            Assert.Equal(AccuracyOf(model), accuracy, 1e-12);
            Assert.Equal(test.Count, matrix.Total);
            Assert.Equal(accuracy, classes.Zip(test.Labels.ToArray()).Average(pair => pair.First == pair.Second ? 1 : 0), 1e-12);

            // <training>
            history.WriteCsv(path + ".csv");
            history.WriteJson(path + ".json");
            double[] losses = history["validation_loss"];       // a number for each epoch
            double last = history.Rows[^1]["validation_loss"];
            // </training>
            Assert.Equal(losses[^1], last);
            Assert.Equal(losses.Min(), losses[history.BestEpoch!.Value - 1]);
            Assert.Equal(history.Rows.Count + 1, File.ReadAllLines(path + ".csv").Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_metric_adds_up_by_itself_too()
    {
        var model = Build();
        using var loader = Loader(Test);
        // <training>
        model.Evaluate();
        var accuracy = new Accuracy();
        foreach (var (images, labels) in loader)
        {
            using var tape = Tape.NoRecord();
            accuracy.Add(model.Forward(images), labels);
        }

        Console.WriteLine(accuracy.Value);
        // </training>
        Assert.Equal(AccuracyOf(model), accuracy.Value, 1e-12);

        // <training>
        var bias = new MeanOf<Tensor, Tensor>("bias", (output, target) => output - target);
        var huber = new MeanLoss<Tensor>("huber", new Huber(delta: 2));
        // </training>
        bias.Add(Tensor.From([3, 5], [2, 1]), Tensor.From([1, 1], [2, 1]));
        huber.Add(Tensor.From([3, 5], [2, 1]), Tensor.From([1, 1], [2, 1]));
        Assert.Equal((3, 4), (bias.Value, huber.Value));
    }

    [Fact]
    public void Schedules_clipping_and_averages_are_settings()
    {
        var model = Build();
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        using var train = Loader(Train);
        using var validation = Loader(Validation);
        // <training>
        const int Epochs = 6;
        var trainer = new Trainer(model, optimizer, new CrossEntropy())
        {
            StepSchedule = new WarmupCosineSchedule(warmupSteps: 50, totalSteps: Epochs * train.Count),
            ClipNorm = 1,
            Average = WeightAverage.Exponential(model, decay: 0.99),
        };
        trainer.Fit(train, validation, Epochs);
        // </training>
        Assert.InRange(AccuracyOf(model), 0.9, 1);
        Assert.Equal(Epochs * train.Count, trainer.Step);
        Assert.Equal(0, optimizer.LearningRate, 1e-5);
    }

    [Fact]
    public void What_does_not_become_better_lowers_the_rate_and_ends_the_training()
    {
        var model = Build();
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        // <training>
        var trainer = new Trainer(model, optimizer, new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Monitor = "validation_accuracy",
            MonitorMode = MetricMode.Max,
            Plateau = new PlateauScheduler(optimizer, MetricMode.Max, factor: 0.5, patience: 2),
            Patience = 6,
            KeepBest = true,
            Callbacks = { new StopAt("validation_accuracy", 0.99) },
        };
        // </training>
        using var train = Loader(Train);
        using var validation = Loader(Validation);
        var history = trainer.Fit(train, validation, epochs: 30);
        Assert.Contains(history.StopReason, new[] { StopReason.EarlyStopping, StopReason.Requested });
        Assert.Equal(history["validation_accuracy"].Max(), trainer.Evaluate(validation)["accuracy"]);
    }

    [Fact]
    public void A_run_is_saved_resumed_and_used()
    {
        string folder = Directory.CreateTempSubdirectory("tinynet-page-").FullName;
        try
        {
            string run = Path.Combine(folder, "run");
            using var train = Loader(Train);
            using var validation = Loader(Validation);
            var whole = FitIn(Path.Combine(folder, "whole"), train, validation, epochs: 3);
            FitIn(run, train, validation, epochs: 1);
            var resumed = FitIn(run, train, validation, epochs: 3);
            Assert.Equal(whole.Predict(validation).ToArray(), resumed.Predict(validation).ToArray());
            Assert.Equal(4, File.ReadAllLines(Path.Combine(run, "history.csv")).Length);
            Assert.Equal(3, new CheckpointFolder(run).List().Count);

            var (images, _) = Test.Load(0, 1, 2);
            Assert.Equal(3, Classify(run, images).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Trains, or trains on what the folder has.</summary>
    private static Trainer FitIn(string folder, DataLoader train, DataLoader validation, int epochs)
    {
        // <training>
        const int Hidden = 64;
        var random = new RandomStream(1);
        var model = Build(Hidden, random);
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            KeepBest = true,
            Callbacks = { new HistoryFile(Path.Combine(folder, "history.csv")) },
            Checkpoints = new CheckpointFolder(folder) { EveryBatches = 20, Keep = 3, Metadata = { ["hidden"] = $"{Hidden}" } },
        };
        trainer.TryResume();
        var history = trainer.Fit(train, validation, epochs);
        if (history.StopReason == StopReason.Signal)
        {
            Console.WriteLine($"stopped in epoch {trainer.Epoch + 1}; run it again to go on");
        }
        // </training>
        return trainer;
    }

    private static int[] Classify(string folder, Tensor images)
    {
        // <training>
        using var checkpoint = RunCheckpoint.Open(new CheckpointFolder(folder).Newest!);
        var model = Build(int.Parse(checkpoint.Metadata["hidden"]), new RandomStream(1));
        checkpoint.LoadInto(model);
        int[] classes = model.Predict(images).ArgMax(axis: 1).ToArray();
        // </training>
        return classes;
    }

    private static Sequential Build(int hidden, RandomStream random) => new(
        new Flatten(), new Dense(64, hidden, random: random), new ReLU(), new Dropout(0.1f, random), new Dense(hidden, 10, random: random));

    private static Sequential Build() => Build(64, new RandomStream(1));

    private static DataLoader Loader(Dataset<ClassificationBatch> data) => new(data, batchSize: 32, shuffle: data == Train, seed: 1);

    private static double AccuracyOf(Sequential model)
    {
        model.Evaluate();
        var (images, labels) = Test.Load([.. Enumerable.Range(0, Test.Count)]);
        return model.Forward(images).Accuracy(labels);
    }
}
