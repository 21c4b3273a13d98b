namespace TinyNet.Core;

/// <summary>A mean and a deviation for each channel, by which numbers are scaled.</summary>
internal static class ChannelScales
{
    /// <summary>Refuses what cannot be means and deviations.</summary>
    /// <param name="name">Who takes them, for messages.</param>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="deviation">The deviation of each channel.</param>
    /// <exception cref="ArgumentException">There is no channel, or not as many deviations as means.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A mean is no number, or a deviation not above 0.</exception>
    public static void Ensure(string name, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (mean.Length == 0 || mean.Length != deviation.Length)
        {
            throw new ArgumentException(
                $"{name}: there are {mean.Length} means and {deviation.Length} deviations; give one of both for each channel",
                nameof(deviation));
        }

        for (int channel = 0; channel < mean.Length; channel++)
        {
            Require.Finite(mean[channel], $"mean[{channel}]");
            Require.Positive(deviation[channel], $"deviation[{channel}]");
        }
    }
}
