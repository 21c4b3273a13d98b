using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Sequences [B, T, ..] that are padded to a common number of steps T, and how long each is.</summary>
/// <param name="Values">The sequences.</param>
/// <param name="Lengths">The number of steps [B] of each that are no padding.</param>
public readonly record struct PaddedBatch(Tensor Values, IndexTensor Lengths) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return new PaddedBatch(visitor.Visit(nameof(Values), Values), visitor.Visit(nameof(Lengths), Lengths));
    }
}

/// <summary>
/// The mean over the steps of each sequence that are no padding: [B, T, ..] becomes [B, ..]. What is in the padding does not
/// matter; a sequence of length 0 gives 0.
/// </summary>
public sealed class MaskedMean : Module<PaddedBatch, Tensor>
{
    /// <inheritdoc/>
    protected override Tensor ForwardCore(PaddedBatch input) => input.Values.MaskedMean(input.Lengths);
}
