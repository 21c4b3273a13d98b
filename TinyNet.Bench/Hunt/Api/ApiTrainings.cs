using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>Trainers of tiny models, data that fit them, and what there is of a training while it runs.</summary>
internal sealed class ApiTrainings(Random random)
{
    private const int Samples = 5, Features = 4, Classes = 3;

    private static readonly Lazy<string> Written = new(WriteCheckpoint);
    private static int _folders;

    /// <summary>A checkpoint of the trainers that are made here.</summary>
    public static string Checkpoint => Written.Value;

    /// <summary>A value of one of the types that are made here; null for others.</summary>
    public object? Make(Type type) =>
        type == typeof(CheckpointFolder) ? new CheckpointFolder(NewFolder()) { EveryBatches = OneIn(2) ? 1 : null, Keep = 1 }
        : type == typeof(TrainingRun) ? Noted().Run
        : type == typeof(HistoryRow) ? Noted().Row
        : type == typeof(DataLoader<ClassificationBatch>) || type == typeof(DataLoader) ? new DataLoader(Classified(), BatchSize())
        : type == typeof(DataLoader<RegressionBatch>) ? new DataLoader<RegressionBatch>(
            new RegressionDataset("numbers", Numbers(), [Features], new float[Samples * Classes], [Classes]), BatchSize())
        : type == typeof(DataLoader<SequenceBatch>) ? new DataLoader<SequenceBatch>(
            new TokenDataset("tokens", [[0, 1], [2], [1, 1, 2], [0], [2, 2]], [0, 1, 2, 0, 1], ["a", "b", "c"]), BatchSize())
        : type == typeof(DataLoader<Tensor>) ? new DataLoader<Tensor>(new UnlabeledDataset("plain", Numbers(), [Features]), BatchSize())
        : type.IsAssignableFrom(typeof(Trainer)) && type != typeof(object) ? Trainer()
        : type.IsAssignableFrom(typeof(RegressionTrainer)) && type != typeof(object) ? RegressionTrainer()
        : type.IsAssignableFrom(typeof(SequenceTrainer)) && type != typeof(object) ? SequenceTrainer()
        : type == typeof(Trainer<Tensor, Tensor, Tensor>) ? TensorTrainer()
        : null;

    private static string NewFolder() => Path.Combine(ApiFiles.Folder, $"run{Interlocked.Increment(ref _folders)}");

    private static string WriteCheckpoint()
    {
        var model = Model();
        var folder = new CheckpointFolder(Path.Combine(ApiFiles.Folder, "run"));
        new Trainer(model, new Adam(model.Parameters()), new CrossEntropy()) { Checkpoints = folder, Metrics = { new Accuracy() } }
            .Fit(new DataLoader(Classified(), 2));
        return folder.Newest!;
    }

    private static Dense Model() => new(Features, Classes, random: new RandomStream(4));

    private static ArrayDataset Classified() => new("classes", Numbers(), [Features], [0, 1, 2, 1, 0], ["a", "b", "c"]);

    private static float[] Numbers() => [.. Enumerable.Range(0, Samples * Features).Select(i => (float)Math.Sin(i))];

    private int BatchSize() => 1 + random.Next(Samples);

    private Trainer Trainer()
    {
        var model = Model();
        var optimizer = new Adam(model.Parameters());
        var trainer = new Trainer(model, optimizer, new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            KeepBest = OneIn(2),
            BatchesPerStep = 1 + random.Next(2),
            Average = OneIn(3) ? WeightAverage.Equal(model) : null,
            Plateau = OneIn(3) ? new PlateauScheduler(optimizer) : null,
            Checkpoints = OneIn(6) ? new CheckpointFolder(NewFolder()) : null,
        };
        if (OneIn(2))
        {
            trainer.Fit(new DataLoader(Classified(), BatchSize()));
        }

        return trainer;
    }

    private RegressionTrainer RegressionTrainer()
    {
        var model = Model();
        return new RegressionTrainer(model, new SGD(model.Parameters(), learningRate: 0.1f), new MeanSquaredError())
        {
            Metrics = { new MAE() },
            EpochSchedule = OneIn(2) ? new CosineSchedule(3) : null,
        };
    }

    private SequenceTrainer SequenceTrainer()
    {
        var model = new Sequential<IndexTensor>(new Embedding(3, 4), new LSTM(4, 3).LastStep());
        return new SequenceTrainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            StepSchedule = OneIn(2) ? new CosineSchedule(3) : null,
        };
    }

    private static Trainer<Tensor, Tensor, Tensor> TensorTrainer()
    {
        var model = Model();
        return new Trainer<Tensor, Tensor, Tensor>(
            model, new Adam(model.Parameters()), model.Forward, batch => batch, (output, _) => output.Square().Mean());
    }

    /// <summary>A run as a callback sees it, and the row of its epoch.</summary>
    private (TrainingRun Run, HistoryRow Row) Noted()
    {
        var trainer = Trainer();
        var note = new Note();
        trainer.Callbacks.Add(note);
        trainer.Fit(new DataLoader(Classified(), BatchSize()), epochs: 2);
        return (note.Run!, note.Row!);
    }

    private bool OneIn(int chances) => random.Next(chances) == 0;

    private sealed class Note : Callback
    {
        public TrainingRun? Run { get; private set; }

        public HistoryRow? Row { get; private set; }

        public override void OnEpochEnded(TrainingRun run, HistoryRow row) => (Run, Row) = (run, row);
    }
}
