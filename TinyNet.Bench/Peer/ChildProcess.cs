using System.ComponentModel;
using System.Diagnostics;

namespace TinyNet.Bench;

/// <summary>Work in a process of its own: no memory, cache or compiled code is left by what ran before.</summary>
internal static class ChildProcess
{
    /// <summary>How to start this program once more.</summary>
    public static (string Program, string[] Arguments) Itself(params string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new CommandFailure("the path of this program is unknown");
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return (program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
    }

    /// <summary>Runs a program and returns its exit code; null if there is no such program.</summary>
    /// <param name="program">The path of the program, or its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="output">Takes the lines that it writes; without it, they appear where this program's do.</param>
    /// <param name="environment">Variables of its environment, beside those of this program.</param>
    public static int? Run(
        string program,
        IEnumerable<string> arguments,
        Action<string>? output = null,
        IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = output is not null };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            while (output is not null && process.StandardOutput.ReadLine() is { } line)
            {
                output(line);
            }

            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
