using System.CommandLine;
using System.Globalization;

namespace TinyNet.Bench;

/// <summary>What a benchmark is asked for.</summary>
/// <param name="Devices">The devices, in the order of the command line.</param>
/// <param name="Threads">The number of threads of the processor.</param>
/// <param name="IsQuick">Whether a rough answer soon is better than a good one.</param>
/// <param name="Sampler">What measures.</param>
/// <param name="Asked">The command line, for the benchmark's own options.</param>
internal sealed record BenchSession(
    IReadOnlyList<BenchDevice> Devices, int Threads, bool IsQuick, Sampler Sampler, ParseResult Asked)
{
    private const string ThreadsFact = "threads", SecondsFact = "seconds a number", RoundsFact = "rounds", DevicePrefix = "device ";

    /// <summary>Whether a fact is one of those that <see cref="Facts"/> tells.</summary>
    public static bool IsSetting(string fact) =>
        fact is ThreadsFact or SecondsFact or RoundsFact || fact.StartsWith(DevicePrefix, StringComparison.Ordinal);

    /// <summary>How it is measured, in the order of reading.</summary>
    public IEnumerable<(string Name, string Value)> Facts() =>
    [
        (ThreadsFact, Threads.ToString(CultureInfo.InvariantCulture)),
        .. Devices.Select(on => (DevicePrefix + on.Name, on.Device.ToString())),
        (SecondsFact, Sampler.Seconds.ToString(CultureInfo.InvariantCulture)),
        (RoundsFact, Sampler.Rounds.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The values of an option, and where it was not given, what is measured then.</summary>
    public IReadOnlyList<T> Values<T>(Option<T[]> option, IReadOnlyList<T> byDefault, IReadOnlyList<T> quick) =>
        Asked.GetResult(option) is null ? (IsQuick ? quick : byDefault) : Asked.GetRequiredValue(option);

    /// <summary>The value of an option, and where it was not given, what is taken then.</summary>
    public T Value<T>(Option<T?> option, T byDefault, T quick) where T : struct =>
        (Asked.GetResult(option) is null ? null : Asked.GetValue(option)) ?? (IsQuick ? quick : byDefault);

    /// <summary>Measures pieces of work.</summary>
    public IReadOnlyList<Result> Measure(string benchmark, IEnumerable<TimedWork> works) => Sampler.Measure(benchmark, [.. works]);
}
