using System.Globalization;
using Spectre.Console;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>What came of a training.</summary>
/// <param name="Model">The network; several are a <see cref="ModuleList{TModule}"/>.</param>
/// <param name="Measure">What was measured on the test data: <c>accuracy</c>.</param>
/// <param name="Value">Its value.</param>
internal sealed record Outcome(Module Model, string Measure, double Value)
{
    /// <summary>What has to be saved with the weights to use the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What the test showed, for a report.</summary>
    public ClassificationReview? Review { get; init; }

    /// <summary>Shapes, parameters and work of the network, for a report.</summary>
    public ModuleSummary? Summary { get; init; }

    /// <summary>What the data are, for a report.</summary>
    public IReadOnlyList<(string Name, string Value)> Data { get; init; } = [];
}

/// <summary>A run of an example: what the command line asks for, and where what it makes goes.</summary>
internal sealed class TrainingSession(
    Example example, TrainingSettings settings, TextWriter output, bool isTerminal, int keptCheckpoints = TrainingSession.FewCheckpoints)
{
    /// <summary>The file of the weights in the folder of a run.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>The file of the report in the folder of a run.</summary>
    public const string ReportFile = "report.html";

    private const string CheckpointsFolder = "checkpoints";

    /// <summary>How many checkpoints are kept: the newest ones.</summary>
    private const int FewCheckpoints = 3;

    private RunRecord? _record;

    public TrainingSettings Settings => settings;

    /// <summary>Where tables and samples go.</summary>
    public TextWriter Output => output;

    /// <summary>Where the trainer saves its checkpoints; null for nowhere.</summary>
    public CheckpointFolder? Checkpoints => settings.Out is null ? null
        : new CheckpointFolder(CheckpointsPath(settings.Out)) { Keep = keptCheckpoints, Metadata = Texts };

    /// <summary>What the epochs of all its trainings took, also those before it went on.</summary>
    public double Seconds => Histories.Sum(history => history["seconds"].Sum());

    /// <summary>The newest checkpoint in the folder of a run; where it has none, the newest of each part.</summary>
    public static IEnumerable<string> NewestCheckpoints(string folder)
    {
        return !Directory.Exists(folder) ? []
            : NewestIn(folder) is { } newest ? [newest]
            : Directory.EnumerateDirectories(folder).Select(NewestIn).OfType<string>();

        static string? NewestIn(string folder) => new CheckpointFolder(CheckpointsPath(folder)).Newest;
    }

    /// <summary>One of several trainings of an example, with a folder of its own in the folder of the run.</summary>
    /// <param name="name">What stands above its progress, and what its folder is called.</param>
    /// <param name="keptCheckpoints">How many of its checkpoints are kept: fewer where many parts are large.</param>
    public TrainingSession Part(string name, int keptCheckpoints = FewCheckpoints)
    {
        string? folder = settings.Out is null ? null : Path.Combine(settings.Out, name);
        return new TrainingSession(example, settings with { Out = folder }, output, isTerminal, keptCheckpoints)
        {
            Title = name,
            Texts = Texts,
            Histories = Histories,
        };
    }

    /// <summary>Says of the run what its options do not tell, such as a hash of its data: it does not go on with another.</summary>
    /// <exception cref="CommandException">What is in the folder was made of another.</exception>
    public void Identify(string key, string text)
    {
        Texts[key] = text;
        EnsureFits();
    }

    /// <summary>Refuses to go on with a run that was begun otherwise, or to begin where one is.</summary>
    /// <exception cref="CommandException">It is so.</exception>
    public void EnsureFits()
    {
        foreach (string file in FilesOfRun())
        {
            if (!settings.Resume)
            {
                throw new CommandException(
                    $"--out: '{settings.Out}' has a run already: --resume goes on with it; or choose another folder");
            }

            using var saved = SafetensorsFile.Open(file);
            foreach (var (key, text) in Texts)
            {
                string before = saved.Metadata.GetValueOrDefault(key, "nothing");
                if (before != text)
                {
                    throw new CommandException($"--resume: the run in '{settings.Out}' " + (key == SavedModel.ExampleKey
                        ? $"is a run of {before}, not of {text}; choose another folder"
                        : $"has {key} {before}, not {text}; give the same options"));
                }
            }
        }
    }

    /// <summary>Trains, shows how it goes, and goes on where the run was.</summary>
    /// <exception cref="TrainingStoppedException">Ctrl-C, SIGTERM or the key q ended it.</exception>
    public void Fit<TBatch, TOutput, TTarget>(
        Trainer<TBatch, TOutput, TTarget> trainer, DataLoader<TBatch> train, DataLoader<TBatch>? validation = null)
    {
        var watch = settings.Watch && isTerminal && TrainingWatch.CanShowOn(AnsiConsole.Console)
            ? new TrainingWatch(
                AnsiConsole.Console, Title is null ? example.Name : $"{example.Name} {Title}", output,
                Console.IsInputRedirected ? null : TrainingWatch.IsStopKeyPressed)
            : null;
        if (watch is null && Title is not null)
        {
            output.WriteLine(Title);
        }

        var start = new StartNote();
        trainer.Callbacks.Add(start);
        trainer.Callbacks.Add(watch is not null ? watch : isTerminal ? new ConsoleProgress() : new ConsoleProgress(output));
        if (settings.Out is not null)
        {
            trainer.Callbacks.Add(new HistoryFile(Path.Combine(settings.Out, "history.csv")));
            TryResume(trainer);
        }

        var record = settings.Report || watch is not null ? new RunRecord(trainer.Model) : null;
        foreach (var callback in record?.Callbacks ?? [])
        {
            trainer.Callbacks.Add(callback);
        }

        void Run() => trainer.Fit(train, validation, settings.Epochs);
        bool isComplete = false;
        try
        {
            if (watch is null)
            {
                Run();
            }
            else
            {
                watch.Show(record!, Run);
            }

            if (trainer.History!.StopReason == StopReason.Signal || watch?.IsStopped == true)
            {
                throw new TrainingStoppedException();
            }

            isComplete = true;
        }
        catch (InvalidOperationException exception) when (settings.Resume && !start.HasStarted)
        {
            // Data that were changed since: the epoch that the run stopped in has other batches now.
            throw new CommandException($"--resume: {exception.Message}");
        }
        finally
        {
            // Also of a run that was stopped, or that diverged: there one wants to see why.
            record?.Dispose();
            WriteReport(record, trainer.History, outcome: null, isNeeded: isComplete);
        }

        _record = record;
        Histories.Add(trainer.History!);
    }

    /// <summary>Saves the weights and what is needed to use them, if there is a folder for them, and says where they are.</summary>
    public void Save(Outcome outcome)
    {
        if (settings.Out is null)
        {
            output.WriteLine("nothing is saved: --out DIR would keep what was trained");
            return;
        }

        var texts = new Dictionary<string, string>(Texts);
        foreach (var (key, text) in outcome.Metadata)
        {
            texts.Add(key, text);
        }

        outcome.Model.Save(Path.Combine(settings.Out, WeightsFile), texts);
        WriteReport(_record, Histories.LastOrDefault(), outcome);
        string folder = TerminalText.Argument(settings.Out);
        output.WriteLine($"saved in {folder} (weights, history, checkpoints{(settings.Report ? ", report" : "")})"
            + (example is IPredictor predictor ? $"; try: predict {folder} {predictor.SampleInput}" : ""));
    }

    /// <summary>Writes the report; where it is not needed, what ended the run is more important than why there is none.</summary>
    private void WriteReport(RunRecord? record, History? history, Outcome? outcome, bool isNeeded = true)
    {
        if (!settings.Report || record is null || history is null)
        {
            return;
        }

        string title = Title is null ? example.Name : $"{example.Name}: {Title}";
        var report = record.Report(title, history, outcome, [.. Texts.Select(pair => (pair.Key, pair.Value))]);
        try
        {
            report.Write(Path.Combine(settings.Out!, ReportFile));
        }
        catch (IOException exception) when (!isNeeded)
        {
            output.WriteLine($"no report: {exception.Message}");
        }
    }

    /// <summary>What its trainings measured, those of its parts included.</summary>
    private List<History> Histories { get; init; } = [];

    /// <summary>What stands above the progress of a part.</summary>
    private string? Title { get; init; }

    /// <summary>What is needed to build the model again, and what another run would not go on with.</summary>
    private Dictionary<string, string> Texts { get; init; } = Metadata(example, settings);

    /// <summary>The weights in the folder of the run, and its newest checkpoints.</summary>
    private IEnumerable<string> FilesOfRun()
    {
        if (settings.Out is null)
        {
            return [];
        }

        string weights = Path.Combine(settings.Out, WeightsFile);
        var checkpoints = NewestCheckpoints(settings.Out);
        return File.Exists(weights) ? checkpoints.Prepend(weights) : checkpoints;
    }

    private static string CheckpointsPath(string folder) => Path.Combine(folder, CheckpointsFolder);

    private static void TryResume<TBatch, TOutput, TTarget>(Trainer<TBatch, TOutput, TTarget> trainer)
    {
        try
        {
            trainer.TryResume();
        }
        catch (WeightMismatchException mismatch)
        {
            throw new CommandException(
                $"--resume: the checkpoint is of another network ({WeightDifferences.Of(mismatch)}); choose another folder for --out");
        }
        catch (InvalidOperationException exception)
        {
            // A program that was changed since: its networks or trainers are others now.
            throw new CommandException($"--resume: {exception.Message}");
        }
    }

    private static Dictionary<string, string> Metadata(Example example, TrainingSettings settings)
    {
        var texts = new Dictionary<string, string>
        {
            [SavedModel.ExampleKey] = example.Name,
            [SavedModel.ActivationKey] = settings.Activation,
            // Schedules follow a curve over all epochs: with more of them the steps before would have been others.
            ["epochs"] = settings.Epochs.ToString(CultureInfo.InvariantCulture),
            ["batch size"] = settings.BatchSize.ToString(CultureInfo.InvariantCulture),
            ["learning rate"] = settings.LearningRate.ToString(CultureInfo.InvariantCulture),
            ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var option in example.OwnOptions)
        {
            texts.Add(option.Name.TrimStart('-'), Text(settings.Own.GetResult(option)?.GetValueOrDefault<object>()));
        }

        return texts;
    }

    private static string Text(object? value) =>
        value is string[] several ? string.Join(',', several) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Notes that a training has begun, and was not refused.</summary>
internal sealed class StartNote : Callback
{
    public bool HasStarted { get; private set; }

    public override void OnFitStarted(TrainingRun run) => HasStarted = true;
}

/// <summary>A training ended by its user (Ctrl-C, SIGTERM, the key q), with a checkpoint where there is a folder for it.</summary>
internal sealed class TrainingStoppedException() : OperationCanceledException("the training was stopped");

/// <summary>What cannot be done as it was asked for, in one line.</summary>
internal sealed class CommandException(string message) : InvalidOperationException(message);
