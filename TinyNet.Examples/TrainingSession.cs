using System.Globalization;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>What an example uses where the command line says nothing.</summary>
internal sealed record TrainingDefaults(int Epochs, int BatchSize, float LearningRate, string Activation);

/// <summary>What came of a training.</summary>
/// <param name="Model">The network.</param>
/// <param name="Measure">What was measured on the test data: <c>accuracy</c>.</param>
/// <param name="Value">Its value.</param>
internal sealed record Outcome(Module Model, string Measure, double Value);

/// <summary>A run of an example: what the command line asks for, and where what it makes goes.</summary>
internal sealed class TrainingSession(Example example, TrainingSettings settings, TextWriter output, bool isTerminal)
{
    public TrainingSettings Settings => settings;

    /// <summary>Where the trainer saves its checkpoints; null for nowhere.</summary>
    public CheckpointFolder? Checkpoints { get; } = settings.Out is null ? null
        : new CheckpointFolder(Path.Combine(settings.Out, "checkpoints")) { Metadata = Metadata(example, settings) };

    /// <summary>Why the training ended.</summary>
    public StopReason StopReason { get; private set; }

    /// <summary>Refuses to go on with a run that was begun otherwise, or to begin where one is.</summary>
    /// <exception cref="CommandException">It is so.</exception>
    public void EnsureFits()
    {
        if (Checkpoints?.Newest is not { } newest)
        {
            return;
        }

        if (!settings.Resume)
        {
            throw new CommandException($"--out: '{settings.Out}' has a run already: --resume goes on with it; or choose another folder");
        }

        using var checkpoint = RunCheckpoint.Open(newest);
        foreach (var (key, text) in Metadata(example, settings))
        {
            string before = checkpoint.Metadata.GetValueOrDefault(key, "nothing");
            if (before != text)
            {
                throw new CommandException($"--resume: the run in '{settings.Out}' has {key} {before}, not {text}; give the same options");
            }
        }
    }

    /// <summary>Trains, shows how it goes, and goes on where the run was.</summary>
    public void Fit<TBatch, TOutput, TTarget>(
        Trainer<TBatch, TOutput, TTarget> trainer, DataLoader<TBatch> train, DataLoader<TBatch> validation)
    {
        trainer.Callbacks.Add(isTerminal ? new ConsoleProgress() : new ConsoleProgress(output));
        if (settings.Out is not null)
        {
            trainer.Callbacks.Add(new HistoryFile(Path.Combine(settings.Out, "history.csv")));
            trainer.TryResume();
        }

        StopReason = trainer.Fit(train, validation, settings.Epochs).StopReason;
    }

    /// <summary>Saves the weights, if there is a folder for them.</summary>
    public void Save(Module model)
    {
        if (settings.Out is not null)
        {
            model.Save(Path.Combine(settings.Out, "weights.safetensors"), Metadata(example, settings));
        }
    }

    /// <summary>What is needed to build the model again, and what another run would not go on with.</summary>
    private static Dictionary<string, string> Metadata(Example example, TrainingSettings settings) => new()
    {
        ["example"] = example.Name,
        ["activation"] = settings.Activation,
        ["batch size"] = settings.BatchSize.ToString(CultureInfo.InvariantCulture),
        ["learning rate"] = settings.LearningRate.ToString(CultureInfo.InvariantCulture),
        ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>What cannot be done as it was asked for, in one line.</summary>
internal sealed class CommandException(string message) : InvalidOperationException(message);
