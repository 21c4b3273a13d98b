using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>How tables of monitors show statistics.</summary>
internal static class MonitorTables
{
    /// <summary>Mean, mean magnitude, deviation, minimum, maximum, norm, and the shares of zeros, near zeros, nan and infinities.</summary>
    public static object?[] Cells(in TensorStatistics statistics) =>
    [
        statistics.Mean, statistics.MeanMagnitude, statistics.StandardDeviation, statistics.Minimum, statistics.Maximum, statistics.L2Norm,
        statistics.ZeroShare, statistics.NearZeroShare, statistics.NaNShare, statistics.InfinityShare,
    ];
}
