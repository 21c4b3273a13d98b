using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Spectre.Console;
using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>
/// The command line: <c>list</c>, <c>devices</c>, <c>train</c> with a subcommand for each example, <c>predict</c>, <c>analyze</c>,
/// <c>report</c> and <c>download</c>.
/// </summary>
internal static class Program
{
    /// <summary>Exit codes: all is well, what was asked for failed, a command that makes no sense, and Ctrl-C.</summary>
    public const int Success = 0, Failure = 1, BadUsage = 2, Interrupted = 130;

    // Of what is written into a file or a pipe.
    private const int UsualWidth = 80;

    private static readonly string[] Commands = ["train", "list", "predict", "analyze", "report", "download", "devices"];

    private static readonly Example[] Examples =
    [
        new DigitsMlp(), new DigitsCnn(), new DigitsRnn(), new DigitsVit(), new MnistMlp(), new MnistCnn(), new FashionMlp(),
        new FashionCnn(), new CifarCnn(), new CifarResNet(),
        new CharacterGpt(), new Sentiment(),
        new CompareActivations(), new AdaptiveRegression(), new DigitsAutoencoder(), new SequenceStatistics(), new AttentionMap(),
    ];

    private static IEnumerable<string> ExampleNames => Examples.Select(example => example.Name);

    private static string KnownDownloads => string.Join(", ", DownloadCommand.Names);

    private static string KnownExamples => string.Join(", ", ExampleNames);

    public static int Main(string[] args)
    {
        using var output = StandardOutput.Open();
        return Run(args, output, Console.Error, isTerminal: !Console.IsOutputRedirected);
    }

    /// <summary>Runs one command and returns the exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool isTerminal = false)
    {
        // It stands before the command where dotnet run is told what is its own.
        args = args is ["--", .. var own] ? own : args;
        Gpus.Register();
        int exitCode = Success;
        int? width = isTerminal ? AnsiConsole.Profile.Width : null;
        var list = new Command("list", "List what can be trained.");
        list.SetAction(_ => TerminalText.WriteTable(
            output, [.. Examples.Select(example => (example.Name, example.Summary))], width));
        var train = new Command("train", $"Train a network and say how good it is. Known are: {KnownExamples}.");
        foreach (var example in Examples)
        {
            var options = new TrainingOptions(example.Defaults, example.OwnOptions);
            var command = new Command(example.Name, TerminalText.Paragraphs(example.Description));
            options.AddTo(command);
            command.SetAction(result => exitCode = Train(example, options.Read(result), args, output, error, width));
            train.Add(command);
        }

        var devices = new Command("devices", "List what can compute, and of GPUs that cannot, what is missing.");
        devices.SetAction(_ => WriteDevices(output));
        var download = DownloadCommand.Make(output, error, isTerminal, code => exitCode = code);
        var predict = PredictCommand.Make(Examples, output, warnings: error);
        var analyze = StudyCommand.MakeAnalyze(Examples, output, width ?? UsualWidth);
        var report = StudyCommand.MakeReport(output, width ?? UsualWidth);
        // By its own name: a RootCommand takes that of the file without what follows the last point.
        var root = new Command("TinyNet.Examples", "Trains networks with TinyNet. Begin with: train digits")
        {
            train, list, predict, analyze, report, download, devices, new HelpOption(),
        };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpAction && Complaint(parsed) is { } complaint)
        {
            error.WriteLine(complaint);
            return BadUsage;
        }

        bool isTraining = parsed.Action is not HelpAction && train.Subcommands.Contains(parsed.CommandResult.Command);
        try
        {
            parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            return exitCode;
        }
        catch (IOException exception) when (StandardOutput.IsClosed(exception) && !isTraining)
        {
            return Success; // Whoever reads has seen enough: list | head.
        }
        catch (Exception exception) when (IsOrdinary(exception))
        {
            error.WriteLine($"{parsed.CommandResult.Command.Name}: {exception.Message}");
            return Failure;
        }
    }

    /// <summary>Whether an exception is of a kind that its message tells all about.</summary>
    public static bool IsOrdinary(Exception exception) =>
        exception is CommandException or IOException or UnauthorizedAccessException;

    private static int Train(
        Example example, TrainingSettings settings, string[] args, TextWriter output, TextWriter error, int? width)
    {
        var device = Device.Default;
        try
        {
            Device.Default = settings.Device;
            RandomStream.Reseed(settings.Seed);
            var session = new TrainingSession(example, settings, output, isTerminal: width is not null);
            session.EnsureFits();
            var outcome = example.Train(session);
            session.Save(outcome);
            string epochs = settings.Epochs == 1 ? "1 epoch" : $"{settings.Epochs} epochs";
            output.WriteLine(TerminalText.Shortened($"weights sha256 {WeightsHash.Of(outcome.Model)}", width));
            output.WriteLine($"test {outcome.Measure} {outcome.Value:F4} ({example.Name}, {epochs}, {session.Seconds:F1} s)");
            return Success;
        }
        catch (TrainingStoppedException)
        {
            string command = string.Join(' ', args.Select(TerminalText.Argument)) + (settings.Resume ? "" : " --resume");
            error.WriteLine(settings.Out is null
                ? "stopped, and nothing is saved: with --out DIR a run can go on" : $"stopped; it goes on by: {command}");
            return Interrupted;
        }
        catch (TrainingDivergedException diverged)
        {
            error.WriteLine($"{example.Name}: the loss became {diverged.Loss} in epoch {diverged.Epoch}; use a smaller --learning-rate "
                + $"than {settings.LearningRate:G4}");
            return Failure;
        }
        finally
        {
            Device.Default = device;
        }
    }

    private static void WriteDevices(TextWriter output)
    {
        foreach (var device in Device.Known())
        {
            output.WriteLine(device);
        }
    }

    private static IEnumerable<string> OptionNames(Command command) => command.Options.Select(option => option.Name);

    private static string StudyNames(Command command) => string.Join(", ", command.Subcommands.Select(study => study.Name));

    /// <summary>What is wrong with a command line, in one line; null where nothing is.</summary>
    private static string? Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        // What begins as an option does is one, also where any text may stand; a -- before it makes it a text.
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0]
            : parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? null
            : parsed.CommandResult.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;
        return (command.Name, unknown) switch
        {
            ("train", null) => $"train: say what to train; known are: {KnownExamples}",
            ("train", _) => $"train: no example '{unknown}'{Suggestion.For(unknown, ExampleNames)}; known are: {KnownExamples}",
            ("download", null) => $"download: say what to download; known are: {KnownDownloads}",
            ("download", _) =>
                $"download: nothing known as '{unknown}'{Suggestion.For(unknown, DownloadCommand.Names)}; known are: {KnownDownloads}",
            (_, null) when command.Subcommands.Count > 0 && command.Parents.Any() =>
                $"{command.Name}: say which study; known are: {StudyNames(command)}",
            (_, not null) when command.Subcommands.Count > 0 && command.Parents.Any() =>
                $"{command.Name}: no study '{unknown}'{Suggestion.For(unknown, command.Subcommands.Select(study => study.Name))}; "
                    + $"known are: {StudyNames(command)}",
            (_, not null) when !command.Parents.Any() =>
                $"no command '{unknown}'{Suggestion.For(unknown, Commands)}; known are: {string.Join(", ", Commands)} (--help tells more)",
            (_, not null) when command.Options.Count == 0 => $"{command.Name}: takes no '{unknown}'",
            (_, not null) => $"{command.Name}: no option '{unknown}'{Suggestion.For(unknown, OptionNames(command))}; known are: "
                + string.Join(", ", OptionNames(command)),
            _ => parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null,
        };
    }
}
