namespace TinyNet.Core;

/// <summary>
/// The second look at the gradients of channels that floats could not hold in between: sums of products that overflowed or vanished, or a
/// scale that is no float although its product with a gradient is. A unit is what is marked of some channels of a set whose numbers share
/// cache lines.
/// </summary>
/// <param name="x">The images.</param>
/// <param name="gradient">The gradient of the result.</param>
/// <param name="weight">The weight, or null for 1.</param>
/// <param name="marks">Which channels of all sets are looked at.</param>
/// <param name="moments">Means and deviations.</param>
/// <param name="blocks">The sets and channels.</param>
internal readonly unsafe struct DoubleChannels(
    float* x, float* gradient, float* weight, bool* marks, GroupMoments moments, ChannelBlocks blocks)
{
    /// <summary>The channels of a unit.</summary>
    public const int Slice = 16;

    private int Slices => BlockCount.Of(blocks.Channels, Slice);

    public int Units => blocks.Sets * Slices;

    public ChannelBlocks Blocks => blocks;

    /// <summary>Finds the marked channels of a unit, and returns the set and how many they are.</summary>
    public (int Set, int Count) Find(int unit, DoubleChannel* found)
    {
        var (set, slice) = Math.DivRem(unit, Slices);
        int count = 0;
        for (int c = slice * Slice, end = Math.Min(c + Slice, blocks.Channels); c < end; c++)
        {
            if (marks[(nint)set * blocks.Channels + c])
            {
                int group = set * blocks.Groups + c / blocks.GroupChannels;
                found[count++] = new DoubleChannel { Channel = c, Mean = moments.Mean(group), Inverse = moments.Inverse(group) };
            }
        }

        return (set, count);
    }

    public double Weight(int channel) => weight == null ? 1 : weight[channel];

    /// <summary>(x − mean) / deviation of an element.</summary>
    public double Normal(nint row, in DoubleChannel of) => (x[row + of.Channel] - of.Mean) * of.Inverse;

    /// <summary>The gradient at an element.</summary>
    public float Gradient(nint row, in DoubleChannel of) => gradient[row + of.Channel];
}

/// <summary>A channel that is looked at again: by what it is normalized, and the means of its group that its gradient takes.</summary>
internal struct DoubleChannel
{
    public int Channel;
    public double Mean, Inverse, Average, Alignment;
}

/// <summary>The sums of the gradient, and of its products with (x − mean) / deviation, by channel of a set.</summary>
internal readonly unsafe struct DoubleChannelSums(DoubleChannels channels, double* sums, double* products) : IJob
{
    public void Run(int unit)
    {
        var found = stackalloc DoubleChannel[DoubleChannels.Slice];
        var (set, count) = channels.Find(unit, found);
        var blocks = channels.Blocks;
        double* sum = sums + (nint)set * blocks.Channels, product = products + (nint)set * blocks.Channels;
        for (int i = 0; i < count; i++)
        {
            (sum[found[i].Channel], product[found[i].Channel]) = (0, 0);
        }

        nint row = (nint)set * blocks.Rows * blocks.Channels, end = count == 0 ? row : row + (nint)blocks.Rows * blocks.Channels;
        for (; row < end; row += blocks.Channels)
        {
            for (int i = 0; i < count; i++)
            {
                float g = channels.Gradient(row, found[i]);
                sum[found[i].Channel] += g;
                product[found[i].Channel] += g * channels.Normal(row, found[i]);
            }
        }
    }
}

/// <summary>Writes the gradient of x, from the sums of <see cref="DoubleChannelSums"/>.</summary>
/// <param name="channels">What is looked at.</param>
/// <param name="sums">The sums of the gradient.</param>
/// <param name="products">Those of its products.</param>
/// <param name="throughMoments">Whether means and deviations are those of x.</param>
/// <param name="destination">Where the gradient goes.</param>
internal readonly unsafe struct DoubleChannelGradient(
    DoubleChannels channels, double* sums, double* products, bool throughMoments, float* destination) : IJob
{
    public void Run(int unit)
    {
        var found = stackalloc DoubleChannel[DoubleChannels.Slice];
        var (set, count) = channels.Find(unit, found);
        var blocks = channels.Blocks;
        for (int i = 0; i < count && throughMoments; i++)
        {
            // Neighbors of a group have the same means.
            int first = found[i].Channel / blocks.GroupChannels * blocks.GroupChannels;
            (found[i].Average, found[i].Alignment) =
                i > 0 && found[i - 1].Channel >= first ? (found[i - 1].Average, found[i - 1].Alignment) : Means(set, first);
        }

        nint row = (nint)set * blocks.Rows * blocks.Channels, end = count == 0 ? row : row + (nint)blocks.Rows * blocks.Channels;
        for (; row < end; row += blocks.Channels)
        {
            for (int i = 0; i < count; i++)
            {
                double h = channels.Weight(found[i].Channel) * channels.Gradient(row, found[i]);
                double throughNormal = throughMoments ? channels.Normal(row, found[i]) * found[i].Alignment : 0;
                destination[row + found[i].Channel] = (float)(found[i].Inverse * (h - found[i].Average - throughNormal));
            }
        }
    }

    /// <summary>The means of h = gradient · weight, and of its products with (x − mean) / deviation, over the group of a channel.</summary>
    private (double Average, double Alignment) Means(int set, int first)
    {
        var blocks = channels.Blocks;
        double average = 0, alignment = 0, share = 1 / ((double)blocks.Rows * blocks.GroupChannels);
        nint at = (nint)set * blocks.Channels;
        for (int c = first; c < first + blocks.GroupChannels; c++)
        {
            average += share * channels.Weight(c) * sums[at + c];
            alignment += share * channels.Weight(c) * products[at + c];
        }

        return (average, alignment);
    }
}
