using System.Buffers;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A loss of predictions [N, C, ..] against classes [N, ..], with weights for the classes and a label that does not count. The mean
/// divides by the sum of the weights of what is not ignored.
/// </summary>
/// <example>
/// The focal loss of logits, which makes less of what is classified well already (T.-Y. Lin et al., "Focal loss for dense object
/// detection", ICCV 2017):
/// <code>
/// public sealed class FocalLoss(float gamma = 2, Tensor? classWeights = null, Reduction reduction = Reduction.Mean)
///     : ClassLoss(classWeights, ignoreIndex: null, reduction)
/// {
///     protected override Tensor Each(Tensor prediction, IndexTensor labels)
///     {
///         var logarithm = AtLabels(prediction.LogSoftmax(1), labels);
///         return -(1f - logarithm.Exp()).Pow(gamma) * logarithm;
///     }
/// }
/// </code>
/// </example>
public abstract class ClassLoss : Loss<IndexTensor>
{
    private readonly int? _ignoreIndex;
    private Tensor? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="classWeights">The weights w [C]; null for 1.</param>
    /// <param name="ignoreIndex">A label whose samples do not count (PyTorch's default is −100); null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <exception cref="ArgumentException">The weights are no vector of numbers of 0 or more, or there is no such reduction.</exception>
    protected ClassLoss(Tensor? classWeights = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean) : base(reduction)
    {
        if (classWeights is not null && classWeights.Rank != 1)
        {
            throw new ArgumentException(
                $"class weights of shape {classWeights.Shape}: give a vector, one for each class",
                nameof(classWeights));
        }

        foreach (float weight in classWeights?.ToArray() ?? [])
        {
            if (!(weight >= 0 && float.IsFinite(weight)))
            {
                throw new ArgumentException($"a class weight of {weight}: weights are numbers of 0 or more", nameof(classWeights));
            }
        }

        (_classWeights, _ignoreIndex) = (classWeights, ignoreIndex);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => ClassText();

    private protected string ClassText(float? labelSmoothing = null) => Text(
        ("label smoothing", labelSmoothing), ("class weights", _classWeights?.Shape), ("ignored", _ignoreIndex));

    /// <summary>Computes the loss.</summary>
    /// <param name="prediction">The predictions [N, C, ..].</param>
    /// <param name="target">The labels [N, ..].</param>
    /// <exception cref="ShapeException">
    /// There is not one label for each place of the predictions, or nothing to take the mean of.
    /// </exception>
    /// <exception cref="TensorException">A label is neither a class nor ignored.</exception>
    public sealed override Tensor Forward(Tensor prediction, IndexTensor target)
    {
        EnsureFit(prediction, target);
        EnsureReducible(prediction);
        bool anyIgnored = _ignoreIndex is { } ignoreIndex && target.Values.Contains(ignoreIndex);
        if (_classWeights is null && !anyIgnored)
        {
            return Reduce(EnsureOneForEach(Each(prediction, target), target));
        }

        var labels = anyIgnored ? WithoutIgnored(target) : target;
        var classWeights = Weights(prediction);
        var weights = classWeights is null ? null : AtLabels(classWeights.Expand(prediction.Shape.Sizes), labels);
        var losses = Weighted(prediction, labels, classWeights, weights);
        if (anyIgnored)
        {
            var ignored = Ignored(target, prediction.Device);
            losses = losses.MaskedFill(ignored, 0);
            weights = weights is null ? 1f - ignored : weights.MaskedFill(ignored, 0);
        }

        return Reduction == Reduction.Mean && weights is not null ? losses.Sum() / weights.Sum() : Reduce(losses);
    }

    /// <summary>
    /// The sum of the weights of the labels that are not ignored; of <see cref="Reduction.BatchMean"/> the number of samples.
    /// </summary>
    /// <param name="prediction">The predictions [N, C, ..].</param>
    /// <param name="target">The labels [N, ..].</param>
    public sealed override double MeanWeight(Tensor prediction, IndexTensor target)
    {
        EnsureFit(prediction, target);
        if (Reduction == Reduction.BatchMean)
        {
            return base.MeanWeight(prediction, target);
        }

        double sum = 0;
        float[]? weights = Weights(prediction)?.ToArray();
        foreach (int label in target.Values)
        {
            sum += label == _ignoreIndex ? 0 : weights is null ? 1 : weights[label];
        }

        return sum;
    }

    /// <summary>
    /// The loss of each place [N, ..], without weights: those, what is ignored and the reduction come after. Every label is a class here.
    /// </summary>
    /// <param name="prediction">The predictions [N, C, ..].</param>
    /// <param name="labels">The labels [N, ..].</param>
    protected abstract Tensor Each(Tensor prediction, IndexTensor labels);

    /// <summary>The elements [N, ..] of numbers [N, C, ..] that stand at the labels [N, ..] of the axis of classes.</summary>
    protected static Tensor AtLabels(Tensor values, IndexTensor labels)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        return values.Gather(1, labels.Reshape(values.Shape.With(1, 1))).Squeeze(1);
    }

    /// <summary>The loss of each place, with weights.</summary>
    /// <param name="prediction">The predictions [N, C, ..].</param>
    /// <param name="labels">The labels [N, ..], each a class.</param>
    /// <param name="classWeights">The weights of the classes [1, C, 1, ..], if there are any.</param>
    /// <param name="weights">Those of the labels [N, ..].</param>
    private protected virtual Tensor Weighted(Tensor prediction, IndexTensor labels, Tensor? classWeights, Tensor? weights)
    {
        var losses = EnsureOneForEach(Each(prediction, labels), labels);
        return weights is null ? losses : weights.Apply(losses, default(ShareOp));
    }

    /// <summary>The weights of the classes on the device of the predictions, in a shape that broadcasts along axis 1.</summary>
    private protected Tensor? Weights(Tensor prediction)
    {
        if (prediction.Rank < 2)
        {
            throw new ShapeException(Name, $"predictions of shape {prediction.Shape}", "give predictions [N, C, ..]");
        }

        if (MoveTo(prediction.Device, ref _classWeights) is not { } weights)
        {
            return null;
        }

        if (weights.Length != prediction.Shape[1])
        {
            throw new ShapeException(
                Name,
                $"{weights.Length} class weights for predictions of shape {prediction.Shape}",
                $"give {prediction.Shape[1]}: one for each class");
        }

        Span<int> sizes = stackalloc int[prediction.Rank];
        sizes.Fill(1);
        sizes[1] = weights.Length;
        return weights.Reshape(sizes);
    }

    /// <summary>Refuses a label to be ignored: for losses whose targets may be probabilities, which have no labels.</summary>
    private protected void EnsureNoneIgnored()
    {
        if (_ignoreIndex is { } ignored)
        {
            throw new InvalidOperationException(
                $"{Name}: label {ignored} is to be ignored, but the targets are probabilities, which have no labels; "
                + "make the loss without ignoreIndex");
        }
    }

    /// <summary>Refuses labels of another shape than the predictions, and those that are no class and not ignored.</summary>
    private void EnsureFit(Tensor prediction, IndexTensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Rank < 2 || prediction.Shape.Without(1) != target.Shape)
        {
            throw new ShapeException(
                Name,
                $"predictions of shape {prediction.Shape} with labels of shape {target.Shape}",
                "give predictions [N, C, ..] and labels [N, ..]");
        }

        int classes = prediction.Shape[1];
        foreach (int label in target.Values)
        {
            if ((uint)label >= (uint)classes && label != _ignoreIndex)
            {
                throw new TensorException(
                    Name,
                    $"label {label} with {classes} classes (labels of shape {target.Shape})",
                    $"valid are 0 to {classes - 1}{(_ignoreIndex is { } ignored ? $", and {ignored}, which is ignored" : "")}");
            }
        }
    }

    /// <summary>Refuses losses of another shape, which would broadcast against the weights.</summary>
    private Tensor EnsureOneForEach(Tensor losses, IndexTensor labels) => losses.Shape == labels.Shape
        ? losses
        : throw new ShapeException(
            Name,
            $"losses of shape {losses.Shape} for labels of shape {labels.Shape}",
            "Each is to give one loss for each label");

    /// <summary>1 where the label is ignored, else 0.</summary>
    private Tensor Ignored(IndexTensor labels, Device device)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(labels.Length);
        var values = rented.AsSpan(0, labels.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = labels.Values[i] == _ignoreIndex ? 1 : 0;
        }

        var mask = Tensor.Result(Name, labels.Shape, device);
        device.Upload(values, mask);
        ArrayPool<float>.Shared.Return(rented);
        return mask;
    }

    /// <summary>0 stands in for the ignored label, which need not be a class.</summary>
    private IndexTensor WithoutIgnored(IndexTensor labels)
    {
        var others = IndexTensor.Result(Name, labels.Shape);
        labels.Values.Replace(others.Overwrite(Name), _ignoreIndex!.Value, 0);
        return others;
    }
}
