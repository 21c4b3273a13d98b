using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// The quantiles of several samples, one a unit: beside the training of a small network they are much of what monitors do.
/// </summary>
internal readonly struct QuantileJob(List<float[]> samples, Quantiles[] quantiles) : IJob
{
    /// <summary>The quantiles of each sample, by the threads of the device that the samples are of.</summary>
    public static Quantiles[] Run(List<float[]> samples, Device device)
    {
        var job = new QuantileJob(samples, new Quantiles[samples.Count]);
        WorkSplitter.Run(samples.Count, job, device is CpuDevice cpu ? cpu.Threads : 1);
        return job.Results;
    }

    private Quantiles[] Results { get; } = quantiles;

    public void Run(int unit) => Results[unit] = Quantiles.Of(samples[unit]);
}
