using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// y = (x − mean) / deviation for each channel, with numbers measured before the training: a model that begins with it takes inputs in
/// their own units. Its inverse is <see cref="Rescale"/>. <inheritdoc cref="FixedScale" path="/summary/node()"/>
/// </summary>
/// <example>
/// <code>
/// var (x, y) = (Normalize.Measure(train, "features"), Normalize.Measure(train, "target"));
/// var model = new Sequential(
///     new Standardize(x.Mean, x.Deviation), new Dense(4, 32), new ReLU(), new Dense(32, 1), new Rescale(y.Mean, y.Deviation));
/// </code>
/// </example>
public sealed class Standardize : FixedScale
{
    /// <summary>Makes the layer.</summary>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="deviation">The deviation of each channel.</param>
    /// <param name="axis">The axis of the channels: 1 for rows [N, C] and images [N, C, H, W], −1 for sequences [N, steps, C].</param>
    /// <exception cref="ArgumentException">There is no channel, or not as many deviations as means.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A mean is no number, or a deviation not above 0.</exception>
    public Standardize(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, int axis = 1)
        : base(mean, deviation, axis)
    {
    }

    /// <summary>Makes the layer with means of 0 and deviations of 1, for a model whose numbers <c>Load</c> takes from a file.</summary>
    /// <param name="channels">The number of channels C.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no channel.</exception>
    public Standardize(int channels, int axis = 1)
        : base(channels, axis)
    {
    }

    private protected override Tensor Scale(Tensor input, Tensor mean, Tensor deviation) => (input - mean) / deviation;
}
