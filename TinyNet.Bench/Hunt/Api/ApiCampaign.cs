using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace TinyNet.Bench;

/// <summary>
/// Random calls of the public members in a child process, which may crash, hang or run out of memory: it is started again after the call
/// that did it.
/// </summary>
internal sealed class ApiCampaign(int seed, IReadOnlyList<ApiMember> members)
{
    /// <summary>How long a call may take, and what the child may have in its heap.</summary>
    private const int DeadlineSeconds = 10;
    private const string HeapLimit = "0x30000000";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes calls with child processes that are started as given, and yields what is wrong.</summary>
    /// <param name="count">The number of calls.</param>
    /// <param name="child">The program and arguments of a child, from the file for its progress and the first call.</param>
    public IEnumerable<ApiFault> Run(int count, Func<string, int, (string Program, string[] Arguments)> child)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, new byte[sizeof(int)]);
            for (int next = 0; next < count;)
            {
                var faults = new List<ApiFault>();
                var (program, arguments) = child(file, next);
                string? end = Watch(program, arguments, file, faults);
                next = Progress(file);
                if (end is not null)
                {
                    faults.Add(ApiCall.Describe(seed, next, members, end));
                    next++;
                }

                foreach (var fault in faults)
                {
                    yield return fault;
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What the program is given to be a child.</summary>
    public string[] ChildArguments(int count, string? only, string file, int first) =>
    [
        "hunt", "api", "--seed", Text(seed), "--count", Text(count), "--progress", file, "--first", Text(first),
        .. only is null ? Array.Empty<string>() : ["--only", only],
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs a child to its end; says how it ended, or null if it did what it should.</summary>
    private static string? Watch(string program, string[] arguments, string file, List<ApiFault> faults)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";

        // Else the runtime comes to inline our lambdas into its own methods, and what they throw seems to be its.
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = Process.Start(start) ?? throw new CommandFailure($"{program} does not start");
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && ApiChild.Parse(line.Data) is { } fault)
            {
                lock (faults)
                {
                    faults.Add(fault);
                }
            }
        };
        string last = "";
        process.ErrorDataReceived += (_, line) => last = last.Length == 0 ? line.Data ?? "" : last;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        int seen = -1;
        var since = Stopwatch.StartNew();
        while (!process.WaitForExit(Look))
        {
            int now = Progress(file);
            if (now != seen)
            {
                (seen, since) = (now, Stopwatch.StartNew());
            }
            else if (since.Elapsed.TotalSeconds > DeadlineSeconds)
            {
                process.Kill();
                process.WaitForExit();
                return $"no end after {DeadlineSeconds} s";
            }
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"the process ended with {process.ExitCode}: {last}";
    }

    private static int Progress(string file)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
        using var view = mapped.CreateViewAccessor(0, sizeof(int));
        return view.ReadInt32(0);
    }
}
