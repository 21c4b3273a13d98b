using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Training;

/// <content>The loop.</content>
public partial class Trainer<TBatch, TOutput, TTarget>
{
    // Where the run is in its epoch, and what that epoch has measured so far.
    private int _batch;
    private double _lossSum, _lossWeights, _seconds;
    private float _rate;
    private bool _isSaved = true;

    // Of the step under way: the weights of its batches so far, and what their sum would be if all were like the first.
    private double _stepWeight, _likelyWeight;

    // The gradients of a step are complete, and it has not been made, as something failed.
    private bool _isStepDue;

    /// <summary>
    /// Trains until so many epochs are over, those of earlier calls and of a resumed checkpoint included, or something ends it before.
    /// Afterwards the model is in evaluation mode.
    /// </summary>
    /// <remarks>
    /// In an epoch the trainer sets <see cref="DataLoader{TBatch}.Epoch"/> of the loaders, so that orders and changes of samples follow
    /// from their seeds and the number of the epoch alone. Validation data are best a part of the training data that is not trained on;
    /// test data are for <see cref="Evaluate"/> at the end: what is chosen by looking at them, they no longer judge.
    /// </remarks>
    /// <param name="train">The training data.</param>
    /// <param name="validation">What the model is scored on after each epoch; null for nothing.</param>
    /// <param name="epochs">After which epoch it ends.</param>
    /// <param name="cancellation">Ends it after a step, with a checkpoint, and without an exception.</param>
    /// <returns>What was measured, with the reason why it ended.</returns>
    /// <exception cref="TrainingDivergedException">The loss of a batch is no finite number.</exception>
    /// <exception cref="InvalidOperationException">
    /// Settings contradict each other, or the run and its checkpoints do; <see cref="Monitor"/> is no column; the optimizer has parameters
    /// that are not in the model, or all of the model are frozen; or this is called from a <see cref="Fit"/> that is under way.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs is negative.</exception>
    /// <exception cref="IOException">
    /// A checkpoint could not be written, those before are as they were; or, before the first batch, none can be.
    /// </exception>
    public History Fit(
        DataLoader<TBatch> train, DataLoader<TBatch>? validation = null, int epochs = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        Require.NotNegative(epochs);
        Alone("Fit", () => FitAlone(train, validation, epochs, cancellation));
        return History!;
    }

    private void FitAlone(DataLoader<TBatch> train, DataLoader<TBatch>? validation, int epochs, CancellationToken cancellation)
    {
        EnsureSettings();
        var metrics = AllMetrics([]);
        Callback[] callbacks = [.. Callbacks];
        Begin(metrics, validation is not null);
        EnsureSamePlace(train);
        Checkpoints?.Prepare(Step);
        Schedule();
        TakeTrainingWeights();

        var run = new TrainingRun(Model, Optimizer, History!, epochs, train.Count) { Epoch = Epoch, Batch = _batch, Step = Step };
        using var signals = StopsOnSignals ? new StopSignals() : null;
        History!.StopReason = StopReason.None;
        Exception? failure = null;
        try
        {
            Array.ForEach(callbacks, callback => callback.OnFitStarted(run));
            var reason = Run(new Pass(run, train, validation, metrics, callbacks, signals, cancellation));
            History.StopReason = reason;
            if (!_isSaved && IsBetweenSteps(train))
            {
                SaveCheckpoint(train);
            }

            GiveWeights();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        train.FirstBatch = 0;
        Model.Evaluate();
        End(run, callbacks, failure);
    }

    /// <summary>Tells all callbacks that it has ended; what went wrong first leaves <see cref="Fit"/>.</summary>
    private static void End(TrainingRun run, Callback[] callbacks, Exception? failure)
    {
        foreach (var callback in callbacks)
        {
            try
            {
                callback.OnFitEnded(run);
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private StopReason Run(Pass pass)
    {
        var run = pass.Run;
        if (_isStepDue)
        {
            MakeStep(pass);
        }

        while (true)
        {
            var reason = NoteStop(pass);
            reason = reason != StopReason.None ? reason : IsStale ? StopReason.EarlyStopping
                : Epoch >= run.Epochs ? StopReason.Completed : StopReason.None;
            if (reason != StopReason.None)
            {
                return reason;
            }

            (run.Epoch, run.Batch) = (Epoch + 1, _batch);
            Model.Train();
            Array.ForEach(pass.Callbacks, callback => callback.OnEpochStarted(run));
            if (TrainEpoch(pass))
            {
                EndEpoch(pass);
            }
        }
    }

    /// <summary>Trains on the batches of an epoch that are left, and says whether all were.</summary>
    private bool TrainEpoch(Pass pass)
    {
        var (run, train) = (pass.Run, pass.Train);
        long start = Stopwatch.GetTimestamp();
        double before = _seconds;
        (train.Epoch, train.FirstBatch) = (Epoch, _batch);
        foreach (var batch in train)
        {
            TrainBatch(pass, batch, train.SamplesOf(_batch));
            _seconds = before + Stopwatch.GetElapsedTime(start).TotalSeconds;
            foreach (var callback in pass.Callbacks)
            {
                callback.OnBatchEnded(run);
            }

            bool isStep = IsBetweenSteps(train);
            if (isStep && NoteStop(pass) != StopReason.None)
            {
                return _batch == train.Count;
            }

            // After the last one the epoch is scored first.
            if (isStep && _batch < train.Count && Checkpoints?.IsDueAfterStep(BatchesBeforeStep, _batch) == true)
            {
                SaveCheckpoint(train);
            }
        }

        return true;
    }

    private void TrainBatch(Pass pass, TBatch batch, int samples)
    {
        using var tape = Tape.Record();
        if (_batch % BatchesPerStep == 0)
        {
            // There are some where a pass of somebody else, or one of a batch that failed, was not followed by a step.
            Optimizer.ClearGradients();
            _stepWeight = 0;
        }

        var output = Output(batch);
        var target = _target(batch);
        var loss = Scalar(_loss(output, target));
        var (value, weight) = (loss.Item(), WeightOf(output, target, samples));
        if (weight > 0)
        {
            if (!double.IsFinite(value))
            {
                throw new TrainingDivergedException(Epoch + 1, _batch + 1, value, Optimizer.Groups[0].LearningRate);
            }

            _likelyWeight = _stepWeight > 0 ? _likelyWeight : weight * SamplesOfStep(pass.Train) / samples;
            double share = weight / _likelyWeight;
            tape.Backward(share == 1 ? loss : loss * (float)share);
            _stepWeight += weight;
            _lossSum += value * (double)weight;
            _lossWeights += weight;
        }

        // Its gradients are there: whatever fails from here on, the batch must not be trained on once more.
        _batch++;
        (_isSaved, _isStepDue) = (false, IsBetweenSteps(pass.Train));
        if (_isStepDue && _stepWeight > 0)
        {
            GradientClipping.Scale(Optimizer.Parameters, _likelyWeight / _stepWeight);
        }

        var run = pass.Run;
        (run.Batch, run.BatchSamples, run.BatchLoss, run.Loss) = (_batch, samples, value, _lossSum / _lossWeights);
        run.HasStepped = false;
        using (Tape.NoGrad())
        {
            foreach (var metric in pass.Metrics)
            {
                metric.Add(output, target);
            }
        }

        if (_isStepDue)
        {
            MakeStep(pass);
        }
    }

    /// <summary>What the mean of a batch's losses was divided by.</summary>
    private double WeightOf(TOutput output, TTarget target, int samples)
    {
        double weight = _lossWeight is null ? samples : _lossWeight(output, target);
        return weight >= 0 && double.IsFinite(weight) ? weight : throw new InvalidOperationException(
            FormattableString.Invariant($"the function 'lossWeight' that the trainer was given gave {weight} for a batch"));
    }

    /// <summary>Whether the batches so far make whole steps.</summary>
    private bool IsBetweenSteps(DataLoader<TBatch> train) => _batch % BatchesPerStep == 0 || _batch == train.Count;

    private void MakeStep(Pass pass)
    {
        if (ClipNorm is { } norm)
        {
            GradientClipping.ByNorm(Optimizer.Parameters, norm);
        }

        if (ClipValue is { } bound)
        {
            GradientClipping.ByValue(Optimizer.Parameters, bound);
        }

        foreach (var callback in pass.Callbacks)
        {
            callback.OnStepStarting(pass.Run);
        }

        _rate = Optimizer.Groups[0].LearningRate;
        Optimizer.Step();
        _isStepDue = false;
        (pass.Run.Step, pass.Run.HasStepped) = (++Step, true);
        Average?.Update();
        if (StepSchedule is not null)
        {
            _scheduler!.Step();
        }
    }

    /// <summary>How many samples the batches have that make the step which the current one belongs to.</summary>
    private double SamplesOfStep(DataLoader<TBatch> train)
    {
        int first = _batch - _batch % BatchesPerStep, last = Math.Min(first + BatchesPerStep, train.Count) - 1;
        return ((double)last - first) * train.BatchSize + train.SamplesOf(last);
    }

    /// <summary>How many batches of the epoch there were before those of the step that was made last.</summary>
    private int BatchesBeforeStep => (_batch - 1) / BatchesPerStep * BatchesPerStep;

    /// <summary>Scores an epoch that is over, and notes what follows from it.</summary>
    private void EndEpoch(Pass pass)
    {
        var run = pass.Run;
        List<double> values = [_lossSum / _lossWeights, .. pass.Metrics.Select(metric => metric.Value)];
        if (pass.Validation is { } validation)
        {
            validation.Epoch = Epoch;
            var score = WithAverage(() => MeasureApart(validation, pass.Metrics));
            values.AddRange([score.Loss, .. score.Metrics.Select(metric => metric.Value)]);
        }

        History!.Add(Epoch + 1, [.. values, WithDigitsOf(_rate), _seconds]);
        Epoch++;
        bool isDue = Checkpoints is { } folder && (folder.IsDueAfterEpoch(Epoch) || folder.IsDueAfterStep(BatchesBeforeStep, _batch));
        ClearEpoch(pass.Metrics);
        var row = History.Rows[^1];
        NoteBest(row);
        Plateau?.Step(row[MonitorOf(History)]);
        if (EpochSchedule is not null)
        {
            _scheduler!.Step();
        }

        _isSaved = false;
        Array.ForEach(pass.Callbacks, callback => callback.OnEpochEnded(run, row));
        if (isDue)
        {
            SaveCheckpoint(pass.Train);
        }
    }

    /// <summary>The double that has the digits of a float, and not those of its bits: 0.001, and not 0.0010000000474974513.</summary>
    private static double WithDigitsOf(float value) =>
        double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private void ClearEpoch(Metric<TOutput, TTarget>[] metrics)
    {
        (_batch, _lossSum, _lossWeights, _seconds) = (0, 0, 0, 0);
        Array.ForEach(metrics, metric => metric.Clear());
    }

    private static StopReason NoteStop(Pass pass)
    {
        var run = pass.Run;
        if (run.StopReason == StopReason.None)
        {
            run.StopReason = pass.Signals is { HaveCome: true } ? StopReason.Signal
                : pass.Cancellation.IsCancellationRequested ? StopReason.Canceled : StopReason.None;
        }

        return run.StopReason;
    }

    private TOutput Output(TBatch batch) => _forward(batch) is { } output ? output : throw NoResult("forward");

    private static Tensor Scalar(Tensor? loss) => loss is null ? throw NoResult("loss")
        : loss.Length == 1 ? loss
        : throw new ShapeException(
            "Fit", $"a loss of shape {loss.Shape}", "the loss of a batch is one number: give the loss another reduction than None");

    private static InvalidOperationException NoResult(string function) =>
        new($"the function '{function}' that the trainer was given gave null for a batch");

    /// <summary>One call of <see cref="Fit"/>.</summary>
    private sealed record Pass(
        TrainingRun Run, DataLoader<TBatch> Train, DataLoader<TBatch>? Validation, Metric<TOutput, TTarget>[] Metrics,
        Callback[] Callbacks, StopSignals? Signals, CancellationToken Cancellation);
}
