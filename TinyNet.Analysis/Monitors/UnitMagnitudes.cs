using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// The largest magnitude that each unit gives over a batch. The units are the features of [N, F] and [N, T, F] and the channels of images
/// [N, C, H, W]; those of [N, C, L] are known by lying innermost in memory, as convolutions leave them.
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

        bool areChannels = x.Rank >= 4 || x.Rank == 3 && x.Layout.Strides[1] == 1 && x.Layout.Strides[2] != 1;
        int axis = areChannels ? 1 : x.Rank - 1;
        Span<int> sizes = stackalloc int[x.Rank];
        sizes.Fill(1);
        sizes[axis] = x.Shape[axis];
        var largest = Tensor.Result("ActivationMonitor", new Shape(sizes), x.Device);
        x.Device.Reduce(new MaxMagnitudeReduction(), x, largest);
        return largest.ToArray();
    }
}
