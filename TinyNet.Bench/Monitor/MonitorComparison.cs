using System.Diagnostics;
using System.Globalization;
using System.Text;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// Times the same training step of the same model with its monitors off and on. The ways of watching take turns of some steps each; of each
/// step of a turn counts the shortest time over all turns, as the steps of a turn that looks at every 10th are not alike.
/// </summary>
internal sealed class MonitorComparison(PreparedWork work)
{
    private const int StepsOfATurn = 10, LeastTurns = 3;
    private const double QuietSeconds = 0.5, LongestWarmUpSeconds = 5;

    private static readonly Watching[] Ways =
    [
        new("off", null), new("off again", null), new("attached, not looking", int.MaxValue), new("every 10th step", StepsOfATurn),
        new("every step", 1),
    ];

    private readonly double[][] _shortest = [.. Ways.Select(_ => Enumerable.Repeat(double.PositiveInfinity, StepsOfATurn).ToArray())];

    private long _read;
    private double _secondsToRead;

    /// <summary>Measures for some time.</summary>
    public void Measure(double seconds)
    {
        double[] forgotten = new double[StepsOfATurn];
        WarmUp.Run(() => Array.ForEach(Ways, way => Turn(way, forgotten)), QuietSeconds, LongestWarmUpSeconds);
        int turns = 0;
        for (long start = Stopwatch.GetTimestamp(); turns < LeastTurns || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; turns++)
        {
            for (int i = 0; i < Ways.Length; i++)
            {
                Turn(Ways[i], _shortest[i]);
            }
        }

        _secondsToRead = SecondsToRead(_read);
    }

    /// <summary>A line a way of watching: the time of a step, and its ratio to that without; then what is read at least.</summary>
    public string Report()
    {
        var report = new StringBuilder();
        double off = _shortest[0].Average();
        for (int i = 0; i < Ways.Length; i++)
        {
            double seconds = _shortest[i].Average();
            report.AppendLine(CultureInfo.InvariantCulture, $"  {Ways[i].Name,-22} {seconds * 1e3,8:F3} ms a step  x {seconds / off:F3}");
        }

        return report.AppendLine(
            CultureInfo.InvariantCulture,
            $"  {"at least read",-22} {_secondsToRead * 1e3,8:F3} ms a step looked at: {_read:#,0} bytes, as fast as a sum reads them")
            .ToString();
    }

    private void Turn(Watching way, double[] shortest)
    {
        using var gradients = way.Every is { } every ? GradientMonitor.Attach(work.Model!, every) : null;
        using var activations = way.Every is { } often ? ActivationMonitor.Attach(work.Model!, often) : null;

        // The first step is always looked at, and makes what the others use again; with the second one its update is measured.
        work.Run();
        work.Run();
        for (int step = 0; step < StepsOfATurn; step++)
        {
            long start = Stopwatch.GetTimestamp();
            work.Run();
            shortest[step] = Math.Min(shortest[step], Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        _read = gradients is null || activations is null ? _read : BytesOf(gradients, activations);
    }

    /// <summary>
    /// What a step cannot be told of with less: each gradient and output once, and each parameter as it is and as it was before.
    /// </summary>
    private static long BytesOf(GradientMonitor gradients, ActivationMonitor activations) => sizeof(float) * (
        gradients.Rows.Sum(row => row.Points[^1].Gradient.Count + 2 * row.Points[^1].Weight.Count)
            + activations.Rows.Sum(row => row.Points[^1].Output.Count + (row.Points[^1].Gradient?.Count ?? 0)));

    private static double SecondsToRead(long bytes)
    {
        var values = Tensor.Ones([(int)(bytes / sizeof(float))]);
        return WarmUp.Run(
            () =>
            {
                using var tape = Tape.NoRecord();
                values.Sum();
            },
            QuietSeconds, LongestWarmUpSeconds);
    }

    /// <summary>How often monitors look at a step; null for no monitors.</summary>
    private sealed record Watching(string Name, int? Every);
}
