using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// Which units give something in a batch. The units are the features of [N, F] and [N, T, F] and the channels of images [N, C, H, W]; those
/// of [N, C, L] are known by lying innermost in memory, as convolutions leave them.
/// </summary>
internal static class ActiveUnits
{
    // In a batch of more samples, most units give something in the first of as many parts.
    private const int Parts = 16;

    /// <summary>
    /// Whether each unit gives a value beyond near zero, or nan; null where there is nothing, or no axis of units beside that of the batch.
    /// </summary>
    public static bool[]? Of(Tensor x, in TensorStatistics statistics, float nearZero)
    {
        if (x.Rank < 2 || x.Length == 0)
        {
            return null;
        }

        bool areChannels = x.Rank >= 4 || x.Rank == 3 && x.Layout.Strides[1] == 1 && x.Layout.Strides[2] != 1;
        int axis = areChannels ? 1 : x.Rank - 1;
        bool[] active = new bool[x.Shape[axis]];
        if (statistics.NearZeros == 0)
        {
            Array.Fill(active, true);
            return active;
        }

        int samples = x.Shape[0];
        if (samples >= Parts)
        {
            Note(x.View(x.Layout.Slice(0, 0, samples / Parts, 1), x.Origin), axis, nearZero, active);
        }

        if (Array.Exists(active, unit => !unit))
        {
            Note(x, axis, nearZero, active);
        }

        return active;
    }

    private static void Note(Tensor x, int axis, float nearZero, bool[] active)
    {
        Span<int> sizes = stackalloc int[x.Rank];
        sizes.Fill(1);
        sizes[axis] = active.Length;
        var largest = Tensor.Result("ActivationMonitor", new Shape(sizes), x.Device);
        x.Device.Reduce(new MaxMagnitudeReduction(), x, largest);
        float[] magnitudes = largest.ToArray();
        for (int unit = 0; unit < active.Length; unit++)
        {
            // nan is not silence.
            active[unit] = !(magnitudes[unit] <= nearZero);
        }
    }
}
