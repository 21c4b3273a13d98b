using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The seeds of the random numbers for one sample: a function of a seed, the epoch, the sample and the step alone.</summary>
internal static class SampleSeed
{
    /// <summary>The seed of a stream.</summary>
    /// <param name="seed">What the user gave.</param>
    /// <param name="depth">How many datasets the one that draws lies over, so that two of one seed do not draw the same.</param>
    /// <param name="step">Which of the steps of that dataset draws, so that what one draws moves no other one.</param>
    /// <param name="epoch">Which pass over the data it is.</param>
    /// <param name="index">Which sample of the dataset.</param>
    public static ulong Of(ulong seed, int depth, int step, int epoch, int index)
    {
        // The upper bit keeps away from the blocks that loaders shuffle by.
        ulong sample = (1UL << 63) | ((ulong)epoch << 32) | (uint)index;
        var (low, high, _, _) = Philox.Block(seed, sample, ((ulong)depth << 32) | (uint)step);
        return ((ulong)high << 32) | low;
    }
}
