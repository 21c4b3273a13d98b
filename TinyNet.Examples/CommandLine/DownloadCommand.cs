using System.CommandLine;
using Spectre.Console;
using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>Downloads the files of a dataset into a folder, and returns the folder of the dataset.</summary>
internal delegate Task<string> Download(string? folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation);

/// <summary>The command <c>download</c>: a subcommand for each dataset whose publisher gives checksums.</summary>
internal static class DownloadCommand
{
    private static readonly IReadOnlyDictionary<string, Download> All = new Dictionary<string, Download>
    {
        ["fashion-mnist"] = FashionMnist.DownloadAsync,
        ["cifar10"] = Cifar10.DownloadAsync,
    };

    /// <summary>The datasets that can be downloaded.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Makes the command; what it ends with goes to a function, as an exit code.</summary>
    public static Command Make(TextWriter output, TextWriter error, bool isTerminal, Action<int> end)
    {
        var command = new Command("download", $"Download a dataset from its publisher. Known are: {string.Join(", ", Names)}.");
        foreach (var (name, download) in All)
        {
            var data = OwnOption.Path(
                "--data", "DIR", "The folder of datasets; without it that of the environment variable TINYNET_DATA.");
            var own = new Command(name, $"Download {name}; what is there already is left alone.") { data };
            own.SetAction(async (result, cancellation) =>
                end(await RunAsync(name, download, result.GetValue(data), output, error, isTerminal, cancellation)));
            command.Add(own);
        }

        return command;
    }

    /// <summary>Downloads, and returns the exit code.</summary>
    public static async Task<int> RunAsync(
        string name, Download download, string? folder, TextWriter output, TextWriter error, bool isTerminal,
        CancellationToken cancellation)
    {
        try
        {
            string own = isTerminal && AnsiConsole.Profile.Capabilities.Ansi
                ? await WithBars(progress => download(folder, progress, cancellation))
                : await download(folder, new Lines(output), cancellation);
            output.WriteLine($"{name} is in {own}");
            return Program.Success;
        }
        catch (ArgumentException exception) when (exception.ParamName == "folder")
        {
            error.WriteLine($"download: {exception.Message.Split(" (Parameter")[0]} (--data DIR)");
            return Program.BadUsage;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("download: stopped; the next one goes on where this one was");
            return Program.Failure;
        }
        catch (Exception exception) when (Program.IsOrdinary(exception))
        {
            error.WriteLine($"download: {exception.Message}");
            return Program.Failure;
        }
    }

    private static Task<string> WithBars(Func<IProgress<DownloadProgress>, Task<string>> download) => AnsiConsole.Progress()
        .Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(),
            new RemainingTimeColumn())
        .StartAsync(context => download(new Bars(context)));

    /// <summary>A bar for each file.</summary>
    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(DownloadProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
            {
                _tasks[value.File] = task = context.AddTask(Markup.Escape(value.File));
            }

            task.IsIndeterminate = value.Total is null;
            task.MaxValue = value.Total ?? Math.Max(value.Bytes, 1);
            task.Value = value.Bytes;
        }
    }

    /// <summary>A line for each file, when it is there.</summary>
    private sealed class Lines(TextWriter output) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Bytes == value.Total)
            {
                output.WriteLine($"{value.File}: {value.Bytes} bytes");
            }
        }
    }
}
