using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// The largest magnitude that each unit gives over a batch. The units are the axis that is innermost in memory: the features of [N, F] and
/// [N, T, F], and the channels of images, which convolutions leave innermost.
/// </summary>
internal static class UnitMagnitudes
{
    /// <summary>The magnitudes; null where there is nothing, or no axis of units beside that of the batch.</summary>
    public static float[]? Of(Tensor x)
    {
        if (x.Rank < 2 || x.Length == 0)
        {
            return null;
        }

        x = x.InMemoryOrder();
        int units = x.Shape[^1];
        Span<int> sizes = stackalloc int[x.Rank];
        sizes.Fill(1);
        sizes[^1] = units;
        var largest = Tensor.Result("ActivationMonitor", new Shape(sizes), x.Device);
        x.Device.Reduce(new MaxMagnitudeReduction(), x, largest);
        return largest.ToArray();
    }
}
