using System.Globalization;
using TinyNet.Analysis;

namespace TinyNet.Bench;

/// <summary>What is recorded of the machine that measures.</summary>
internal static class Machine
{
    // Where they differ, ratios compare machines. What else RunEnvironment tells belongs to the programs.
    private static readonly string[] Parts = ["processor", "processors", "architecture"];

    /// <summary>The machine and the programs, in the order of reading.</summary>
    public static IEnumerable<(string Name, string Value)> Facts() =>
        RunEnvironment.Facts().Where(fact => fact.Name != "device").Prepend(("processor", Processor()));

    /// <summary>
    /// How many programs wanted a processor in the last minute, on average, as Linux tells it; null where nobody does. Above the number of
    /// processors they wait for each other.
    /// </summary>
    public static double? Load()
    {
        const string averages = "/proc/loadavg";
        return File.Exists(averages) ? double.Parse(File.ReadAllText(averages).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Whether a fact is one of the machine.</summary>
    public static bool Has(string fact) => Parts.Contains(fact);

    /// <summary>The model of the processor where the system tells it.</summary>
    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
