namespace TinyNet.Core;

/// <summary>
/// The second look at the gradients of groups of channels that floats could not hold in between: a sum of products that overflowed, or a
/// scale that is no float although its product with a gradient is.
/// </summary>
internal readonly unsafe struct DoubleChannelGradient(float* x, float* gradient, float* weight, ChannelBlocks blocks)
{
    /// <summary>The sums of the gradient and of its products with (x − mean) / deviation, of one channel of a set.</summary>
    public (double Sum, double Product) Sums(int set, int channel, double mean, double inverse)
    {
        double sum = 0, product = 0;
        nint at = (nint)set * blocks.Rows * blocks.Channels + channel;
        for (int row = 0; row < blocks.Rows; row++, at += blocks.Channels)
        {
            sum += gradient[at];
            product += gradient[at] * ((x[at] - mean) * inverse);
        }

        return (sum, product);
    }

    /// <summary>Writes the gradient of x of the channels of a group in a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="group">The group.</param>
    /// <param name="mean">The mean of the group.</param>
    /// <param name="inverse">1 / √(deviation² + ε).</param>
    /// <param name="sums">The sums of all channels of the set, and <paramref name="products"/> with what is normalized.</param>
    /// <param name="products">The second of <see cref="Sums"/>.</param>
    /// <param name="throughMoments">Whether mean and deviation are those of x.</param>
    /// <param name="destination">Where the gradient goes.</param>
    public void Write(
        int set, int group, double mean, double inverse, double* sums, double* products, bool throughMoments, float* destination)
    {
        int first = group * blocks.GroupChannels, end = first + blocks.GroupChannels;
        double average = 0, alignment = 0, share = 1 / ((double)blocks.Rows * blocks.GroupChannels);
        for (int c = first; c < end && throughMoments; c++)
        {
            average += share * Weight(c) * sums[c];
            alignment += share * Weight(c) * products[c];
        }

        nint at = (nint)set * blocks.Rows * blocks.Channels;
        for (int row = 0; row < blocks.Rows; row++, at += blocks.Channels)
        {
            for (int c = first; c < end; c++)
            {
                double normal = (x[at + c] - mean) * inverse;
                destination[at + c] = (float)(inverse * (Weight(c) * gradient[at + c] - average - normal * alignment));
            }
        }
    }

    private double Weight(int channel) => weight == null ? 1 : weight[channel];
}
