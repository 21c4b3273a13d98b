using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>The training that is killed: small, with all that a checkpoint has to keep, and a checkpoint every few batches.</summary>
internal sealed class CrashRun
{
    private const int Epochs = 6, BatchesBetween = 2;

    private readonly string _folder;

    public CrashRun(string folder)
    {
        _folder = folder;
        RandomStream.Reseed(1);
        var model = new Sequential(
            new Flatten(), new Dropout(0.1f, new RandomStream(2)), new Dense(64, 64), new BatchNorm1d(64), new ReLU(), new Dropout(0.3f),
            new Dense(64, 10));
        Trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 5e-3f), new CrossEntropy())
        {
            StepSchedule = new CosineSchedule(500),
            Average = WeightAverage.Exponential(model, 0.98),
            KeepBest = true,
            BatchesPerStep = 2,
            Checkpoints = new CheckpointFolder(Path.Combine(folder, "checkpoints"))
            {
                EveryBatches = BatchesBetween,
                Metadata = new Dictionary<string, string> { ["trainer"] = "crash" },
            },
        };
    }

    public Trainer Trainer { get; }

    public string CsvPath => Path.Combine(_folder, "history.csv");

    /// <summary>Goes on from the newest checkpoint, if there is one, to the end; gives why it ended.</summary>
    /// <param name="begun">Is told when the training begins.</param>
    public StopReason Train(Action begun)
    {
        var (train, validation) = Digits.Load().Train.Split(0.1);
        using var trainLoader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1);
        using var validationLoader = new DataLoader(validation, batchSize: 64);
        Trainer.Callbacks.Add(new HistoryFile(CsvPath));
        Trainer.Callbacks.Add(new Begin(begun));
        Trainer.TryResume();
        return Trainer.Fit(trainLoader, validationLoader, Epochs).StopReason;
    }

    /// <summary>Reads the newest checkpoint whole, as a run that is resumed does; gives its step, and whether the run is over.</summary>
    public (long Step, bool IsOver) ReadNewest()
    {
        Trainer.TryResume();
        return (Trainer.Step, Trainer.Epoch == Epochs);
    }

    /// <summary>A hash of the weights.</summary>
    public string Hash()
    {
        using var hash = new BitHash();
        foreach (var parameter in Trainer.Model.Parameters())
        {
            hash.Add(parameter);
        }

        return hash.Take();
    }

    private sealed class Begin(Action begun) : Callback
    {
        public override void OnFitStarted(TrainingRun run) => begun();
    }
}
