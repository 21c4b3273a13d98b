using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// A loss as a metric, so that another one than is trained on can be followed: the mean over all samples, not of the batches' means. A
/// batch counts by what its mean was divided by, <see cref="Loss{TTarget}.MeanWeight"/>: its elements, its samples, or the weights
/// of the classes that are not ignored.
/// </summary>
/// <typeparam name="TTarget">What predictions are compared with.</typeparam>
/// <example><code>var huber = new MeanLoss&lt;Tensor>("huber", new Huber(delta: 2));</code></example>
public sealed class MeanLoss<TTarget> : MeanMetric<Tensor, TTarget>
{
    private readonly Loss<TTarget> _loss;

    /// <summary>Makes the metric.</summary>
    /// <param name="name">What it is called: lower case, words apart by underscores.</param>
    /// <param name="loss">The loss, which takes a mean.</param>
    /// <exception cref="ArgumentException">There is no name, or the loss takes no mean.</exception>
    public MeanLoss(string name, Loss<TTarget> loss)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Reduction is not (Reduction.Mean or Reduction.BatchMean))
        {
            throw new ArgumentException($"MeanLoss of a {loss.GetType().Name} with Reduction.{loss.Reduction}: give one with "
                + "Reduction.Mean or Reduction.BatchMean", nameof(loss));
        }

        (Name, _loss) = (name, loss);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Prediction and target do not belong together.</exception>
    public override void Add(Tensor output, TTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Length > 0)
        {
            using var pause = Tape.NoGrad();
            AddMean(_loss.Forward(output, target).Item(), _loss.MeanWeight(output, target));
        }
    }
}

/// <summary>
/// The exponential of the mean cross-entropy of logits [N, C, ..] against labels [N, ..]: among how many classes, or tokens, a model
/// hesitates. 1 at best, C where all are equally probable, nan where there are no labels.
/// </summary>
/// <param name="ignoreIndex">A label that does not count, padding say; null for none.</param>
public sealed class Perplexity(int? ignoreIndex = null) : MeanMetric<Tensor, IndexTensor>
{
    private readonly CrossEntropy _loss = new(ignoreIndex: ignoreIndex, reduction: Reduction.None);
    private HostCopy _losses;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is not one label for each place of the logits.</exception>
    /// <exception cref="TensorException">A label is neither a class nor ignored.</exception>
    public override void Add(Tensor output, IndexTensor target)
    {
        using var pause = Tape.NoGrad();
        var losses = _losses.Of(_loss.Forward(output, target));
        AddEach(losses, losses.Length - (ignoreIndex is { } ignored ? target.Values.Count(ignored) : 0));
    }

    private protected override double OfMean(double mean) => Math.Exp(mean);
}
