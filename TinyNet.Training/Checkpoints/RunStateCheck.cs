namespace TinyNet.Training;

/// <summary>
/// Sees that what a file says of a run can be so: the types are right, but a list may hold nulls and a count be negative.
/// </summary>
internal static class RunStateCheck
{
    /// <summary>What is wrong; null if nothing is.</summary>
    public static string? FirstFault(RunState state) => FaultOfLists(state) ?? FaultOfPlace(state) ?? FaultOfMeasures(state);

    private static string? FaultOfLists(RunState state)
    {
        var (optimizer, measured) = (state.Optimizer, state.Measured);
        return HasNull(state.Progress.Metrics) || HasNull(state.Streams) || HasNull(measured.Columns) || HasNull(measured.Values)
                || HasNull(optimizer.Groups) || optimizer.Groups.Any(group => group.Parameters is { } names && HasNull(names))
                || HasNull(optimizer.Parameters) || optimizer.Parameters.Any(parameter => HasNull(parameter.Tensors))
                ? "null in a list"
            : FirstTwice(optimizer.Parameters.Select(parameter => parameter.Name)) is { } name ? $"parameter '{name}' twice"
            : optimizer.Parameters.Select(parameter => FirstTwice(parameter.Tensors)).FirstOrDefault(tensor => tensor is not null)
                is { } tensor ? $"tensor '{tensor}' twice"
            : FirstTwice(state.Streams.Select(stream => stream.Module ?? "")) is { } module ? $"random numbers of '{module}' twice"
            : state.Streams.FirstOrDefault(stream => stream.Position % 4 != 0) is { } odd ? $"{odd}, whose position is no multiple of 4"
            : null;
    }

    private static string? FaultOfPlace(RunState state)
    {
        var (progress, loader) = (state.Progress, state.Loader);
        return loader is { Samples: < 1 } or { BatchSize: < 1 } or { Batches: < 1 }
                || (loader.Batches - 1L) * loader.BatchSize >= loader.Samples ? $"batches of {loader}"
            : progress is { Epoch: < 0 } or { Step: < 0 } or { Batch: < 0 } || !(progress.Seconds >= 0)
                ? $"a place before the beginning: {progress}"
            : progress.Step >= int.MaxValue || progress.Batch > loader.Batches ? $"a place after the end: {progress}"
            : !double.IsFinite(progress.LossSum) || progress.LossWeights is not (>= 0 and < double.PositiveInfinity)
                || (progress.Batch == 0 && progress.LossWeights > 0)
                ? $"a loss of {progress.LossSum} over weights of {progress.LossWeights} after {progress.Batch} batches"
            : progress.LearningRate is not (>= 0 and < float.PositiveInfinity) ? $"a learning rate of {progress.LearningRate}"
            : state.AverageSteps < 0 ? $"an average over {state.AverageSteps} steps"
            : null;
    }

    private static string? FaultOfMeasures(RunState state)
    {
        var (measured, monitored) = (state.Measured, state.Monitored);
        return measured.Values.Length != measured.Epochs.Length
                ? $"{measured.Epochs.Length} epochs with values of {measured.Values.Length}"
            : measured.Epochs is [.., var last] && last > state.Progress.Epoch
                ? $"a history to epoch {last} after {state.Progress.Epoch} epochs"
            : monitored.Epoch is { } best && !measured.Epochs.Contains(best) ? $"the best epoch {best}, which is not in the history"
            : monitored.Epoch is null != monitored.Value is null ? "a best epoch without its value, or the other way round"
            : monitored.Value is double.NaN ? "a best value that is nan"
            : monitored is { Epoch: null, HasWeights: true } ? "the weights of a best epoch that there is not"
            : state.Plateau is { } plateau && (double.IsNaN(plateau.Best) || plateau is { BadSteps: < 0 } or { CooldownLeft: < 0 })
                ? $"{plateau}"
            : null;
    }

    private static bool HasNull<T>(IReadOnlyList<T> list) where T : class => list.Any(item => item is null);

    private static string? FirstTwice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.FirstOrDefault(name => !seen.Add(name));
    }
}
