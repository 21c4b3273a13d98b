namespace TinyNet.Training;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>It has not: it runs, or it was left by an exception.</summary>
    None,

    /// <summary>All epochs were trained.</summary>
    Completed,

    /// <summary>What is monitored did not become better for too long.</summary>
    EarlyStopping,

    /// <summary>It was asked for, by <c>TrainingRun.Stop</c>.</summary>
    Requested,

    /// <summary>Ctrl-C, or the signal SIGTERM.</summary>
    Signal,

    /// <summary>The caller's cancellation token.</summary>
    Canceled,
}
