using System.CommandLine;

namespace TinyNet.Bench;

/// <summary><c>ratio</c>: how many times faster TinyNet is than its peers.</summary>
internal static class RatioCommand
{
    private const string PeerCommandOption = "--peer-command", AllocatorOption = "--allocator";

    private sealed record Settings(
        string[] Prefixes,
        PeerLibrary[] Libraries,
        double Seconds,
        string PeerCommand,
        string[] Allocators,
        bool Check,
        bool Goal,
        bool Markdown,
        string? File);

    public static Command Create()
    {
        var prefixes = new Argument<string[]>("PREFIX")
        {
            Description = "The workloads whose names start with one of these; all of TinyNet's by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        string[] libraries = [.. Enum.GetNames<PeerLibrary>().Select(name => name.ToLowerInvariant())];
        var peers = new Option<string[]>("--peer")
        {
            Description = "The peer to compare with; both by default.",
            DefaultValueFactory = _ => libraries,
        };
        peers.AcceptOnlyFromAmong(libraries);
        var seconds = CommonOptions.Number(
            "--seconds", "How long each side is timed on a workload, after warming up, for each number of threads.", 0.5);
        var peerCommand = new Option<string>(PeerCommandOption)
        {
            Description = "The command that starts the peers' program, up to the program itself, as a container's or chroot's: "
                + "where libtorch finds the C++ runtime that it needs. Its words are separated by blanks.",
            HelpName = "\"COMMAND\"",
            DefaultValueFactory = _ => "",
        };
        var allocators = new Option<string[]>(AllocatorOption)
        {
            Description = "A library that takes the place of the system's allocator, as libmimalloc.so, for TorchSharp at its best; "
                + "its path where the peers run. May be given several times.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var check = new Option<bool>("--check")
        {
            Description = "Time nothing, and find out whether the peers do the same work: outputs, gradients and losses.",
        };
        var goal = new Option<bool>("--goal") { Description = "The exit code is 1 if an aim is missed." };
        var markdown = new Option<bool>("--markdown") { Description = "Print the tables of README.md." };
        var write = new Option<string?>("--write")
        {
            Description = $"Write these tables into a file, between its lines {RatioReport.RegionStart} and {RatioReport.RegionEnd}.",
            HelpName = "FILE",
        };
        var command = new Command("ratio",
            """
            Run the workloads with TorchSharp, with onnxruntime (infer/*) and with TinyNet, in turn, with 1 thread and with one a core, and
            print the peer's time over TinyNet's. Compared are the minima, each side at its better number of threads. The peers are built
            from NuGet packages the first time. See TinyNet.Bench/peers/README.md.
            """)
        { prefixes, peers, seconds, peerCommand, allocators, check, goal, markdown, write };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(new Settings(
            parsed.GetValue(prefixes) ?? [],
            [.. parsed.GetRequiredValue(peers).Distinct().Select(name => Enum.Parse<PeerLibrary>(name, ignoreCase: true))],
            parsed.GetRequiredValue(seconds),
            parsed.GetRequiredValue(peerCommand),
            parsed.GetRequiredValue(allocators),
            parsed.GetValue(check),
            parsed.GetValue(goal),
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

        var workloads = Workload.Once(Workload.StartingWith(settings.Prefixes));
        var program = PeerProgram.Build(settings.PeerCommand);
        Peer[] peers = [.. settings.Libraries.Select(library => Peer.Open(program, library, workloads))];
        if (settings.Check)
        {
            return peers.SelectMany(peer => peer.Runs(workloads).Select(run => (peer, run))).Aggregate(
                0, (exit, work) => Math.Max(exit, work.peer.Check(work.run)));
        }

        var comparison = Measure(workloads, peers, settings);
        if (settings.File is { } file)
        {
            File.WriteAllText(file, RatioReport.Replace(File.ReadAllText(file), RatioReport.Markdown(comparison)));
        }

        Console.Error.Write(RatioReport.Missing(comparison));
        Console.Write(settings.Markdown ? RatioReport.Markdown(comparison) : RatioReport.Table(comparison));
        return settings.Goal && !comparison.Rivals.All(comparison.Reaches) ? 1 : 0;
    }

    private static RatioComparison Measure(IReadOnlyList<Workload> workloads, Peer[] peers, Settings settings)
    {
        var comparison = new RatioComparison();
        foreach (var workload in workloads)
        {
            foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                Console.Error.WriteLine($"{workload.Name}, threads: {threads}");
                foreach (var peer in peers)
                {
                    foreach (string run in peer.Runs([workload]))
                    {
                        foreach (string? allocator in Allocators(peer, settings))
                        {
                            comparison.AddPeer(peer.Library, peer.Time(run, threads, settings.Seconds, allocator), allocator);
                        }
                    }
                }

                comparison.AddTinyNet(TimeTinyNet(workload, threads, settings.Seconds));
            }
        }

        return comparison;
    }

    /// <summary>The system's allocator, and those that were named.</summary>
    private static string?[] Allocators(Peer peer, Settings settings) =>
        peer.Library == PeerLibrary.TorchSharp ? [null, .. settings.Allocators] : [null];

    private static List<string> TimeTinyNet(Workload workload, int threads, double seconds)
    {
        var lines = new List<string>();
        var (program, arguments) = ChildProcess.Itself(PeerCommand.Alone(workload, threads, seconds));
        return ChildProcess.Run(program, arguments, lines.Add) == 0
            ? lines
            : throw new CommandFailure("TinyNet's side failed: its message is above");
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
