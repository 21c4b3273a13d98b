using System.CommandLine;

namespace TinyNet.Bench;

/// <summary>What is wrong with the options of a command, in one line.</summary>
internal sealed class CommandFailure(string message) : Exception(message)
{
    /// <summary>The exit code for bad options.</summary>
    private const int ExitCode = 2;

    /// <summary>Runs a command; bad options become a line on the standard error and the exit code for them.</summary>
    public static int Guard(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (CommandFailure failure)
        {
            return Report(failure.Message);
        }
    }

    /// <summary>The same for what the parser found.</summary>
    public static int Report(ParseResult parsed) => Report(parsed.UnmatchedTokens is [var unknown, ..]
        ? $"unknown command or option '{unknown}': --help lists the known ones"
        : parsed.Errors[0].Message);

    private static int Report(string message)
    {
        // The parser spreads a list of choices over several lines.
        Console.Error.WriteLine(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return ExitCode;
    }
}
