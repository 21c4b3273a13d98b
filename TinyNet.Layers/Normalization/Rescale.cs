using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// y = x · deviation + mean for each channel, with numbers measured before the training: a model that ends with it gives predictions in
/// the units of its targets. It is the inverse of <see cref="Standardize"/>. <inheritdoc cref="FixedScale" path="/summary/node()"/>
/// </summary>
/// <remarks>
/// The layers before it work on numbers near 1, whatever the targets are. A squared error in the units of the targets is that of
/// standardized ones times deviation², and so are all gradients. The steps of Adam and its like do not depend on such a factor (as long as
/// gradients are large beside its ε); the learning rate of SGD and a bound on gradients have to fit it.
/// </remarks>
public sealed class Rescale : FixedScale
{
    /// <inheritdoc cref="Standardize(ReadOnlySpan{float}, ReadOnlySpan{float}, int)"/>
    public Rescale(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, int axis = 1)
        : base(mean, deviation, axis)
    {
    }

    /// <inheritdoc cref="Standardize(int, int)"/>
    public Rescale(int channels, int axis = 1)
        : base(channels, axis)
    {
    }

    private protected override Tensor Scale(Tensor input, Tensor mean, Tensor deviation) => (input * deviation) + mean;
}
