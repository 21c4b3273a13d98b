namespace TinyNet.Training;

/// <summary>
/// Sees that what a file says of a run can be so: the types are right, but a list may hold nulls and a count be negative.
/// </summary>
internal static class RunStateCheck
{
    /// <summary>What is wrong; null if nothing is.</summary>
    public static string? FirstFault(RunState state)
    {
        var (progress, measured) = (state.Progress, state.Measured);
        return progress is { Epoch: < 0 } or { Step: < 0 } or { Batch: < 0 } or { LossSamples: < 0 } || !(progress.Seconds >= 0)
                ? $"a place before the beginning: {progress}"
            : HasNull(progress.Metrics) || HasNull(state.Streams) || HasNull(state.Optimizer.Groups) || HasNull(state.Optimizer.Parameters)
                || HasNull(measured.Columns) || HasNull(measured.Values)
                || state.Optimizer.Parameters.Any(parameter => HasNull(parameter.Tensors))
                ? "null in a list"
            : measured.Values.Length != measured.Epochs.Length ? $"{measured.Epochs.Length} epochs with values of {measured.Values.Length}"
            : measured.Epochs is [.., var last] && last > progress.Epoch ? $"a history to epoch {last} after {progress.Epoch} epochs"
            : state.Monitored.Epoch is { } best && !measured.Epochs.Contains(best) ? $"the best epoch {best}, which is not in the history"
            : state.Monitored.Epoch is null != state.Monitored.Value is null ? "a best epoch without its value, or the other way round"
            : state.Plateau is { } plateau && (double.IsNaN(plateau.Best) || plateau is { BadSteps: < 0 } or { CooldownLeft: < 0 })
                ? $"{plateau}"
            : state.AverageSteps < 0 ? $"an average over {state.AverageSteps} steps"
            : state.Loader is { Samples: < 1 } or { BatchSize: < 1 } ? $"batches of {state.Loader}"
            : null;
    }

    private static bool HasNull<T>(IReadOnlyList<T> list) where T : class => list.Any(item => item is null);
}
