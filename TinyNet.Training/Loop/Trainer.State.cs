using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <content>What is remembered between epochs, and whether settings fit together.</content>
public partial class Trainer<TBatch, TOutput, TTarget>
{
    private const string TrainPrefix = "train_", ValidationPrefix = "validation_", Loss = "loss";

    private double? _bestValue;
    private WeightsSnapshot? _best;

    // The weights in training, while the model has those that are to be used.
    private WeightsSnapshot? _training;

    // Whether Fit or Resume is under way.
    private int _isClaimed;

    private string MonitorOf(History history) =>
        Monitor ?? (history.Columns.Contains(ValidationPrefix + Loss) ? ValidationPrefix : TrainPrefix) + Loss;

    private MetricMode Mode => MonitorMode ?? MetricMode.Min;

    private bool IsStale => Patience is { } patience && Epoch - (History!.BestEpoch ?? 0) >= patience;

    /// <summary>Does what changes the run, while nothing else does: no callback, and no other thread.</summary>
    private void Alone(string operation, Action action)
    {
        if (Interlocked.Exchange(ref _isClaimed, 1) != 0)
        {
            throw new InvalidOperationException(
                $"{operation}: Fit or Resume of this trainer is under way, in a callback of which this is called, or on another thread; "
                + "call it when that has ended, or make a trainer with another model");
        }

        try
        {
            action();
        }
        finally
        {
            Volatile.Write(ref _isClaimed, 0);
        }
    }

    private void EnsureSettings()
    {
        EnsureLearns();
        if (Callbacks.Contains(null!))
        {
            throw new InvalidOperationException("a callback is null: leave it out");
        }

        if (StepSchedule is not null && EpochSchedule is not null)
        {
            throw new InvalidOperationException("the learning rate cannot follow two schedules: set StepSchedule or EpochSchedule");
        }

        if (Plateau is not null && (StepSchedule is not null || EpochSchedule is not null))
        {
            throw new InvalidOperationException(
                "the learning rate cannot follow a schedule and Plateau: the schedule would set anew what Plateau has lowered; leave one "
                + "out");
        }

        if (Plateau is { } plateau && (!plateau.IsOf(Optimizer) || plateau.Mode != Mode))
        {
            throw new InvalidOperationException(plateau.IsOf(Optimizer)
                ? $"Plateau takes MetricMode.{plateau.Mode} for better, and the trainer MetricMode.{Mode}: give them the same"
                : "Plateau is of another optimizer than the trainer: make it of this one");
        }

        if (Average?.IsOf(Model) == false)
        {
            throw new InvalidOperationException("Average is of another model than the one that is trained: make it of this one");
        }
    }

    /// <summary>Refuses a run in which no step would change anything.</summary>
    private void EnsureLearns()
    {
        var ofModel = Model.Parameters();
        if (!Optimizer.Parameters.Intersect(ofModel).Any())
        {
            throw new InvalidOperationException($"the optimizer has none of the parameters of the model: '{Optimizer.Parameters[0].Name}', "
                + "say, is of another one; make it of model.Parameters()");
        }

        if (ofModel.All(parameter => parameter.IsFrozen) && Optimizer.Parameters.All(parameter => parameter.IsFrozen))
        {
            throw new InvalidOperationException(
                "every parameter of the model is frozen, and nothing is left to learn: thaw what is to, by Freeze(false) of its module");
        }
    }

    /// <summary>Begins the history, or sees that it goes on with the same columns.</summary>
    private void Begin(Metric<TOutput, TTarget>[] metrics, bool validates)
    {
        string[] columns = Columns(metrics, validates);
        var history = History ?? new History(columns);
        if (!history.Columns.SequenceEqual(columns))
        {
            throw new InvalidOperationException(
                $"the run measured {string.Join(", ", history.Columns)} so far, and now {string.Join(", ", columns)}: go on with the same "
                + "metrics, and with or without validation data as before, or make another trainer");
        }

        EnsureMonitored(history.Columns);
        if (Monitor is not (null or TrainPrefix + Loss or ValidationPrefix + Loss) && MonitorMode is null)
        {
            throw new InvalidOperationException(
                $"the model is judged by '{Monitor}': say by MonitorMode whether higher values (MetricMode.Max) are better, or lower ones");
        }

        History = history;
    }

    /// <summary>Refuses to judge by what is not measured; who misspells it is told of what is measured on validation data.</summary>
    private void EnsureMonitored(IReadOnlyList<string> columns)
    {
        if (Monitor is null || columns.Contains(Monitor))
        {
            return;
        }

        string prefix = Monitor.StartsWith("train", StringComparison.OrdinalIgnoreCase) ? TrainPrefix : ValidationPrefix;
        string[] near = [.. columns.Where(column => column.StartsWith(prefix, StringComparison.Ordinal))];
        string? same = near.Where(column => Monitor.EndsWith(column[prefix.Length..], StringComparison.OrdinalIgnoreCase))
            .MaxBy(column => column.Length);
        throw new InvalidOperationException($"Monitor is '{Monitor}', which is no column"
            + (same is null ? Suggestion.For(Monitor, near) : $" (did you mean '{same}'?)")
            + $"; there are: {string.Join(", ", columns)}"
            + (near.Length == 0 ? $"; those that begin with {ValidationPrefix} come with the validation data of Fit" : ""));
    }

    private static string[] Columns(Metric<TOutput, TTarget>[] metrics, bool validates)
    {
        string[] names = [Loss, .. metrics.Select(metric => metric.Name)];
        return
        [
            .. names.Select(name => TrainPrefix + name), .. validates ? names.Select(name => ValidationPrefix + name) : [],
            "learning_rate", "seconds",
        ];
    }

    private void Schedule()
    {
        if ((StepSchedule ?? EpochSchedule) is not { } schedule)
        {
            return;
        }

        _scheduler ??= new LearningRateScheduler(Optimizer, schedule);
        _scheduler.StepIndex = StepSchedule is null ? Epoch : checked((int)Step);
    }

    private void NoteBest(HistoryRow row)
    {
        double value = row[MonitorOf(History!)];
        bool isBetter = _bestValue is not { } best
            ? !double.IsNaN(value)
            : Mode == MetricMode.Min ? value < best - MinImprovement : value > best + MinImprovement;
        if (!isBetter)
        {
            return;
        }

        (_bestValue, History!.BestEpoch) = (value, row.Epoch);
        if (KeepBest)
        {
            _best = WithAverage(Model.Snapshot);
        }
    }

    /// <summary>Does something while the model has the averaged weights, if there are such.</summary>
    private TResult WithAverage<TResult>(Func<TResult> action)
    {
        if (Average is null)
        {
            return action();
        }

        var training = Model.Snapshot();
        try
        {
            Average.CopyTo(Model);
            return action();
        }
        finally
        {
            Model.Restore(training);
        }
    }

    /// <summary>Puts the weights that are to be used into the model.</summary>
    private void GiveWeights()
    {
        if ((KeepBest && _best is not null) || Average is not null)
        {
            _training = Model.Snapshot();
            GiveWeightsTo(Model);
        }
    }

    private void GiveWeightsTo(Module model)
    {
        if (KeepBest && _best is not null)
        {
            model.Restore(_best);
        }
        else
        {
            Average?.CopyTo(model);
        }
    }

    /// <summary>Puts the weights back that the training goes on with.</summary>
    private void TakeTrainingWeights()
    {
        if (_training is { } training)
        {
            Model.Restore(training);
            _training = null;
        }
    }
}

/// <summary>A training whose loss is no finite number any more. The weights are those before the batch.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in it, from 1.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="learningRate">The learning rate of the step before.</param>
    public TrainingDivergedException(int epoch, int batch, double loss, float learningRate)
        : base(FormattableString.Invariant(
            $"the loss became {loss} in epoch {epoch}, batch {batch}, at a learning rate of {learningRate}: use a smaller one, bound the ")
            + "gradients (ClipNorm), or look whether the data of the batch are finite") =>
        (Epoch, Batch, Loss) = (epoch, batch, loss);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in it, from 1.</summary>
    public int Batch { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; }
}
