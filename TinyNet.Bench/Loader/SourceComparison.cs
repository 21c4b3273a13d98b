using System.Diagnostics;
using System.Globalization;
using System.Text;
using TinyNet.Data;

namespace TinyNet.Bench;

/// <summary>Where batches come from.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Batches">Batches without end, all of one size.</param>
/// <param name="MostMore">How much more than with the first source a step may take, as a part of that; null if that is left open.</param>
internal sealed record BatchSource(string Name, IEnumerable<ClassificationBatch> Batches, double? MostMore = null);

/// <summary>
/// Times the same step on batches of several sources. They take turns, a few steps each, so that what else the machine does meets all; the
/// ratio to the first source is the median over the turns.
/// </summary>
internal sealed class SourceComparison(Action<ClassificationBatch> step, params IReadOnlyList<BatchSource> sources)
{
    private const int StepsOfATurn = 10, LeastTurns = 3;
    private const double QuietSeconds = 0.5, LongestWarmUpSeconds = 5;

    private readonly List<double>[] _turns = [.. sources.Select(_ => new List<double>())];

    /// <summary>Whether no source takes more than it may.</summary>
    public bool IsWithinLimits => !sources.Where((source, i) => More(i) > source.MostMore).Any();

    /// <summary>Measures for some time.</summary>
    public void Measure(double seconds)
    {
        var batches = sources.Select(source => source.Batches.GetEnumerator()).ToArray();
        WarmUp.Run(() => Array.ForEach(batches, source => Turn(source)), QuietSeconds, LongestWarmUpSeconds);
        for (long start = Stopwatch.GetTimestamp();
            _turns[0].Count < LeastTurns || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            for (int i = 0; i < batches.Length; i++)
            {
                _turns[i].Add(Turn(batches[i]));
            }
        }

        Array.ForEach(batches, source => source.Dispose());
    }

    /// <summary>A line a source: the median time of a step and how much more than with the first it is.</summary>
    public string Report()
    {
        var report = new StringBuilder();
        for (int i = 0; i < sources.Count; i++)
        {
            double median = SampleStatistics.MedianOf(_turns[i]) * 1000;
            report.Append(CultureInfo.InvariantCulture, $"{sources[i].Name,-24} {median,8:F3} ms a step");
            if (i > 0)
            {
                report.Append(CultureInfo.InvariantCulture, $"  {More(i) * 100:+0.0;-0.0} %");
            }

            if (sources[i].MostMore is { } most)
            {
                report.Append(CultureInfo.InvariantCulture, $" (at most {most * 100:F0} %)");
            }

            report.AppendLine();
        }

        return report.ToString();
    }

    /// <summary>How much more than with the first source a step takes, as a part of that.</summary>
    private double More(int source) => SampleStatistics.MedianOf(_turns[source].Zip(_turns[0], (own, first) => own / first)) - 1;

    /// <summary>The seconds of a step, getting its batch included.</summary>
    private double Turn(IEnumerator<ClassificationBatch> batches)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < StepsOfATurn; i++)
        {
            batches.MoveNext();
            step(batches.Current);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / StepsOfATurn;
    }
}
