using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// The exponential of the mean cross-entropy of logits [N, C, ..] against labels [N, ..]: among how many classes, or tokens, a model
/// hesitates. 1 at best, C where all are equally probable, nan where there are no labels.
/// </summary>
/// <param name="ignoreIndex">A label that does not count, padding say; null for none.</param>
public sealed class Perplexity(int? ignoreIndex = null) : MeanMetric<Tensor, IndexTensor>
{
    private readonly CrossEntropy _loss = new(ignoreIndex: ignoreIndex, reduction: Reduction.None);

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is not one label for each place of the logits.</exception>
    /// <exception cref="TensorException">A label is neither a class nor ignored.</exception>
    public override void Add(Tensor output, IndexTensor target)
    {
        using var pause = Tape.NoGrad();
        var losses = _loss.Forward(output, target);
        int counted = losses.Length - (ignoreIndex is { } ignored ? target.Values.Count(ignored) : 0);
        Numbers.Add(new HostBatch(losses, Weight: counted));
    }

    private protected override void Fold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch) =>
        AddEach(numbers, (int)batch.Weight);

    private protected override double OfMean(double mean) => Math.Exp(mean);
}
