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
        (Name, _loss) = (name, MeanLoss.Of(loss, nameof(loss)));
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
            Numbers.Add(new HostBatch(_loss.Forward(output, target), Weight: _loss.MeanWeight(output, target)));
        }
    }

    private protected override void Fold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch) =>
        AddMean(numbers[0], batch.Weight);
}

/// <summary>Losses whose means over batches, each times its weight, add up to the mean over all.</summary>
internal static class MeanLoss
{
    /// <summary>The loss; refuses one that takes no mean.</summary>
    public static Loss<TTarget> Of<TTarget>(Loss<TTarget> loss, string name)
    {
        ArgumentNullException.ThrowIfNull(loss, name);
        return loss.Reduction is Reduction.Mean or Reduction.BatchMean
            ? loss
            : throw new ArgumentException($"a {loss.GetType().Name} with Reduction.{loss.Reduction} takes no mean: give one with "
                + "Reduction.Mean or Reduction.BatchMean", name);
    }
}
