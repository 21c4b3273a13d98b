using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>peer</c>: the workloads that are also measured of other libraries, one line of JSON each.</summary>
internal static class PeerCommand
{
    private const string OnlyOption = "--only";

    public static Command Create()
    {
        var prefixes = new Argument<string[]>("PREFIX") { Description = "The workloads whose names start with one of these; all by default.", Arity = ArgumentArity.ZeroOrMore };
        var threads = CommonOptions.Threads();
        var seconds = CommonOptions.Number("--seconds", "How long each workload is timed, after warming up.", 1.5);
        var only = new Option<string?>(OnlyOption) { Hidden = true };
        var command = new Command("peer", "Time the workloads that are also measured of other libraries; a line of JSON each.") { prefixes, threads, seconds, only };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetValue(prefixes) ?? [],
            parsed.GetValue(threads) ?? Environment.ProcessorCount,
            parsed.GetRequiredValue(seconds),
            parsed.GetValue(only))));
        return command;
    }

    private static int Run(string[] prefixes, int threads, double seconds, string? only)
    {
        if (only is not null)
        {
            Device.Default = new CpuDevice(threads);
            var workload = Workload.All.FirstOrDefault(workload => workload.Name == only) ?? throw new CommandFailure($"no workload \"{only}\"");
            Console.WriteLine(Measurement.Take(workload, seconds).ToJson());
            return 0;
        }

        if (prefixes.FirstOrDefault(prefix => !Workload.All.Any(workload => StartsWith(workload, prefix))) is { } unknown)
        {
            throw new CommandFailure($"no workload starts with \"{unknown}\"; there are {string.Join(", ", Workload.All.Select(workload => workload.Name))}");
        }

        int exitCode = 0;
        foreach (var workload in Workload.All.Where(workload => prefixes.Length == 0 || prefixes.Any(prefix => StartsWith(workload, prefix))))
        {
            exitCode = Math.Max(exitCode, RunInItsOwnProcess(workload, threads, seconds));
        }

        return exitCode;
    }

    private static bool StartsWith(Workload workload, string prefix) => workload.Name.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>No memory, cache or compiled code is left by the workload before.</summary>
    private static int RunInItsOwnProcess(Workload workload, int threads, double seconds)
    {
        string program = Environment.ProcessPath ?? throw new CommandFailure("the path of this program is unknown");
        List<string> arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        arguments.AddRange(["peer", OnlyOption, workload.Name,
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--seconds", seconds.ToString(CultureInfo.InvariantCulture)]);
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
