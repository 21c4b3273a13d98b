using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A table of learned vectors: indices [..] become vectors [.., features]. The table [count, features] starts normal with mean 0
/// and standard deviation 1, as in PyTorch.
/// </summary>
public sealed class Embedding : Module<IndexTensor, Tensor>, IFeatureLayer
{
    private readonly int? _paddingIndex;

    /// <summary>Makes the layer.</summary>
    /// <param name="count">The number of vectors; indices run from 0 to count − 1.</param>
    /// <param name="features">The size of a vector.</param>
    /// <param name="paddingIndex">An index, from the end if negative, whose vector starts as 0 and gets no gradient.</param>
    /// <param name="initializer">How the table starts; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The padding index is out of range.</exception>
    public Embedding(int count, int features, int? paddingIndex = null, Initializer? initializer = null, RandomStream? random = null)
    {
        Require.Positive(count);
        Require.Positive(features);
        _paddingIndex = paddingIndex;
        int padding = Embeddings.PaddingRow(count, paddingIndex);
        Weight = AddParameter(
            "weight",
            (initializer ?? Initializer.Normal()).Make([count, features], new Fans(count, features), random ?? RandomStream.Default));
        if (padding >= 0)
        {
            Weight.Slice(0, padding, padding + 1).Fill(0);
        }
    }

    /// <summary>The table [count, features].</summary>
    public Parameter Weight { get; }

    int? IFeatureLayer.OutputFeatures => Weight.Shape[1];

    /// <inheritdoc/>
    public override string Describe() =>
        $"Embedding({Weight.Shape[0]} -> {Weight.Shape[1]}{(_paddingIndex is { } index ? $", padding {index}" : "")})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(IndexTensor input) => Weight.Embed(input, _paddingIndex);
}
