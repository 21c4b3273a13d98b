namespace TinyNet.Training;

/// <summary>
/// What is told how a training goes, and may stop it or change settings: derive from it and override what is of interest. An exception of
/// one leaves <c>Fit</c>.
/// </summary>
public abstract class Callback
{
    /// <summary>A training begins, or goes on.</summary>
    public virtual void OnFitStarted(TrainingRun run)
    {
    }

    /// <summary>An epoch begins; the model is in training mode, and layers that are to be in evaluation mode can be put there.</summary>
    public virtual void OnEpochStarted(TrainingRun run)
    {
    }

    /// <summary>The gradients of a step are there, clipped, and have not been used; its tape is still open.</summary>
    public virtual void OnStepStarting(TrainingRun run)
    {
    }

    /// <summary>A batch has been trained on. Where several make a step, the step comes with the last of them.</summary>
    public virtual void OnBatchEnded(TrainingRun run)
    {
    }

    /// <summary>An epoch has ended, validation included, and its row is in the history.</summary>
    public virtual void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
    }

    /// <summary>
    /// The training has ended, or was left by an exception: then the reason in the history is <see cref="StopReason.None"/>. All callbacks
    /// are told, also where one throws; what was thrown first leaves <c>Fit</c>.
    /// </summary>
    public virtual void OnFitEnded(TrainingRun run)
    {
    }
}
