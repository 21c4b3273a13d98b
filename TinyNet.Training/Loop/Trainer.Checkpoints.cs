using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <content>What goes into a checkpoint, and back.</content>
public partial class Trainer<TBatch, TOutput, TTarget>
{
    private SavedLoader? _place;

    /// <summary>Goes on from the newest checkpoint of <see cref="Checkpoints"/>.</summary>
    /// <returns>Whether there was one: if not, nothing has changed, and <see cref="Fit"/> begins at the beginning.</returns>
    /// <inheritdoc cref="Resume"/>
    /// <exception cref="InvalidOperationException">
    /// There is no <see cref="Checkpoints"/>, or the run was made with other settings.
    /// </exception>
    public bool TryResume()
    {
        if (Checkpoints is null)
        {
            throw new InvalidOperationException("the trainer has no Checkpoints: set them, or call Resume with the path of a checkpoint");
        }

        if (Checkpoints.Newest is not { } newest)
        {
            return false;
        }

        Resume(newest);
        return true;
    }

    /// <summary>
    /// Goes on from a checkpoint: model, optimizer, schedule, average, best weights, metrics of the epoch, history and random numbers
    /// become what they were, and <see cref="Fit"/> begins with the batch after the last that was used. With the same loaders the run then
    /// ends in the same bits as one that was never stopped. Where anything does not fit, everything stays as it is.
    /// </summary>
    /// <param name="path">The path of the checkpoint.</param>
    /// <exception cref="DataFormatException">It is no whole checkpoint.</exception>
    /// <exception cref="WeightMismatchException">The model is another one.</exception>
    /// <exception cref="InvalidOperationException">The run was made with another optimizer, other metrics or other settings.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public void Resume(string path) => Alone("Resume", () => ResumeAlone(path));

    /// <summary>Reads and checks all, then takes it over.</summary>
    private void ResumeAlone(string path)
    {
        using var checkpoint = RunCheckpoint.Open(path);
        var metrics = AllMetrics([]);
        EnsureSettingsOf(checkpoint, metrics);
        var weights = SnapshotOf(checkpoint, RunCheckpoint.ModelPrefix);
        var best = KeepBest && checkpoint.State.Monitored.HasWeights ? SnapshotOf(checkpoint, RunCheckpoint.BestPrefix) : null;
        var averageParts = Average?.Parts(
            checkpoint.Path, checkpoint.Sources(RunCheckpoint.AveragePrefix), RunCheckpoint.Remedy);
        var streams = Streams(checkpoint);
        var optimizerState = OptimizerStateOf(checkpoint);

        // Metrics of somebody else may refuse by any exception.
        double[][] before = States(metrics);
        try
        {
            SetStates(metrics, [.. checkpoint.State.Progress.Metrics.Select(metric => metric.State)]);
            Optimizer.LoadState(optimizerState);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            SetStates(metrics, before);
            throw new InvalidOperationException($"'{path}': the run that wrote it was another one: {exception.Message}", exception);
        }

        // Nothing fails from here on.
        Model.Restore(weights);
        Optimizer.ClearGradients();
        TakeOver(checkpoint, best, averageParts, streams);
    }

    private void TakeOver(
        RunCheckpoint checkpoint, WeightsSnapshot? best, List<StatePart>? averageParts,
        List<(RandomStream? Stream, SavedStream Saved)> streams)
    {
        var (state, progress) = (checkpoint.State, checkpoint.State.Progress);
        (Epoch, Step, _batch) = (progress.Epoch, progress.Step, progress.Batch);
        (_lossSum, _lossWeights, _rate, _seconds) = (progress.LossSum, progress.LossWeights, progress.LearningRate, progress.Seconds);
        (History, _bestValue, _best) = (checkpoint.History, state.Monitored.Value, best);
        (_training, _place, _isSaved, _isStepDue) = (null, state.Loader, true, false);
        if (averageParts is not null)
        {
            Average!.GoOn(averageParts, state.AverageSteps!.Value);
        }

        if (Plateau is not null)
        {
            Plateau.State = state.Plateau!;
        }

        foreach (var (stream, saved) in streams)
        {
            if (stream is null && RandomStream.Default.Seed != saved.Seed)
            {
                RandomStream.Reseed(saved.Seed);
            }

            (stream ?? RandomStream.Default).Position = saved.Position;
        }
    }

    private void SaveCheckpoint(DataLoader<TBatch> train)
    {
        if (Checkpoints is null)
        {
            _isSaved = true;
            return;
        }

        var optimizer = Optimizer.SaveState();
        var tensors = new List<KeyValuePair<string, Tensor>>();
        Add(RunCheckpoint.ModelPrefix, Model.State().Select(part => KeyValuePair.Create(part.Names[0], part.InFile(part.Tensor))));
        Add(RunCheckpoint.AveragePrefix, Average?.Tensors() ?? []);
        Add(RunCheckpoint.BestPrefix, _best?.Sources.Select(source => KeyValuePair.Create(source.Name, source.Read(Device.Cpu))) ?? []);
        foreach (var (name, saved) in optimizer.Parameters)
        {
            Add($"{RunCheckpoint.OptimizerPrefix}{name}/", saved.Tensors);
        }

        var state = StateOf(train, optimizer);
        Checkpoints.Write(Step, path => RunCheckpoint.Write(path, state, tensors, Checkpoints.Metadata));
        _isSaved = true;

        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> named) =>
            tensors.AddRange(named.Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)));
    }

    private RunState StateOf(DataLoader<TBatch> train, OptimizerState optimizer) => new(
        RunState.CurrentVersion,
        new Progress(
            Epoch, Step, _batch, _lossSum, _lossWeights, _rate, _seconds,
            [.. Metrics.Select(metric => new SavedMetric(metric.Name, metric.State))]),
        new Monitored(History!.BestEpoch, _bestValue, _best is not null),
        new Measured(
            [.. History.Columns], [.. History.Rows.Select(row => row.Epoch)], [.. History.Rows.Select(row => row.Values.ToArray())]),
        new SavedOptimizer(
            optimizer.Kind, optimizer.Groups,
            [
                .. optimizer.Parameters.Select(pair => new SavedParameter(
                    pair.Key, pair.Value.Steps, pair.Value.MomentumProduct, [.. pair.Value.Tensors.Keys])),
            ]),
        PlaceOf(train),
        [new SavedStream(null, RandomStream.Default.Seed, RandomStream.Default.Position), .. OwnStreams()],
        Plateau?.State,
        Average?.Steps);

    private static SavedLoader PlaceOf(DataLoader<TBatch> train) =>
        new(train.Dataset.Count, train.BatchSize, train.Count, train.Shuffles, train.Seed, train.ByLength);

    /// <summary>The streams that modules have of their own.</summary>
    private IEnumerable<SavedStream> OwnStreams() => Model.NamedModules()
        .Where(named => named.Module.Random is { } stream && stream != RandomStream.Default)
        .Select(named => new SavedStream(named.Name, named.Module.Random!.Seed, named.Module.Random.Position));

    /// <summary>Refuses to go on in the middle of an epoch with other batches than it began with.</summary>
    private void EnsureSamePlace(DataLoader<TBatch> train)
    {
        var place = PlaceOf(train);
        if (_batch > 0 && _place is { } before && before != place)
        {
            throw new InvalidOperationException(
                $"epoch {Epoch + 1} began with {before}, of which {_batch} batches were used, and is to go on with {place}: give a loader "
                + "that is made as the one before");
        }

        _place = place;
    }

    private void EnsureSettingsOf(RunCheckpoint checkpoint, Metric<TOutput, TTarget>[] metrics)
    {
        var state = checkpoint.State;
        string[] names = [.. metrics.Select(metric => metric.Name)], saved = [.. state.Progress.Metrics.Select(metric => metric.Name)];
        string? problem = !names.SequenceEqual(saved)
                ? $"has the metrics [{string.Join(", ", saved)}], this one [{string.Join(", ", names)}]"
            : Average is null != state.AverageSteps is null ? Differs("Average", Average is null)
            : Plateau is null != state.Plateau is null ? Differs("Plateau", Plateau is null)
            : !Columns(metrics, validates: false).SequenceEqual(state.Measured.Columns)
                && !Columns(metrics, validates: true).SequenceEqual(state.Measured.Columns)
                ? $"measured {string.Join(", ", state.Measured.Columns)}"
            : state.Progress.Batch % BatchesPerStep != 0 && state.Progress.Batch != state.Loader.Batches
                ? $"stopped after {state.Progress.Batch} batches of an epoch, where a step of {BatchesPerStep} is not whole"
            : KeepBest && state.Monitored is { Epoch: not null, HasWeights: false }
                ? "did not keep the best weights (KeepBest), this one does"
            : null;
        if (problem is not null)
        {
            throw new InvalidOperationException(
                $"'{checkpoint.Path}': the run that wrote it {problem}; make the trainer with the same settings");
        }

        static string Differs(string setting, bool isMissingHere) =>
            isMissingHere ? $"had {setting}, this one has none" : $"had no {setting}, this one has";
    }

    /// <summary>The streams of random numbers that a checkpoint has positions of; null is the default one.</summary>
    private List<(RandomStream? Stream, SavedStream Saved)> Streams(RunCheckpoint checkpoint)
    {
        var own = Model.NamedModules().ToDictionary(named => named.Name, named => named.Module.Random, StringComparer.Ordinal);
        var streams = new List<(RandomStream? Stream, SavedStream Saved)>();
        foreach (var saved in checkpoint.State.Streams)
        {
            var stream = saved.Module is null ? null : own.GetValueOrDefault(saved.Module);
            if (saved.Module is not null && stream?.Seed != saved.Seed)
            {
                throw new InvalidOperationException($"'{checkpoint.Path}': module '{saved.Module}' had random numbers of its own, of seed "
                    + $"{saved.Seed}, and now has {(stream is null ? "none" : $"those of seed {stream.Seed}")}; build the model as it was "
                    + "built");
            }

            streams.Add((stream, saved));
        }

        return streams;
    }

    private static OptimizerState OptimizerStateOf(RunCheckpoint checkpoint)
    {
        var parameters = new Dictionary<string, ParameterState>(StringComparer.Ordinal);
        foreach (var (name, steps, product, tensors) in checkpoint.State.Optimizer.Parameters)
        {
            var read = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (string tensor in tensors)
            {
                read[tensor] = checkpoint.Read($"{RunCheckpoint.OptimizerPrefix}{name}/{tensor}");
            }

            parameters[name] = new ParameterState(steps, read, product);
        }

        return new OptimizerState(checkpoint.State.Optimizer.Kind, parameters, checkpoint.State.Optimizer.Groups);
    }

    private WeightsSnapshot SnapshotOf(RunCheckpoint checkpoint, string prefix)
    {
        List<StatePart> parts = [.. Model.State().Select(part => part.Copy())];
        checkpoint.Load("Resume", prefix, parts);
        return new WeightsSnapshot(parts);
    }

    /// <summary>What metrics have added up, in copies: one of somebody else may give the numbers themselves.</summary>
    private static double[][] States(Metric<TOutput, TTarget>[] metrics) => [.. metrics.Select(metric => (double[])[.. metric.State])];

    private static void SetStates(Metric<TOutput, TTarget>[] metrics, double[][] states)
    {
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i].State = states[i];
        }
    }
}
