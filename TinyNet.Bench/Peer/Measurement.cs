using System.Diagnostics;
using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The time and memory that one run of a workload takes.</summary>
internal sealed record Measurement(
    string Workload, double Median, double Minimum, int Runs, double PeakMegabytes, double AllocatedBytes, double Tensors)
{
    private const int LeastRuns = 5;

    private const double QuietSeconds = 0.3, LongestWarmUpSeconds = 3;

    /// <summary>Runs a workload for some time; the process should have done nothing else before.</summary>
    public static Measurement Take(Workload workload, double seconds)
    {
        long residentBefore = Environment.WorkingSet;
        var work = workload.Prepare();
        double fastest = WarmUp.Run(work.Run, QuietSeconds, LongestWarmUpSeconds);

        // Room for every run, made before the counting starts; memory that is not written is not resident.
        double[] times = new double[LeastRuns + (int)Math.Min(2 * seconds / fastest, 10_000_000)];
        int runs = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread(), tensorsBefore = Tensor.MadeOnThisThread;
        long start = Stopwatch.GetTimestamp();
        while (runs < LeastRuns || (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && runs < times.Length))
        {
            long before = Stopwatch.GetTimestamp();
            work.Run();
            times[runs++] = Milliseconds(Stopwatch.GetTimestamp() - before);
        }

        long tensors = Tensor.MadeOnThisThread - tensorsBefore, allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var sorted = times.AsSpan(0, runs);
        sorted.Sort();
        using var process = Process.GetCurrentProcess();
        return new Measurement(
            workload.Name,
            Median: SampleStatistics.Quantile(sorted, 0.5),
            Minimum: sorted[0],
            Runs: runs,
            PeakMegabytes: (process.PeakWorkingSet64 - residentBefore) / 1e6,
            AllocatedBytes: (double)allocated / runs,
            Tensors: (double)tensors / runs);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => string.Create(CultureInfo.InvariantCulture,
        $"{{\"workload\": \"{Workload}\", \"ms\": {Median:0.#####}, \"min_ms\": {Minimum:0.#####}, \"runs\": {Runs}, "
        + $"\"peak_mb\": {PeakMegabytes:0.#}, \"allocated_bytes\": {AllocatedBytes:0.#}, \"tensors\": {Tensors:0.#}}}");

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;
}
