using System.Buffers.Binary;
using System.Security.Cryptography;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>The training that is killed: small, with all that a checkpoint has to keep, and a checkpoint every few batches.</summary>
internal sealed class CrashRun(string folder)
{
    public const int Epochs = 12;
    private const int BatchesBetween = 2;

    public string CsvPath => Path.Combine(folder, "history.csv");

    public CheckpointFolder Checkpoints { get; } = new(Path.Combine(folder, "checkpoints"))
    {
        EveryBatches = BatchesBetween, Metadata = new Dictionary<string, string> { ["trainer"] = "crash" },
    };

    /// <summary>Goes on from the newest checkpoint, if there is one, to the end; gives why it ended and the hash of the weights.</summary>
    public (StopReason Reason, string Hash) Train()
    {
        RandomStream.Reseed(1);
        var (train, validation) = Digits.Load().Train.Split(0.1);
        using var trainLoader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1);
        using var validationLoader = new DataLoader(validation, batchSize: 64);
        var trainer = Make();
        trainer.TryResume();
        var history = trainer.Fit(trainLoader, validationLoader, Epochs);
        return (history.StopReason, Hash(trainer.Model));
    }

    /// <summary>Reads the newest checkpoint whole, as a run that is resumed does; gives its step.</summary>
    public long ReadNewest()
    {
        var trainer = Make();
        trainer.TryResume();
        return trainer.Step;
    }

    private Trainer Make()
    {
        var model = new Sequential(
            new Flatten(), new Dropout(0.1f, new RandomStream(2)), new Dense(64, 64), new BatchNorm1d(64), new ReLU(), new Dropout(0.3f),
            new Dense(64, 10));
        var optimizer = new Adam(model.Parameters(), learningRate: 5e-3f);
        return new Trainer(model, optimizer, new CrossEntropy())
        {
            Callbacks = { new HistoryFile(CsvPath) },
            StepSchedule = new CosineSchedule(500),
            Average = WeightAverage.Exponential(model, 0.98),
            KeepBest = true,
            BatchesPerStep = 2,
            Checkpoints = Checkpoints,
        };
    }

    private static string Hash(Module model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[sizeof(float)];
        foreach (float value in model.Parameters().SelectMany(parameter => parameter.ToArray()))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
