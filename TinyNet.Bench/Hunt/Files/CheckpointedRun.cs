using System.Runtime.InteropServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>What a run has that its checkpoint keeps.</summary>
internal enum CheckpointKind
{
    /// <summary>Adam, a schedule, an exponential average, the best weights; in the middle of an epoch.</summary>
    Scheduled,

    /// <summary>SGD with momentum, a rate lowered where nothing gets better, an equal average; at the end of an epoch.</summary>
    Plateau,

    /// <summary>RMSProp, and nothing else; in the middle of the first epoch.</summary>
    Plain,
}

/// <summary>A run of a few steps, or one that is to go on from a checkpoint.</summary>
internal sealed class CheckpointedRun
{
    private const int Samples = 22, BatchSize = 4, Features = 3;

    private readonly CheckpointKind _kind;
    private readonly WeightAverage? _average;
    private readonly PlateauScheduler? _plateau;

    public CheckpointedRun(CheckpointKind kind, string? folder = null)
    {
        _kind = kind;
        RandomStream.Reseed(7);
        var model = new Sequential(
            new Dense(Features, 4), new BatchNorm1d(4), new ReLU(), new Dropout(0.2f), new Dropout(0.1f, new RandomStream(3)),
            new Dense(4, 2));
        Optimizer optimizer = kind switch
        {
            CheckpointKind.Scheduled => new Adam(model.Parameters(), learningRate: 1e-2f),
            CheckpointKind.Plateau => new SGD(model.Parameters(), learningRate: 0.1f, momentum: 0.9f),
            _ => new RMSProp(model.Parameters()),
        };
        _average = kind switch
        {
            CheckpointKind.Scheduled => WeightAverage.Exponential(model, 0.9),
            CheckpointKind.Plateau => WeightAverage.Equal(model),
            _ => null,
        };
        _plateau = kind == CheckpointKind.Plateau ? new PlateauScheduler(optimizer, patience: 0) : null;
        Trainer = new Trainer(model, optimizer, new CrossEntropy())
        {
            StepSchedule = kind == CheckpointKind.Scheduled ? new CosineSchedule(30) : null,
            Plateau = _plateau,
            Average = _average,
            KeepBest = kind == CheckpointKind.Scheduled,
            BatchesPerStep = kind == CheckpointKind.Scheduled ? 2 : 1,
            Checkpoints = folder is null ? null : new CheckpointFolder(folder),
            StopsOnSignals = false,
        };
        Metric<Tensor, IndexTensor>[] metrics = kind == CheckpointKind.Plain
            ? []
            : [new Accuracy(), new ConfusionMatrix(), new MeanLoss<IndexTensor>("smooth", new CrossEntropy(labelSmoothing: 0.1f))];
        Array.ForEach(metrics, Trainer.Metrics.Add);
    }

    public Trainer Trainer { get; }

    /// <summary>Trains for some batches and gives the path of the checkpoint.</summary>
    public string Write(string folder)
    {
        new CheckpointedRun(_kind, folder).Fit(_kind switch
        {
            CheckpointKind.Scheduled => Samples / BatchSize + 3,
            CheckpointKind.Plateau => 3 * (Samples / BatchSize + 1),
            _ => 3,
        });
        return new CheckpointFolder(folder).Newest!;
    }

    /// <summary>Trains on for a step. The file may have taken the weights anywhere, and be of a run with other data.</summary>
    public void GoOn()
    {
        try
        {
            Fit(1);
        }
        catch (InvalidOperationException exception)
            when (exception is TrainingDivergedException || exception.Message.Contains("began with", StringComparison.Ordinal))
        {
            // Nothing is wrong with the trainer.
        }
    }

    /// <summary>All that a checkpoint brings back, as bytes.</summary>
    public byte[] Look()
    {
        var numbers = new List<double>
        {
            Trainer.Epoch, Trainer.Step, Trainer.History?.Rows.Count ?? -1, _average?.Steps ?? -1, _plateau?.State.Best ?? 0,
            _plateau?.State.BadSteps ?? 0, RandomStream.Default.Seed, RandomStream.Default.Position,
        };
        numbers.AddRange(Trainer.Metrics.SelectMany(metric => metric.State));
        IEnumerable<Tensor> tensors = [.. Trainer.Model.Parameters(), .. Trainer.Model.NamedBuffers().Select(named => named.Buffer)];
        if (_average is not null)
        {
            var copy = new CheckpointedRun(_kind).Trainer.Model;
            _average.CopyTo(copy);
            tensors = [.. tensors, .. copy.Parameters()];
        }

        var optimizer = Trainer.Optimizer.SaveState();
        numbers.AddRange(optimizer.Groups.Select(group => (double)group.LearningRate));
        foreach (var (_, state) in optimizer.Parameters)
        {
            numbers.Add(state.Steps);
            tensors = tensors.Concat(state.Tensors.Values);
        }

        numbers.AddRange(tensors.SelectMany(tensor => tensor.ToArray()).Select(value => (double)value));
        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)).ToArray();
    }

    private void Fit(int batches)
    {
        float[] features = [.. Enumerable.Range(0, Samples * Features).Select(i => (float)Math.Sin(i * i))];
        var data = new ArrayDataset("small", features, [Features], [.. Enumerable.Range(0, Samples).Select(i => i % 2)], ["even", "odd"]);
        using var loader = new DataLoader(data, BatchSize, shuffle: true, seed: 1, prefetch: 0);
        Trainer.Callbacks.Add(new StopAfter(batches));
        Trainer.Fit(loader, epochs: int.MaxValue);
    }

    private sealed class StopAfter(int batches) : Callback
    {
        private int _left = batches;

        public override void OnBatchEnded(TrainingRun run)
        {
            if (--_left <= 0)
            {
                run.Stop();
            }
        }
    }
}
