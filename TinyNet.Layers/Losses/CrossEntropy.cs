using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The mean of −ln softmax(logits[n])[labels[n]] over the samples of logits [N, C] and labels [N].</summary>
public sealed class CrossEntropy : Loss<IndexTensor>
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">The logits are no matrix, the labels not one a row, there are no samples, or a label is out of range.</exception>
    public override Tensor Forward(Tensor prediction, IndexTensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        return target.Length == 0
            ? throw new ShapeException("CrossEntropy", $"logits of shape {prediction.Shape} with no labels", "the mean of nothing does not exist; skip empty batches")
            : prediction.CrossEntropy(target).Mean();
    }
}
