using System.CommandLine;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>peer</c>: the workloads that are also measured of other libraries, one line of JSON each.</summary>
internal static class PeerCommand
{
    public const string Name = "peer";

    private const string OnlyOption = "--only";

    public static Command Create()
    {
        var prefixes = new Argument<string[]>("PREFIX")
        {
            Description = "The workloads whose names start with one of these; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var threads = CommonOptions.Threads();
        var seconds = CommonOptions.Number("--seconds", "How long each workload is timed, after warming up.", 1.5);
        var only = new Option<string?>(OnlyOption) { Hidden = true };
        var command = new Command(
            Name,
            "Time the workloads that are also measured of other libraries; a line of JSON each.") { prefixes, threads, seconds, only };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetValue(prefixes) ?? [],
            parsed.GetValue(threads) ?? Environment.ProcessorCount,
            parsed.GetRequiredValue(seconds),
            parsed.GetValue(only))));
        return command;
    }

    /// <summary>The arguments by which this program times one workload, and does nothing else before.</summary>
    public static string[] Alone(Workload workload, int threads, double seconds) =>
        [Name, OnlyOption, workload.Name, "--threads", $"{threads}", "--seconds", $"{seconds}"];

    private static int Run(string[] prefixes, int threads, double seconds, string? only)
    {
        if (only is not null)
        {
            Device.Default = new CpuDevice(threads);
            var workload = Workload.All.FirstOrDefault(workload => workload.Name == only)
                ?? throw new CommandFailure($"no workload \"{only}\"");
            var measurement = Measurement.Take(workload.Name, () => workload.Prepare().Run, seconds, () => Tensor.MadeOnThisThread);
            Console.WriteLine(measurement.ToJson());
            return 0;
        }

        int exitCode = 0;
        foreach (var workload in Workload.StartingWith(prefixes))
        {
            var (program, arguments) = ChildProcess.Itself(Alone(workload, threads, seconds));
            exitCode = Math.Max(exitCode, ChildProcess.Run(program, arguments) ?? 1);
        }

        return exitCode;
    }
}
