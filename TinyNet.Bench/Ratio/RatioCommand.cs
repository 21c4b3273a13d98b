using System.CommandLine;

namespace TinyNet.Bench;

/// <summary><c>ratio</c>: how many times faster TinyNet is than its peers.</summary>
internal static class RatioCommand
{
    private sealed record Settings(string[] Prefixes, double Seconds, double Goal, string Python, bool Markdown, string? File);

    public static Command Create()
    {
        var prefixes = new Argument<string[]>("PREFIX")
        {
            Description = "The workloads whose names start with one of these; all of TinyNet's by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var seconds = CommonOptions.Number(
            "--seconds", "How long each side is timed on a workload, after warming up, for each number of threads.", 0.5);
        var goal = CommonOptions.Number("--goal", "The exit code is 1 if a ratio is below this.", 1);
        var python = new Option<string>("--python")
        {
            Description = "The interpreter that has PyTorch.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "python3",
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print the tables of README.md." };
        var write = new Option<string?>("--write")
        {
            Description = $"Write these tables into a file, between its lines {RatioReport.RegionStart} and {RatioReport.RegionEnd}.",
            HelpName = "FILE",
        };
        var command = new Command("ratio",
            $"""
            Run the workloads with PyTorch (onnxruntime for infer/*) and with TinyNet, in turn, with 1 thread and with one a core, and print
            the peer's time over TinyNet's. Compared are the minima, each side at its better number of threads.
            What must be installed is in TinyNet.Bench/Peer/Scripts/README.md.
            """)
        { prefixes, seconds, goal, python, markdown, write };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(new Settings(
            parsed.GetValue(prefixes) ?? [],
            parsed.GetRequiredValue(seconds),
            parsed.GetRequiredValue(goal),
            parsed.GetRequiredValue(python),
            parsed.GetValue(markdown),
            parsed.GetValue(write)))));
        return command;
    }

    private static int Run(Settings settings)
    {
        // Whatever can be wrong with the command is found before the minutes of measuring.
        if (settings.File is { } path)
        {
            CheckWritable(path, settings.Prefixes);
        }

        string[] prefixes = settings.Prefixes.Length > 0
            ? settings.Prefixes
            : [.. Workload.All.Select(workload => workload.Name.Split('/')[0] + "/").Distinct()];
        foreach (var peer in prefixes.Select(Peer.For).Distinct())
        {
            peer.CheckInstalled(settings.Python);
        }

        var comparison = Measure(prefixes, settings);
        if (settings.File is { } file)
        {
            File.WriteAllText(file, RatioReport.Replace(File.ReadAllText(file), RatioReport.Markdown(comparison)));
        }

        Console.Error.Write(RatioReport.Missing(comparison));
        Console.Write(settings.Markdown ? RatioReport.Markdown(comparison) : RatioReport.Table(comparison));
        return comparison.Reaches(settings.Goal) ? 0 : 1;
    }

    private static RatioComparison Measure(string[] prefixes, Settings settings)
    {
        var comparison = new RatioComparison();
        foreach (string prefix in prefixes)
        {
            var peer = Peer.For(prefix);
            foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                Console.Error.WriteLine($"{prefix}, threads: {threads}");
                comparison.AddPeer(peer.Run(settings.Python, prefix, threads, settings.Seconds));
                comparison.AddTinyNet(RunTinyNet(prefix, threads, settings.Seconds));
            }
        }

        return comparison;
    }

    private static List<string> RunTinyNet(string prefix, int threads, double seconds)
    {
        var lines = new List<string>();
        if (Workload.All.Any(workload => workload.StartsWith(prefix)))
        {
            var (program, arguments) = ChildProcess.Itself([PeerCommand.Name, prefix, .. PeerCommand.Options(threads, seconds)]);
            if (ChildProcess.Run(program, arguments, lines.Add) != 0)
            {
                throw new CommandFailure("TinyNet's side failed: its message is above");
            }
        }

        return lines;
    }

    private static void CheckWritable(string file, string[] prefixes)
    {
        if (prefixes.Length > 0)
        {
            throw new CommandFailure("--write takes the place of all tables: leave the prefixes out");
        }

        try
        {
            RatioReport.Replace(File.ReadAllText(file), "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandFailure($"--write {file}: {exception.Message}");
        }
    }
}
