namespace TinyNet.Bench;

/// <summary>A library of the peers' program, and what of the workloads it can do.</summary>
internal sealed class Peer
{
    private readonly PeerProgram _program;

    private readonly string _argument;

    private readonly string[] _runs;

    private Peer(PeerProgram program, PeerLibrary library, string argument)
    {
        (_program, Library, _argument) = (program, library, argument);
        var (lines, succeeded) = program.Run([argument, "list"], threads: 1);
        _runs = succeeded ? [.. lines] : throw Failure();
    }

    public PeerLibrary Library { get; }

    /// <summary>Makes a library ready for some workloads: for onnxruntime, their models are written.</summary>
    public static Peer Open(PeerProgram program, PeerLibrary library, IEnumerable<Workload> workloads)
    {
        if (library == PeerLibrary.TorchSharp)
        {
            return new Peer(program, library, "torchsharp");
        }

        string models = PeerProgram.Models;
        Directory.CreateDirectory(models);
        OnnxModels.Write(models, workloads.Where(workload => Rival.Has(library, workload.Name)));
        return new Peer(program, library, models);
    }

    /// <summary>What does the work of some workloads: each as it is, and its variants.</summary>
    public IEnumerable<string> Runs(IEnumerable<Workload> workloads) =>
        workloads.SelectMany(workload => _runs.Where(run => run.Split('#')[0] == workload.Name));

    /// <summary>The lines that a process writes which times a workload or a variant.</summary>
    /// <exception cref="CommandFailure">It failed. Of a variant, which a user need not have, that is said and left out.</exception>
    public IReadOnlyList<string> Time(string run, int threads, double seconds, string? allocator)
    {
        var (lines, succeeded) = _program.Run([_argument, "time", run, $"{threads}", $"{seconds}"], threads, allocator);
        if (!succeeded)
        {
            if (allocator is null && !run.Contains('#', StringComparison.Ordinal))
            {
                throw Failure();
            }

            Console.Error.WriteLine($"left out: {run}{(allocator is null ? "" : $" with {allocator}")}, which failed");
            return [];
        }

        return lines;
    }

    /// <summary>Prints whether a workload or a variant does what it should; returns 0 if so.</summary>
    public int Check(string run)
    {
        var (lines, succeeded) = _program.Run([_argument, "check", run, "1"], threads: 1);
        foreach (string line in lines)
        {
            Console.WriteLine($"{Library}: {line}");
        }

        return succeeded ? 0 : 1;
    }

    private CommandFailure Failure() => new($"{Library} failed: its message is above (TinyNet.Bench/peers/README.md)");
}
