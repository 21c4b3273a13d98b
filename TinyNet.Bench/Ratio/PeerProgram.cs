namespace TinyNet.Bench;

/// <summary>
/// The program in TinyNet.Bench/peers, which does the work of TinyNet's workloads by other libraries. It is built when it is needed: nobody
/// else restores libtorch.
/// </summary>
internal sealed class PeerProgram
{
    private const string Project = "TinyNet.Bench/peers", Built = "artifacts/peers", Library = "TinyNet.Bench.Peers";

    private readonly string[] _command;

    private PeerProgram(string[] command) => _command = command;

    /// <summary>The folder for the models that onnxruntime is to run.</summary>
    public static string Models => Path.Combine(RepositoryRoot.Find(), Built, "models");

    /// <summary>Builds the program.</summary>
    /// <param name="prefix">The command that starts it, up to the program itself; empty where it can be started directly.</param>
    /// <exception cref="CommandFailure">It cannot be built.</exception>
    public static PeerProgram Build(string prefix)
    {
        string root = RepositoryRoot.Find(), built = Path.Combine(root, Built);
        Console.Error.WriteLine($"building {Project}: the first time this gets libtorch and onnxruntime, some hundred megabytes");
        var messages = new List<string>();
        int? exit = ChildProcess.Run(
            "dotnet",
            ["build", Path.Combine(root, Project), "-c", "Release", "--artifacts-path", built, "--verbosity", "quiet", "-clp:NoSummary"],
            messages.Add);
        if (exit > 0)
        {
            messages.ForEach(Console.Error.WriteLine);
        }

        return exit switch
        {
            0 => new PeerProgram([.. Words(prefix), "dotnet", Path.Combine(built, "bin", Library, "release", Library + ".dll")]),
            null => throw new CommandFailure($"`dotnet build {Project}` makes the peers, and there is no dotnet: install the .NET SDK"),
            _ => throw new CommandFailure(
                $"`dotnet build {Project}` failed: its messages are above. It needs the .NET SDK, and the first time NuGet's packages"),
        };
    }

    /// <summary>The words of a command; there is no quoting.</summary>
    public static string[] Words(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the program; its errors appear where this program's do.</summary>
    /// <param name="arguments">The library and what it is to do.</param>
    /// <param name="threads">The number of threads for the libraries that read it when they are loaded.</param>
    /// <param name="allocator">The file of the allocator that takes the place of the system's; null for none.</param>
    /// <returns>The lines that it wrote, and whether all went well.</returns>
    public (IReadOnlyList<string> Lines, bool Succeeded) Run(IEnumerable<string> arguments, int threads, string? allocator = null)
    {
        // The prefix may be a program of this system, for which the allocator need not exist.
        string[] preload = allocator is null ? [] : ["env", $"LD_PRELOAD={allocator}"];
        string[] command = [.. _command[..^2], .. preload, .. _command[^2..], .. arguments];
        var lines = new List<string>();
        var messages = new List<string>();
        int? exit = ChildProcess.Run(command[0], command[1..], lines.Add, new Dictionary<string, string?>
        {
            ["OMP_NUM_THREADS"] = $"{threads}",
            ["MKL_NUM_THREADS"] = $"{threads}",
        });
        return exit is null ? throw new CommandFailure($"there is no program {command[0]}: see --peer-command") : (lines, exit == 0);
    }
}
