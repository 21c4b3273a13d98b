using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>Notes the loss of the batch with which each step ends, in bounded memory: of a long run, steps at equal distances.</summary>
public sealed class LossTrace : Callback
{
    private const int Capacity = 2048;

    private readonly DecimatedHistory<(long Step, double Loss)> _losses = new(Capacity);

    /// <summary>Numbers of steps, and the loss of the batch with which each ended.</summary>
    public IReadOnlyList<(long Step, double Loss)> Losses => _losses;

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.HasStepped)
        {
            _losses.Add((run.Step, run.BatchLoss));
        }
    }
}
