namespace TinyNet.Tests.Examples;

/// <summary>Runs commands of TinyNet.Examples in this process, with what they print.</summary>
internal static class CommandRun
{
    public static (int ExitCode, string[] Output, string[] Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int exitCode = TinyNet.Examples.Program.Run(args, output, error);
        return (exitCode, Lines(output), Lines(error));
    }

    /// <summary>The lines of a command that succeeds.</summary>
    public static string[] Output(params string[] args)
    {
        var (exitCode, output, error) = Run(args);

        Assert.Empty(error);
        Assert.Equal(0, exitCode);
        return output;
    }

    /// <summary>The one line of a command that fails.</summary>
    public static string Error(int expectedExitCode, params string[] args)
    {
        var (exitCode, _, error) = Run(args);

        Assert.Equal(expectedExitCode, exitCode);
        return Assert.Single(error);
    }

    /// <summary>The lines of what was written.</summary>
    public static string[] Lines(StringWriter writer) =>
        writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
