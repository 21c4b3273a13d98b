using System.CommandLine;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The commands that compare devices and activations: one a benchmark, and <c>all</c>.</summary>
internal static class DeviceBenchmarkCommand
{
    private const int Rounds = 5;
    private const double Seconds = 0.2, QuickSeconds = 0.02;

    // The runtime begins to compile again what is called often when nothing new has been called for 0.1 seconds; a busy machine does it
    // later. With less even a rough answer would be one about the compiler.
    private const double Quiet = 0.4;

    /// <summary>The commands.</summary>
    /// <param name="output">Where they print.</param>
    public static IEnumerable<Command> CreateAll(TextWriter output)
    {
        DeviceBenchmark[] benchmarks =
        [
            new ActivationsBenchmark(), new TrainingBenchmark(), new ScalingBenchmark(), new MemoryBenchmark(), new KernelsBenchmark(),
            new BreakEvenBenchmark(),
        ];
        foreach (var benchmark in benchmarks)
        {
            yield return Create(benchmark.Name, benchmark.Description, output, benchmark);
        }

        yield return Create(
            "all", $"Run {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}, one after the other.", output, benchmarks);
    }

    private static Command Create(string name, string description, TextWriter output, params DeviceBenchmark[] benchmarks)
    {
        var devices = DeviceOptions.Devices();
        var threads = CommonOptions.Threads();
        var quick = new Option<bool>("--quick") { Description = "Less of everything, measured shortly: a rough answer soon." };
        var seconds = new Option<double?>("--seconds")
        {
            Description = FormattableString.Invariant(
                $"How long each number is measured; {Seconds} by default, {QuickSeconds} with --quick."),
            HelpName = "S",
            CustomParser = result => CommonOptions.PositiveNumber(result),
        };
        Option<string?> json = FileOption("--json", "Write machine, settings and all numbers as JSON."),
            csv = FileOption("--csv", "Write all numbers as a table."),
            html = FileOption("--html", "Write tables and figures as a page that needs nothing but a browser."),
            compare = FileOption(
                "--compare",
                "Compare with what --json wrote before, and exit with 1 if on the same machine, in the same setting, something got slower. "
                + ResultComparison.Rule);
        var command = new Command(name, description) { devices, threads, quick, seconds, json, csv, html, compare };
        if (benchmarks is [var only])
        {
            foreach (var option in only.Options)
            {
                command.Add(option);
            }
        }

        command.SetAction(parsed => CommandFailure.Guard(() =>
        {
            // Whatever can be wrong with files is found before the minutes of measuring.
            var old = parsed.GetValue(compare) is { } path ? ResultFile.Read(path) : null;
            var outputs = new[] { json, csv, html }.Where(option => parsed.GetValue(option) is not null)
                .Select(option => (option.Name, Path: parsed.GetValue(option)!)).ToArray();
            ResultFile.CheckWritable(outputs);
            bool isQuick = parsed.GetValue(quick);
            Device[] chosen = parsed.GetRequiredValue(devices);
            CommonOptions.CheckThreads(chosen, parsed.GetValue(threads));
            int threadCount = parsed.GetValue(threads) ?? Environment.ProcessorCount;
            var session = new BenchSession(
                [.. chosen.Select(device => BenchDevice.Of(device, threadCount))],
                threadCount,
                isQuick,
                new Sampler(parsed.GetValue(seconds) ?? (isQuick ? QuickSeconds : Seconds), Rounds, Quiet),
                parsed);
            var report = new BenchReport(name, benchmarks, session, old);
            report.Measure();
            return report.Write(output, parsed.GetValue(json), parsed.GetValue(csv), parsed.GetValue(html));
        }));
        return command;
    }

    private static Option<string?> FileOption(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };
}
