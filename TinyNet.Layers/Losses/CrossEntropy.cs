using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// −w_y ln softmax(x)_y for logits x [N, C, ..] and classes y [N, ..], or −Σ w_c t_c ln softmax(x)_c for probabilities t of the
/// logits' shape. Label smoothing ε takes part ε of the target and spreads it evenly over the classes (C. Szegedy et al.,
/// "Rethinking the Inception architecture for computer vision", CVPR 2016). With classes the mean divides by the sum of the weights w_y of
/// what is not ignored, with probabilities by the number of samples and places.
/// </summary>
public sealed class CrossEntropy : ClassLoss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="labelSmoothing">The part ε of the target that goes to all classes evenly, in [0, 1].</param>
    /// <param name="classWeights">The weights w [C]; null for 1.</param>
    /// <param name="ignoreIndex">A label whose samples do not count (PyTorch's default is −100); null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <exception cref="ArgumentException">The smoothing is out of range, or the weights are no vector of numbers of 0 or more.</exception>
    public CrossEntropy(
        float labelSmoothing = 0, Tensor? classWeights = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean)
        : base(classWeights, ignoreIndex, reduction) => LabelSmoothing = Require.Probability(labelSmoothing);

    /// <summary>The part of the target that goes to all classes evenly.</summary>
    public float LabelSmoothing { get; }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => ClassText(LabelSmoothing == 0 ? null : LabelSmoothing);

    /// <summary>Computes the loss against probabilities.</summary>
    /// <param name="prediction">The logits [N, C, ..].</param>
    /// <param name="target">The probabilities of the classes, of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is nothing to take the mean of.</exception>
    /// <exception cref="InvalidOperationException">The loss was made to ignore a label: probabilities have none.</exception>
    public Tensor Forward(Tensor prediction, Tensor target)
    {
        EnsureNoneIgnored();
        EnsureSameShape(prediction, target);
        var weights = Weights(prediction);
        var smoothed = LabelSmoothing == 0 ? target : target * (1 - LabelSmoothing) + LabelSmoothing / prediction.Shape[1];
        var terms = smoothed.Apply(prediction.LogSoftmax(1), default(ShareOp));
        return Reduce(-(weights is null ? terms : weights.Apply(terms, default(ShareOp))).Sum(1));
    }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, IndexTensor labels) => prediction.Rank == 2 && LabelSmoothing == 0
        ? prediction.CrossEntropy(labels)
        : Weighted(prediction, labels, classWeights: null, weights: null);

    /// <summary>(1 − ε) · −w_y x_y − ε / C · Σ w_c x_c with the logarithms x of the probabilities.</summary>
    private protected override Tensor Weighted(Tensor prediction, IndexTensor labels, Tensor? classWeights, Tensor? weights)
    {
        var logarithms = prediction.LogSoftmax(1);
        var losses = -AtLabels(logarithms, labels);
        if (weights is not null)
        {
            losses = weights.Apply(losses, default(ShareOp));
        }

        if (LabelSmoothing > 0)
        {
            var all = (classWeights is null ? logarithms : classWeights.Apply(logarithms, default(ShareOp))).Sum(1);
            losses = (1 - LabelSmoothing) * losses - LabelSmoothing / logarithms.Shape[1] * all;
        }

        return losses;
    }
}

/// <summary>
/// −w_y x_y for logarithms of probabilities x [N, C, ..] and classes y [N, ..]; the mean divides by the sum of the weights w_y of
/// what is not ignored.
/// </summary>
/// <param name="classWeights">The weights w [C]; null for 1.</param>
/// <param name="ignoreIndex">A label whose samples do not count (PyTorch's default is −100); null for none.</param>
/// <param name="reduction">What becomes of the samples' losses.</param>
/// <exception cref="ArgumentException">The weights are no vector of numbers of 0 or more.</exception>
public sealed class NegativeLogLikelihood(Tensor? classWeights = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean)
    : ClassLoss(classWeights, ignoreIndex, reduction)
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, IndexTensor labels) => -AtLabels(prediction, labels);
}

/// <summary>
/// t (ln t − x) for logarithms of probabilities x and probabilities t of one shape; e^t (t − x) if the targets are logarithms. It is 0
/// where the target's probability is 0, with gradient 0, also where the prediction's is.
/// </summary>
/// <param name="logTarget">Whether the targets are logarithms of probabilities.</param>
/// <param name="reduction">What becomes of the elements' losses; <see cref="Reduction.BatchMean"/> gives the divergence itself.</param>
public sealed class KullbackLeibler(bool logTarget = false, Reduction reduction = Reduction.BatchMean) : ElementLoss(reduction)
{
    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("of logarithms", logTarget));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        if (logTarget)
        {
            return target.Exp().Apply(target - prediction, default(ShareOp));
        }

        var isZero = target.IsEqual(Scalar(target, 0));
        return target.Apply(target.MaskedFill(isZero, 1).Log() - prediction, default(ShareOp));
    }
}
