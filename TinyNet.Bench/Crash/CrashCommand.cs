using System.CommandLine;
using System.Diagnostics;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>
/// <c>crash</c>: kills a training in another process at random moments, and resumes it, again and again. Each time the newest checkpoint
/// has
/// to be whole, the history must have no epoch twice, and in the end the weights must be those of the run that was never killed.
/// </summary>
internal static class CrashCommand
{
    private const string ChildName = "child", HashName = "weights sha256 ";
    private static readonly TimeSpan LongestChild = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var kills = CommonOptions.Count("--kills", "How often the process is killed.", 50);
        var seed = CommonOptions.Count("--seed", "Where the random moments start from.", 1);
        var signal = new Option<string>("--signal")
        {
            Description = "What it is killed by: KILL, which no process sees, or TERM or INT, after which it saves and ends by itself.",
            DefaultValueFactory = _ => "KILL",
        };
        signal.AcceptOnlyFromAmong("KILL", "TERM", "INT");
        var command = new Command(
            "crash", "Kill a training at random moments, resume it, and compare its weights with those of one that was not.")
        {
            kills, seed, signal,
        };
        command.SetAction(parsed => CommandFailure.Guard(() =>
            Run(parsed.GetRequiredValue(kills), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(signal), Console.Out)));

        var folder = new Option<string>("--folder") { Required = true, Description = "The folder of the run." };
        var child = new Command(ChildName, "The training that is killed.") { Hidden = true };
        child.Add(folder);
        child.SetAction(parsed => Train(parsed.GetRequiredValue(folder)));
        command.Add(child);
        return command;
    }

    /// <summary>Runs it and returns the exit code: 1 where a run did not end as it should.</summary>
    public static int Run(int kills, int seed, string signal, TextWriter output)
    {
        string root = Directory.CreateTempSubdirectory("tinynet-crash-").FullName;
        try
        {
            string whole = Path.Combine(root, "whole");
            long start = Stopwatch.GetTimestamp();
            string expected = Finish(whole);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            output.WriteLine(Invariant($"never killed: {seconds:F1} s, {HashName}{expected}"));

            var random = new Random(seed);
            int done = 0, faults = 0;
            for (int number = 0; done < kills; number++)
            {
                string folder = Path.Combine(root, Invariant($"run{number}"));
                int before = done;
                while (done < kills && KillAfter(folder, random.NextDouble() * seconds, signal))
                {
                    done++;
                    faults += Check(folder, done, output);
                }

                string hash = Finish(folder);
                bool isSame = hash == expected && SameHistory(whole, folder);
                faults += isSame ? 0 : 1;
                string result = isSame ? "the same weights and history" : $"{hash}: OTHER";
                output.WriteLine(Invariant($"run {number}: killed {done - before} times, {result}"));
            }

            output.WriteLine(Invariant($"{done} kills by SIG{signal}, {faults} faults"));
            return faults == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static int Train(string folder)
    {
        var (reason, hash) = new CrashRun(folder).Train();
        Console.WriteLine(reason == StopReason.Completed ? HashName + hash : reason.ToString());
        return 0;
    }

    /// <summary>What a process killed at this moment has left; the number of faults.</summary>
    private static int Check(string folder, int kill, TextWriter output)
    {
        var run = new CrashRun(folder);
        int faults = 0;
        try
        {
            run.ReadNewest();
        }
        catch (Exception exception)
        {
            faults++;
            output.WriteLine(Invariant($"kill {kill}: {exception.GetType().Name}: {exception.Message}"));
        }

        string[] epochs = [.. Rows(folder).Select(row => row[0])];
        if (epochs.Distinct().Count() != epochs.Length)
        {
            faults++;
            output.WriteLine(Invariant($"kill {kill}: the history has the epochs {string.Join(", ", epochs)}"));
        }

        return faults;
    }

    /// <summary>Starts or resumes the run and ends it after a while; false where it had ended before.</summary>
    private static bool KillAfter(string folder, double seconds, string signal)
    {
        using var child = Start(folder);
        if (child.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            return false;
        }

        if (signal == "KILL")
        {
            child.Kill(entireProcessTree: true);
        }
        else
        {
            using var kill = Process.Start("kill", [$"-{signal}", Invariant($"{child.Id}")]);
            kill.WaitForExit();
        }

        return child.WaitForExit(LongestChild)
            ? true
            : throw new CommandFailure($"a training did not end within {LongestChild} of SIG{signal}");
    }

    /// <summary>Lets the run go to its end; gives the hash of its weights.</summary>
    private static string Finish(string folder)
    {
        using var child = Start(folder);
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return printed.StartsWith(HashName, StringComparison.Ordinal)
            ? printed[HashName.Length..].Trim()
            : throw new CommandFailure($"a training that was not killed ended with exit code {child.ExitCode}: {printed.Trim()}");
    }

    private static Process Start(string folder)
    {
        var (program, arguments) = ChildProcess.Itself("crash", ChildName, "--folder", folder);
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }

    /// <summary>Whether two runs measured the same, but for the time.</summary>
    private static bool SameHistory(string folder, string other) =>
        Rows(folder).Select(row => string.Join(',', row[..^1])).SequenceEqual(Rows(other).Select(row => string.Join(',', row[..^1])));

    private static string[][] Rows(string folder)
    {
        string path = new CrashRun(folder).CsvPath;
        return File.Exists(path) ? [.. File.ReadAllLines(path).Skip(1).Select(line => line.Split(','))] : [];
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
