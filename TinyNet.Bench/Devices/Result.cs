namespace TinyNet.Bench;

/// <summary>A measured number.</summary>
/// <param name="Benchmark">The command that measured it.</param>
/// <param name="Subject">Of what: an activation, an operation.</param>
/// <param name="Setting">With what: a shape, a network.</param>
/// <param name="Device">On what: a device, or a kernel in its place.</param>
/// <param name="Measure">Which number: <c>forward</c>, <c>peak, training</c>.</param>
/// <param name="Unit">Its unit; empty for none.</param>
/// <param name="Value">The number; of samples their median.</param>
internal sealed record Result(
    string Benchmark, string Subject, string Setting, string Device, string Measure, string Unit, double Value)
{
    /// <summary>The units.</summary>
    public const string Milliseconds = "ms", Microseconds = "us", NanosecondsAnElement = "ns/element", Seconds = "s", Bytes = "bytes",
        None = "";

    /// <summary>The measure that is the sum of the phases of work.</summary>
    public const string Total = "total";

    /// <summary>95 % of the samples are below; null where there are no samples.</summary>
    public double? P95 { get; init; }

    /// <summary>The smallest sample; null where there are no samples.</summary>
    public double? Minimum { get; init; }

    /// <summary>How far apart the medians of repetitions lie, as a part of the value; 0 where nothing was repeated or differed.</summary>
    public double Spread { get; init; }

    /// <summary>How many samples the value is the median of.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>
    /// Whether less is better: times and bytes, which a comparison looks at. The time of an element is a time in another unit.
    /// </summary>
    public bool IsCost => Unit is Milliseconds or Microseconds or Seconds or Bytes;

    /// <summary>What the same number has in another file.</summary>
    public (string, string, string, string, string) Key => (Benchmark, Subject, Setting, Device, Measure);

    /// <summary>A number that was sampled.</summary>
    public static Result Of(
        string benchmark, string subject, string setting, string device, string measure, string unit, in SampleStatistics samples) =>
        new(benchmark, subject, setting, device, measure, unit, samples.Median)
        {
            P95 = samples.P95,
            Minimum = samples.Minimum,
            Spread = samples.Spread,
            Samples = samples.Samples,
        };
}
