using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>
/// Writes event files of TensorBoard while a run goes on: the loss of batches as <c>loss/batch</c>, and at the end of each epoch the
/// columns of the history (<c>train_loss</c> as <c>loss/train</c>, <c>validation_accuracy</c> as <c>accuracy/validation</c>, the others by
/// their names). All of them stand over the steps of the optimizer. A run that goes on writes one more file into its folder.
/// </summary>
/// <example>
/// <code>
/// var trainer = new Trainer(model, optimizer, new CrossEntropy()) { Callbacks = { new TensorBoardCallback("runs/first") } };
/// </code>
/// </example>
public sealed class TensorBoardCallback : Callback
{
    private readonly string _folder;
    private readonly int _every;
    private readonly TimeProvider? _time;
    private readonly MonitorEvents _events = new();

    /// <summary>Names the folder of the run.</summary>
    /// <param name="folder">The folder, which is made where it is not there.</param>
    /// <param name="every">The loss of every how manieth step is written: 1 for that of each.</param>
    /// <param name="time">The clock by which events are dated; null for that of the system.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is not positive.</exception>
    public TensorBoardCallback(string folder, int every = 1, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        (_folder, _every, _time) = (folder, Require.Positive(every), time);
    }

    /// <summary>
    /// Monitors of the model: at the end of each epoch the gradient of each parameter and the output of each layer in the newest step that
    /// they looked at are written at that step, as histograms of their samples, with the norm of the gradient, the newest update over the
    /// weight, and the standard deviation and zeros of the output as scalars; nothing where no step of the epoch was looked at.
    /// </summary>
    public IReadOnlyList<ModelMonitor> Monitors { get; init; } = [];

    /// <summary>The file, for what is to stand beside; null where no training is under way.</summary>
    public EventFileWriter? Events { get; private set; }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Events?.Dispose();
        Events = EventFileWriter.InFolder(_folder, _time);
        foreach (var monitor in Monitors)
        {
            monitor.OnFitStarted(run);
        }

        if (run.Step > 0)
        {
            Events.AddRestart(run.Step);
        }
    }

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);

        // Of the batches that make a step the last one; nan where nothing in it counts.
        if (run.HasStepped && run.Step % _every == 0 && !double.IsNaN(run.BatchLoss))
        {
            Events?.AddScalar("loss/batch", run.BatchLoss, run.Step);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(row);
        foreach (string column in run.History.Columns)
        {
            Events?.AddScalar(Tag(column), row[column], run.Step);
        }

        if (Events is { } events)
        {
            _events.Write(events, Monitors);
            events.Flush();
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run)
    {
        foreach (var monitor in Monitors)
        {
            monitor.OnFitEnded(run);
        }

        Events?.Dispose();
        Events = null;
    }

    /// <summary>What training and validation measure alike stands side by side in a group.</summary>
    private static string Tag(string column) => column.Split('_', 2) is ["train" or "validation", var measure]
        ? $"{measure}/{column[..^(measure.Length + 1)]}"
        : column;
}
