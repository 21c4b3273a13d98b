using System.Diagnostics;
using System.Globalization;

namespace TinyNet.Bench;

/// <summary>The time and memory that one run of a workload takes, of TinyNet or of a peer.</summary>
internal sealed record Measurement(
    string Workload, double Median, double Minimum, int Runs, double PeakMegabytes, double AllocatedBytes, double? Tensors = null)
{
    private const int LeastRuns = 5;

    private const double QuietSeconds = 0.3, LongestWarmUpSeconds = 3;

    /// <summary>Runs a workload for some time; the process should have done nothing else before.</summary>
    /// <param name="workload">Its name.</param>
    /// <param name="prepare">Makes what is to be run, again and again.</param>
    /// <param name="seconds">How long it is timed.</param>
    /// <param name="countTensors">How many tensors there have been, where that is known.</param>
    public static Measurement Take(string workload, Func<Action> prepare, double seconds, Func<long>? countTensors = null)
    {
        long residentBefore = Environment.WorkingSet;
        var run = prepare();
        double fastest = WarmUp.Run(run, QuietSeconds, LongestWarmUpSeconds);

        // Room for every run, made before the counting starts; memory that is not written is not resident.
        double[] times = new double[LeastRuns + (int)Math.Min(2 * seconds / fastest, 10_000_000)];
        int runs = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread(), tensorsBefore = countTensors?.Invoke() ?? 0;
        long start = Stopwatch.GetTimestamp();
        while (runs < LeastRuns || (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && runs < times.Length))
        {
            long before = Stopwatch.GetTimestamp();
            run();
            times[runs++] = Milliseconds(Stopwatch.GetTimestamp() - before);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        double? tensors = (countTensors?.Invoke() - tensorsBefore) / (double)runs;
        var sorted = times.AsSpan(0, runs);
        sorted.Sort();
        using var process = Process.GetCurrentProcess();
        return new Measurement(
            workload,
            Median: SampleStatistics.Quantile(sorted, 0.5),
            Minimum: sorted[0],
            Runs: runs,
            PeakMegabytes: (process.PeakWorkingSet64 - residentBefore) / 1e6,
            AllocatedBytes: (double)allocated / runs,
            Tensors: tensors);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => string.Create(CultureInfo.InvariantCulture,
        $"{{\"workload\": \"{Workload}\", \"ms\": {Median:0.#####}, \"min_ms\": {Minimum:0.#####}, \"runs\": {Runs}, "
        + $"\"peak_mb\": {PeakMegabytes:0.#}, \"allocated_bytes\": {AllocatedBytes:0.#}")
        + (Tensors is { } tensors ? string.Create(CultureInfo.InvariantCulture, $", \"tensors\": {tensors:0.#}}}") : "}");

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;
}
