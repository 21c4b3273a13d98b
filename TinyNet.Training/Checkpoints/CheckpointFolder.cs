using System.Globalization;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// Where the checkpoints of a run are, how often one is written, and how many are kept. Each is a file <c>checkpoint-</c>, the number of
/// steps, <c>.safetensors</c>; it is there whole or not at all, at whatever instant the process is killed.
/// </summary>
/// <example>
/// <code>
/// var trainer = new Trainer(model, optimizer, new CrossEntropy()) { Checkpoints = new CheckpointFolder("runs/mnist") };
/// trainer.TryResume();
/// trainer.Fit(train, validation, epochs: 10);
/// </code>
/// </example>
public sealed class CheckpointFolder
{
    private const string Beginning = "checkpoint-", Ending = ".safetensors";

    /// <summary>Names the folder of a run; it is made when something is written to it.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public CheckpointFolder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>After how many epochs one is written. One is written in the end in any case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int EveryEpochs
    {
        get;
        init => field = Require.Positive(value, nameof(EveryEpochs));
    } = 1;

    /// <summary>
    /// After how many batches of an epoch one is written, once the step is made that the batch belongs to; null for none within an epoch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? EveryBatches
    {
        get;
        init => field = value is { } batches ? Require.Positive(batches, nameof(EveryBatches)) : null;
    }

    /// <summary>How many are kept: the newest ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Keep
    {
        get;
        init => field = Require.Positive(value, nameof(Keep));
    } = 3;

    /// <summary>
    /// Texts of one's own that are written into each: what is needed to build the model again, say. Keys do not begin with <c>tinynet.</c>.
    /// </summary>
    public IDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The path of the newest checkpoint, which has the most steps; null if there is none.</summary>
    public string? Newest => Files() is [.., var newest] ? newest.Path : null;

    /// <summary>The paths of all checkpoints, the oldest first.</summary>
    public IReadOnlyList<string> List() => [.. Files().Select(file => file.Path)];

    /// <summary>The path, and when something is written to it.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(CheckpointFolder), ("", Path), ("epochs", EveryEpochs), ("batches", EveryBatches), ("keep", Keep));

    internal bool IsDueAfterEpoch(int epoch) => epoch % EveryEpochs == 0;

    /// <summary>Whether one is due after a step of the batches from one number to another.</summary>
    internal bool IsDueAfterStep(int from, int to) => EveryBatches is { } every && to / every > from / every;

    /// <summary>
    /// Refuses what would fail after hours: texts that cannot be, a folder that cannot be written to, and one with checkpoints of more
    /// steps, which the next resumption would take.
    /// </summary>
    internal void Prepare(long step)
    {
        RunCheckpoint.EnsureMetadata(Metadata);
        EnsureWritable();
        if (Files() is [.., var newest] && newest.Step > step)
        {
            throw new InvalidOperationException(
                $"'{newest.Path}' is of step {newest.Step}, and the run is at step {step}: call TryResume to "
                + "go on from there, delete the checkpoints of the earlier run, or choose another folder");
        }
    }

    /// <summary>Writes a checkpoint, and deletes those that are too many.</summary>
    internal void Write(long step, Action<string> write)
    {
        InFolder(() => Directory.CreateDirectory(Path));
        write(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Beginning}{step:D9}{Ending}")));
        foreach (var (path, _) in Files().SkipLast(Keep))
        {
            File.Delete(path);
        }
    }

    /// <summary>
    /// Makes the folder, deletes what killed processes left in it, which may be of steps that none ends with again, and writes a byte.
    /// </summary>
    private void EnsureWritable() => InFolder(() =>
    {
        Directory.CreateDirectory(Path);
        string beginning = System.IO.Path.Combine(System.IO.Path.GetFullPath(Path), Beginning);
        AtomicFile.DeleteAbandoned(beginning);
        using var stream = new FileStream(
            $"{beginning}{System.IO.Path.GetRandomFileName()}{AtomicFile.Ending}", FileMode.CreateNew, FileAccess.Write,
            FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        stream.WriteByte(0);
    });

    /// <summary>Does something with the folder; what fails names it.</summary>
    private void InFolder(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"no checkpoint can be written to '{Path}': {exception.Message}", exception);
        }
    }

    private List<(string Path, long Step)> Files()
    {
        var files = new List<(string Path, long Step)>();
        if (!Directory.Exists(Path))
        {
            return files;
        }

        foreach (string path in Directory.EnumerateFiles(Path, Beginning + "*" + Ending))
        {
            string number = System.IO.Path.GetFileName(path)[Beginning.Length..^Ending.Length];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long step))
            {
                files.Add((path, step));
            }
        }

        files.Sort((a, b) => (a.Step, a.Path.Length).CompareTo((b.Step, b.Path.Length)));
        return files;
    }
}
