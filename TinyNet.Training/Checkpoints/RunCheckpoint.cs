using System.Text.Json;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// A file with all that a run needs to go on bit for bit: weights, the optimizer's state, averaged and best weights, counters of random
/// numbers, what was measured, how many batches were used, and texts of the caller's. Its format is safetensors.
/// </summary>
/// <remarks>
/// A trainer writes it by its <c>Checkpoints</c> and goes on from it by <c>Resume</c>; to use the model alone, build it as it was built,
/// with the help of <see cref="Metadata"/>, and call <see cref="LoadInto"/>. What the file says is checked before anything is allocated
/// by it, and nothing in it can make code run.
/// </remarks>
/// <example>
/// <code>
/// using var checkpoint = RunCheckpoint.Open(new CheckpointFolder("runs/mnist").Newest!);
/// var model = new ConvNet(checkpoint.Metadata["activation"]);
/// checkpoint.LoadInto(model);
/// </code>
/// </example>
public sealed class RunCheckpoint : IDisposable
{
    internal const string ModelPrefix = "model/", AveragePrefix = "average/", BestPrefix = "best/", OptimizerPrefix = "optimizer/";
    internal const string ReservedPrefix = "tinynet.";
    private const string StateKey = ModelWeights.RunKey;

    private readonly SafetensorsFile _file;

    private RunCheckpoint(SafetensorsFile file, RunState state, History history)
    {
        (_file, State, History) = (file, state, history);
        Metadata = file.Metadata.Where(pair => !pair.Key.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path => _file.Path;

    /// <summary>The texts of the caller's: <see cref="CheckpointFolder.Metadata"/>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What was measured.</summary>
    public History History { get; }

    /// <summary>How many epochs were over.</summary>
    public int Epoch => State.Progress.Epoch;

    /// <summary>How many steps the optimizer had made.</summary>
    public long Step => State.Progress.Step;

    internal RunState State { get; }

    /// <summary>The path, and how far the run was.</summary>
    public override string ToString() => $"{Path}: epoch {Epoch}, step {Step}";

    /// <summary>Opens a checkpoint and checks what it says.</summary>
    /// <exception cref="DataFormatException">It is no whole checkpoint.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static RunCheckpoint Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            var state = Parse(file);
            return new RunCheckpoint(file, state, ToHistory(path, state));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads the weights that the run would leave in the model: the best if it keeps those, else the averaged if it averages, else the
    /// last.
    /// </summary>
    /// <exception cref="WeightMismatchException">Names or shapes differ; it lists them.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public void LoadInto(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string prefix = State.Monitored.HasWeights ? BestPrefix : State.AverageSteps is null ? ModelPrefix : AveragePrefix;
        Load("LoadInto", prefix, model.State());
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    internal static void Write(
        string path, RunState state, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StateKey] = JsonSerializer.Serialize(state, RunStateJson.Default.RunState),
        };
        EnsureMetadata(metadata);
        foreach (var (key, text) in metadata)
        {
            texts.Add(key, text);
        }

        SafetensorsFile.Write(path, tensors, texts);
    }

    /// <summary>Refuses texts of the caller's that cannot be in a checkpoint.</summary>
    internal static void EnsureMetadata(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        foreach (var (key, text) in metadata)
        {
            string? problem = key.StartsWith(ReservedPrefix, StringComparison.Ordinal)
                    ? $"is not one's own: those of TinyNet begin with '{ReservedPrefix}'"
                : text is null ? "has the text null: leave it out" : null;
            if (problem is not null)
            {
                throw new InvalidOperationException($"the key '{key}' of CheckpointFolder.Metadata {problem}");
            }
        }
    }

    /// <summary>The tensors of a prefix, by what follows it.</summary>
    internal List<StateSource> Sources(string prefix) =>
    [
        .. _file.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => new StateSource(
            entry.Name[prefix.Length..], entry.Name, entry.Shape, device => _file.Read(entry.Name, device))),
    ];

    /// <summary>Overwrites parts of a model with the tensors of a prefix.</summary>
    internal void Load(string operation, string prefix, IReadOnlyList<StatePart> parts) =>
        StateTransfer.Run(operation, $"'{Path}'", parts, Sources(prefix), strict: true, Remedy);

    /// <summary>What to do where a model is not the one of the run.</summary>
    internal static string Remedy(StateMismatch mismatch) =>
        "build the model as it was when the run began; the checkpoint's Metadata are for what that needs";

    /// <summary>Reads a tensor that the state names.</summary>
    internal Tensor Read(string name) => _file.Has(name)
        ? _file.Read(name)
        : throw Unfit(Path, $"a tensor '{name}'", "none");

    private static RunState Parse(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(StateKey, out string? json))
        {
            throw Unfit(file.Path, $"the text '{StateKey}' of a checkpoint", "none: it may be a file of weights, which Model.Load reads");
        }

        EnsureVersion(file.Path, json);
        try
        {
            // It is an object: EnsureVersion has seen that.
            var state = JsonSerializer.Deserialize(json, RunStateJson.Default.RunState)!;
            return RunStateCheck.FirstFault(state) is { } fault ? throw Unfit(file.Path, "a state whose values can be", fault) : state;
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(file.Path, $"text '{StateKey}'", "the JSON of a checkpoint", exception.Message, exception);
        }
    }

    /// <summary>Looks at the version alone: what else a later one says is not known.</summary>
    private static void EnsureVersion(string path, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(nameof(RunState.Version), out var version)
                && version.TryGetInt32(out int number) && number == RunState.CurrentVersion)
            {
                return;
            }

            throw Unfit(path, $"a checkpoint of version {RunState.CurrentVersion}", "another one; read it with the TinyNet that wrote it");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new DataFormatException(path, $"text '{StateKey}'", "the JSON of a checkpoint", exception.Message, exception);
        }
    }

    private static History ToHistory(string path, RunState state)
    {
        try
        {
            var history = new History(state.Measured.Columns) { BestEpoch = state.Monitored.Epoch };
            for (int i = 0; i < state.Measured.Epochs.Length; i++)
            {
                history.Add(state.Measured.Epochs[i], state.Measured.Values[i]);
            }

            return history;
        }
        catch (ArgumentException exception)
        {
            throw new DataFormatException(path, $"text '{StateKey}'", "a history", exception.Message, exception);
        }
    }

    private static DataFormatException Unfit(string path, string expected, string found) =>
        new(path, $"text '{StateKey}'", expected, found);
}
