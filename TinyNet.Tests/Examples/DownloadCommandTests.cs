using TinyNet.Examples;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

public class DownloadCommandTests
{
    [Fact]
    public async Task A_line_for_each_file_and_where_they_are()
    {
        var (exitCode, output, error) = await Run(async (folder, progress, _) =>
        {
            await Task.Yield();
            progress!.Report(new("a", 1, 2));
            progress.Report(new("a", 2, 2));
            progress.Report(new("b", 3, 3));
            return $"{folder}/set";
        });

        Assert.Equal(0, exitCode);
        Assert.Equal(["a: 2 bytes", "b: 3 bytes", "set is in data/set"], output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task What_fails_is_one_line()
    {
        Assert.Equal((1, "download: the disk is full"), await Failure(new IOException("the disk is full")));
        Assert.Equal((1, "download: it may not be written"), await Failure(new UnauthorizedAccessException("it may not be written")));
        Assert.Equal((1, "download: stopped; the next one goes on where this one was"), await Failure(new OperationCanceledException()));
        Assert.Equal((2, "download: no folder (--data DIR)"), await Failure(new ArgumentException("no folder", "folder")));

        static async Task<(int, string)> Failure(Exception exception)
        {
            var (exitCode, _, error) = await Run((_, _, _) => Task.FromException<string>(exception));
            return (exitCode, Assert.Single(error));
        }
    }

    [Theory]
    [InlineData("download: say what to download; known are: fashion-mnist, cifar10", "download")]
    [InlineData("download: nothing known as 'fashion-mnst' (did you mean 'fashion-mnist'?); known are: fash", "download fashion-mnst")]
    [InlineData("cifar10: no option '--dat' (did you mean '--data'?)", "download cifar10 --dat x")]
    public void What_makes_no_sense_is_one_line(string message, string arguments)
    {
        var error = new StringWriter();
        Assert.Equal(2, TinyNet.Examples.Program.Run(arguments.Split(' '), TextWriter.Null, error));
        Assert.StartsWith(message, Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] Output, string[] Error)> Run(Download download)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await DownloadCommand.RunAsync(
            "set", download, "data", output, error, isTerminal: false, TestContext.Current.CancellationToken);
        return (exitCode, Lines(output), Lines(error));
    }
}
