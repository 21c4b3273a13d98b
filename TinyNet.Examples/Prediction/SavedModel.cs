using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>The weights that a training has saved, and what it has saved with them.</summary>
/// <param name="File">The file of the weights.</param>
/// <param name="Metadata">The texts in it.</param>
/// <param name="Data">The folder of datasets that the command line names.</param>
internal sealed record SavedModel(string File, IReadOnlyDictionary<string, string> Metadata, string? Data)
{
    /// <summary>Under what the name of the example and its activation are.</summary>
    public const string ExampleKey = "example", ActivationKey = "activation";

    // What checkpoints say, and weights do not.
    private const string CheckpointKey = "tinynet.run";

    /// <summary>Whether light and dark are swapped in images that it is asked about.</summary>
    public bool Inverts { get; init; }

    /// <summary>What follows each hidden layer.</summary>
    /// <exception cref="CommandException">It is not there, or not known.</exception>
    public string Activation => TrainingOptions.ActivationNames.Contains(Text(ActivationKey)) ? Text(ActivationKey)
        : throw new CommandException($"'{File}' says that its activation is '{Text(ActivationKey)}', which no training has");

    /// <summary>Opens a file of weights, or the one in the folder of a run.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    /// <exception cref="IOException">It cannot be read, or is damaged.</exception>
    public static SavedModel Open(string path, string? data)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, TrainingSession.WeightsFile) : path;
        if (!System.IO.File.Exists(file))
        {
            throw new CommandException(
                TrainingSession.NewestCheckpoints(path).Any()
                    ? $"the run in '{path}' has not ended: train on with --resume"
                : new CheckpointFolder(path).Newest is not null
                    ? $"'{path}' has the checkpoints of a run: give the folder of the run, which is above it"
                : $"no file '{file}': a training saves its model where --out says");
        }

        using var weights = SafetensorsFile.Open(file);
        if (weights.Metadata.ContainsKey(CheckpointKey))
        {
            throw new CommandException($"'{file}' is a checkpoint: give the folder of the run");
        }

        return new SavedModel(file, new Dictionary<string, string>(weights.Metadata), data);
    }

    /// <summary>A text that was saved with the weights.</summary>
    /// <exception cref="CommandException">It is not there.</exception>
    public string Text(string key) => Metadata.GetValueOrDefault(key) is { Length: > 0 } text ? text
        : throw new CommandException($"'{File}' does not say its {key}: it was not saved by a training of this program");

    /// <summary>Gives a model the weights, and returns it for use.</summary>
    /// <exception cref="CommandException">They are of another model.</exception>
    public TModel LoadInto<TModel>(TModel model) where TModel : Module
    {
        try
        {
            model.Load(File);
        }
        catch (WeightMismatchException mismatch)
        {
            throw new CommandException($"'{File}' has the weights of another network than '{Text(ExampleKey)}' has here: "
                + WeightDifferences.Of(mismatch));
        }

        model.Evaluate();
        return model;
    }
}
