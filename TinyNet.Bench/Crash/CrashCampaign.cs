using System.Diagnostics;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Kills runs at random moments, resumes them, and looks at what they leave.</summary>
/// <param name="signal">What they are killed by.</param>
/// <param name="output">Where lines go.</param>
/// <param name="child">The program and arguments of a training, from its folder.</param>
internal sealed class CrashCampaign(string signal, TextWriter output, Func<string, (string Program, string[] Arguments)> child)
{
    private int _faults, _inWrites;

    /// <summary>Gives how much went wrong, and how many kills fell into the writing of a file.</summary>
    public (int Faults, int InWrites) Run(int kills, int seed)
    {
        string root = Directory.CreateTempSubdirectory("tinynet-crash-").FullName;
        try
        {
            string whole = Path.Combine(root, "whole");
            var (expected, seconds) = Finish(whole);
            output.WriteLine(Invariant($"never killed: {seconds:F1} s, {CrashChild.HashName}{expected}"));

            var random = new Random(seed);
            int done = 0;
            for (int number = 0; done < kills; number++)
            {
                string folder = Path.Combine(root, Invariant($"run{number}"));
                int before = done;
                while (done < kills && IsKilledAfter(folder, random.NextDouble() * seconds))
                {
                    done++;
                    Check(folder, done);
                }

                string hash = Finish(folder).Hash;
                bool isSame = hash == expected && SameHistory(whole, folder);
                string result = isSame ? "the same weights and history" : Note($"{hash}: OTHER");
                output.WriteLine(Invariant($"run {number}: killed {done - before} times, {result}"));
                foreach (string file in Temporary(folder))
                {
                    output.WriteLine(Note(Invariant($"run {number}: {Path.GetFileName(file)} is left")));
                }
            }

            output.WriteLine(Invariant($"{done} kills by SIG{signal}, {_inWrites} while a file was written, {_faults} faults"));
            return (_faults, _inWrites);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Starts or resumes the run and ends it after it has trained for a while; false where it had ended before.</summary>
    private bool IsKilledAfter(string folder, double seconds)
    {
        using var training = Start(folder);
        training.WaitUntilBegun();
        string[] before = Temporary(folder);
        if (training.EndsWithin(seconds))
        {
            return false;
        }

        if (signal == "KILL")
        {
            training.Kill();
            _inWrites += Temporary(folder).Except(before).Any() ? 1 : 0;
        }
        else
        {
            // After a training that is over, before the end of the process, a signal does what it does to any.
            long? step = training.Stop(signal);
            var (newest, isOver) = new CrashRun(folder).ReadNewest();
            if (step is null ? !isOver : newest != step)
            {
                output.WriteLine(Note(Invariant($"stopped at step {step}, and the newest checkpoint is of step {newest}")));
            }
        }

        return true;
    }

    /// <summary>What a process killed at this moment has left.</summary>
    private void Check(string folder, int kill)
    {
        try
        {
            new CrashRun(folder).ReadNewest();
        }
        catch (Exception exception)
        {
            output.WriteLine(Note(Invariant($"kill {kill}: {exception.GetType().Name}: {exception.Message}")));
        }

        string[] epochs = [.. Rows(folder).Select(row => row[0])];
        if (epochs.Distinct().Count() != epochs.Length)
        {
            output.WriteLine(Note(Invariant($"kill {kill}: the history has the epochs {string.Join(", ", epochs)}")));
        }
    }

    /// <summary>Lets the run go to its end; gives the hash of its weights, and how long it trained.</summary>
    private (string Hash, double Seconds) Finish(string folder)
    {
        using var training = Start(folder);
        training.WaitUntilBegun();
        long start = Stopwatch.GetTimestamp();
        string hash = training.Hash();
        return (hash, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private CrashChild Start(string folder)
    {
        var (program, arguments) = child(folder);
        return new CrashChild(program, arguments);
    }

    private string Note(string fault)
    {
        _faults++;
        return fault;
    }

    /// <summary>The files that were not whole when a process was killed.</summary>
    private static string[] Temporary(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "*" + AtomicFile.Ending, SearchOption.AllDirectories)
        : [];

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
