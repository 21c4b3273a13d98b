using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>How the parameters of convolutions start.</summary>
internal static class ConvolutionWeights
{
    /// <summary>Refuses channels that do not fall into groups.</summary>
    public static void Check(int inChannels, int outChannels, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException($"{inChannels} to {outChannels} channels in {groups} groups: make both multiples of the groups", nameof(groups));
        }
    }

    /// <summary>The fans of a weight [outer, inner, height, width].</summary>
    public static Fans Fans(int outer, int inner, Extent kernel) => new(inner * kernel.Height * kernel.Width, outer * kernel.Height * kernel.Width);

    /// <summary>A weight that an initializer makes as [outer, inner, height, width], as [height, width, inner, outer]: so the kernels read it without a copy.</summary>
    public static Tensor Create(Initializer? initializer, int outer, int inner, Extent kernel, RandomStream random)
    {
        var drawn = (initializer ?? Initializer.FanInUniform).Create([outer, inner, kernel.Height, kernel.Width], Fans(outer, inner, kernel), random);
        return drawn.View(drawn.Layout.Permute([2, 3, 1, 0]), drawn.Origin).Keep();
    }
}
