using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// Trains a model, measures it, stops in time, and keeps what is needed to go on after a stop. For classes of samples that is
/// <see cref="Trainer"/>, for numbers to be predicted <see cref="RegressionTrainer"/>, for sequences of tokens
/// <see cref="SequenceTrainer"/>; for any other batch this, with functions that say what the model makes of it and what that is compared
/// with.
/// </summary>
/// <remarks>
/// A trainer is one run: it counts epochs and steps, and <see cref="Fit"/> goes on where the last one, or the checkpoint that was resumed,
/// ended. The loop that it runs is in docs/training.md, in ten lines, for what does not fit in here.
/// </remarks>
/// <typeparam name="TBatch">What a batch is.</typeparam>
/// <typeparam name="TOutput">What the model gives for a batch.</typeparam>
/// <typeparam name="TTarget">What that is compared with.</typeparam>
/// <example>
/// A model of two images, which says whether they show the same thing:
/// <code>
/// var trainer = new Trainer&lt;(Tensor First, Tensor Second, IndexTensor IsSame), Tensor, IndexTensor>(
///     model, optimizer, batch => model.Forward((batch.First, batch.Second)), batch => batch.IsSame, crossEntropy.Forward);
/// </code>
/// </example>
public partial class Trainer<TBatch, TOutput, TTarget>
{
    private readonly Func<TBatch, TOutput> _forward;
    private readonly Func<TBatch, TTarget> _target;
    private readonly Func<TOutput, TTarget, Tensor> _loss;
    private readonly Func<TOutput, TTarget, double>? _lossWeight;
    private LearningRateScheduler? _scheduler;

    /// <summary>Makes a trainer. Nothing is trained before <see cref="Fit"/>.</summary>
    /// <param name="model">The model: what is switched between training and evaluation, and saved.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="forward">What the model makes of a batch.</param>
    /// <param name="target">What of a batch that is compared with.</param>
    /// <param name="loss">Compares them: a number, the mean over the batch.</param>
    /// <param name="lossWeight">
    /// What that mean was divided by, where not every sample counts the same: <see cref="Layers.Loss{TTarget}.MeanWeight"/> of a loss that
    /// ignores labels or weighs classes, say. Batches count by it, in the loss of an epoch and in a step of several; one of 0 does not
    /// count. Null for the number of samples.
    /// </param>
    public Trainer(
        Module model, Optimizer optimizer, Func<TBatch, TOutput> forward, Func<TBatch, TTarget> target,
        Func<TOutput, TTarget, Tensor> loss, Func<TOutput, TTarget, double>? lossWeight = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(loss);
        (Model, Optimizer) = (model, optimizer);
        (_forward, _target, _loss, _lossWeight) = (forward, target, loss, lossWeight);
    }

    /// <summary>The model. After <see cref="Fit"/> it has the weights that are to be used: the best, the averaged, or the last.</summary>
    public Module Model { get; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What is measured besides the loss, of the training data as they come and of the validation data.</summary>
    public IList<Metric<TOutput, TTarget>> Metrics { get; } = [];

    /// <summary>What is told how the training goes.</summary>
    public IList<Callback> Callbacks { get; } = [];

    /// <summary>The schedule of the learning rate by steps of the optimizer; null for none.</summary>
    public Schedule? StepSchedule { get; init; }

    /// <summary>The schedule of the learning rate by epochs; null for none.</summary>
    public Schedule? EpochSchedule { get; init; }

    /// <summary>What lowers the learning rate when <see cref="Monitor"/> has stopped to become better; null for nothing.</summary>
    public PlateauScheduler? Plateau { get; init; }

    /// <summary>
    /// The column of the <see cref="History"/> that says which epoch is the best; null for <c>validation_loss</c>, or <c>train_loss</c>
    /// where there are no validation data.
    /// </summary>
    public string? Monitor { get; init; }

    /// <summary>
    /// Which values of <see cref="Monitor"/> are better; null for lower ones, which is right for a loss, and has to be said of anything
    /// else.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no such mode.</exception>
    public MetricMode? MonitorMode
    {
        get;
        init => field = value is { } mode ? Require.Defined(mode, nameof(MonitorMode)) : null;
    }

    /// <summary>How much better than the best an epoch has to be to become it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MinImprovement
    {
        get;
        init => field = Require.NotNegative(value, nameof(MinImprovement));
    }

    /// <summary>After how many epochs in a row that are not better than the best the training ends; null for never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? Patience
    {
        get;
        init => field = value is { } epochs ? Require.Positive(epochs, nameof(Patience)) : null;
    }

    /// <summary>Whether the model has in the end the weights of the best epoch, and not those of the last.</summary>
    public bool KeepBest { get; init; }

    /// <summary>
    /// How many batches make a step of the optimizer. Their gradients are added up with the share that each has of what the mean is taken
    /// over, so that several small batches are one large one, where the model looks at each sample apart.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int BatchesPerStep
    {
        get;
        init => field = Require.Positive(value, nameof(BatchesPerStep));
    } = 1;

    /// <summary>What the norm of all gradients together is bounded by (<see cref="GradientClipping.ByNorm"/>); null for no bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or nan.</exception>
    public float? ClipNorm
    {
        get;
        init => field = value is { } norm ? Require.AtLeast(0, norm, nameof(ClipNorm)) : null;
    }

    /// <summary>What each element of a gradient is bounded by (<see cref="GradientClipping.ByValue"/>); null for no bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or nan.</exception>
    public float? ClipValue
    {
        get;
        init => field = value is { } bound ? Require.AtLeast(0, bound, nameof(ClipValue)) : null;
    }

    /// <summary>An average of the model's weights, which is scored, kept and left in the model in their place; null for none.</summary>
    public WeightAverage? Average { get; init; }

    /// <summary>Where the run is saved, so that it can go on; null for nowhere.</summary>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>
    /// Whether the first Ctrl-C or SIGTERM ends <see cref="Fit"/> after the step, with a checkpoint, and not the process; a second one ends
    /// the process.
    /// </summary>
    public bool StopsOnSignals { get; init; } = true;

    /// <summary>What was measured, an epoch a row; null before the first <see cref="Fit"/>.</summary>
    public History? History { get; private set; }

    /// <summary>How many epochs are over.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many steps the optimizer has made.</summary>
    public long Step { get; private set; }

    /// <summary>What is trained, by what, and how far it is, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        SettingsText.NameOf(this), ("", SettingsText.NameOf(Model)), ("", Optimizer), ("epoch", Epoch), ("step", Step));

    private Metric<TOutput, TTarget>[] AllMetrics(ReadOnlySpan<Metric<TOutput, TTarget>> more)
    {
        Metric<TOutput, TTarget>[] all = [.. Metrics, .. more];
        for (int i = 0; i < all.Length; i++)
        {
            string? problem = all[i] is null ? "a metric is null: leave it out"
                : string.IsNullOrWhiteSpace(all[i].Name) ? $"a metric of type {all[i].GetType().Name} has no name: give it one"
                : all[i].Name == Loss ? $"a metric has the name '{Loss}', which is that of the trainer's own loss: give it another name"
                : Array.FindIndex(all, metric => metric.Name == all[i].Name) != i
                    ? $"two metrics have the name '{all[i].Name}': give one of them another name"
                : null;
            if (problem is not null)
            {
                throw new InvalidOperationException(problem);
            }
        }

        return all;
    }
}
