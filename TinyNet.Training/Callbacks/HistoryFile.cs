namespace TinyNet.Training;

/// <summary>
/// Writes the history into a file at the beginning and after each epoch, as CSV or JSON, whole each time: so that it can be looked at
/// while the training goes on, has no row twice after a run was resumed, and a file that cannot be written is found out at once.
/// </summary>
public sealed class HistoryFile : Callback
{
    private readonly string _path;
    private readonly bool _isJson;

    /// <summary>Names the file.</summary>
    /// <param name="path">Its path, which ends in <c>.csv</c> or <c>.json</c>; its folder is made where it is not there.</param>
    /// <exception cref="ArgumentException">It ends otherwise.</exception>
    public HistoryFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _isJson = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => true,
            ".CSV" => false,
            _ => throw new ArgumentException($"'{path}' is neither .csv nor .json", nameof(path)),
        };
        _path = path;
    }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run) => Write(run);

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row) => Write(run);

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run) => Write(run);

    private void Write(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        if (_isJson)
        {
            run.History.WriteJson(_path);
        }
        else
        {
            run.History.WriteCsv(_path);
        }
    }
}
