namespace TinyNet.Bench;

/// <summary>Another library: a script that measures it, and what the script needs.</summary>
internal sealed record Peer(string Name, string Script, bool NeedsNode)
{
    private const string OnnxRuntimePrefix = "infer";

    private const string FindTorch = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)";

    private static readonly Peer PyTorch = new("PyTorch", "pytorch_peer.py", NeedsNode: false);

    private static readonly Peer OnnxRuntime = new("onnxruntime", "onnxruntime_peer.py", NeedsNode: true);

    public string ScriptPath => Path.Combine(AppContext.BaseDirectory, "Peer", "Scripts", Script);

    /// <summary>The fastest that is known for the workloads whose names start so.</summary>
    public static Peer For(string prefix) => prefix.StartsWith(OnnxRuntimePrefix, StringComparison.Ordinal) ? OnnxRuntime : PyTorch;

    /// <summary>Finds out whether everything is there that the script needs.</summary>
    /// <exception cref="CommandFailure">Something is not; the message says what to install.</exception>
    public void CheckInstalled(string python)
    {
        Check(python, ["-c", FindTorch],
            "it has no PyTorch: install Debian's python3-torch and libopenblas0-pthread, "
            + "and name their interpreter, --python /usr/bin/python3");
        if (NeedsNode)
        {
            Check("node", ["--version"], "install Debian's nodejs");
            Check("npm", ["--version"], "install Debian's npm");
        }
    }

    /// <summary>The lines that the script writes.</summary>
    public IReadOnlyList<string> Run(string python, string prefix, int threads, double seconds)
    {
        var lines = new List<string>();
        return ChildProcess.Run(python, [ScriptPath, .. PeerCommand.Options(threads, seconds), prefix], lines.Add) == 0
            ? lines
            : throw new CommandFailure($"{Script} failed: its message is above");
    }

    private void Check(string program, string[] arguments, string remedy)
    {
        if (ChildProcess.Run(program, arguments, _ => { }) != 0)
        {
            throw new CommandFailure($"{Name} cannot be measured with {program}: {remedy} (TinyNet.Bench/Peer/Scripts/README.md)");
        }
    }
}
