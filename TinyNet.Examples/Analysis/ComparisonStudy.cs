using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Trainings that have run, over each other.</summary>
internal sealed class ComparisonStudy : Study
{
    private const string HistoryFile = "history.csv", UsualMetric = "accuracy";

    // That none reached the threshold tells something, too.
    private const string ReachedColumn = "epochs to";

    private static readonly string[] Drawn = ["loss", "seconds"];

    private readonly Argument<string[]> _folders = new("runs")
    {
        Description = "The folders of trainings (--out); of a training with several parts all are taken.",
        HelpName = "DIR",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _metric = new("--metric")
    {
        Description = "What is compared beside the loss, larger being better.",
        HelpName = "NAME",
        DefaultValueFactory = _ => UsualMetric,
    };

    private readonly Option<double?> _threshold = new("--threshold")
    {
        Description = "Say in which epoch the metric reached this.",
        HelpName = "X",
        CustomParser = Number,
    };

    public override string Name => "compare";

    public override string Description =>
        """
        Lay trainings over each other: the curves of all that they measured, from the history.csv in their folders, with a picker of runs,
        and a table of what they came to, when, and in which time.
        """;

    public override IReadOnlyList<Argument> Arguments => [_folders];

    public override IReadOnlyList<Option> Options => [_metric, _threshold];

    public override HtmlPage Make(ParseResult asked)
    {
        string metric = asked.GetRequiredValue(_metric);
        ComparedRun[] runs = [.. Named([.. asked.GetRequiredValue(_folders).SelectMany(Files).Distinct()])];
        if (!runs.Any(run => Has(run, metric)) && asked.GetResult(_metric) is { Implicit: false })
        {
            throw new CommandException($"--metric: no run has '{metric}'; they have {string.Join(", ", Measured(runs))}");
        }

        var comparison = Compare(runs, metric, asked.GetValue(_threshold));
        var page = new HtmlPage("Comparison of runs") { Subtitle = runs.Length == 1 ? "1 run" : $"{runs.Length} runs" };
        page.Add(new PageSection("Runs", comparison.ToFigure(), comparison.ToTable().WithoutEmptyColumns(ReachedColumn)));
        Panel[] others = [.. Measured(runs).Where(measure => measure != metric).Except(Drawn).Select(measure => Overlay(runs, measure))];
        if (others.Length > 0)
        {
            page.Add(new PageSection("Other columns", new Figure("What else was measured", others) { Columns = 2 }));
        }

        return page;
    }

    private static RunComparison Compare(ComparedRun[] runs, string metric, double? threshold)
    {
        try
        {
            return new RunComparison(runs, metric, threshold);
        }
        catch (ArgumentException exception)
        {
            throw new CommandException(exception.Message.Split(" (Parameter")[0]);
        }
    }

    /// <summary>The histories of a run: its own, and those of its parts.</summary>
    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandException($"no folder '{folder}'");
        }

        string[] files = [.. new[] { folder }.Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            .Select(part => Path.Combine(part, HistoryFile)).Where(File.Exists)];
        return files.Length > 0 ? files
            : throw new CommandException($"no {HistoryFile} in '{folder}': a training with --out writes it there");
    }

    /// <summary>The runs by the names of their folders, by the whole paths where two are called alike.</summary>
    private static IEnumerable<ComparedRun> Named(string[] files)
    {
        string[] folders = [.. files.Select(file => Path.GetDirectoryName(file)!)];
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.GetFullPath(folder)))];
        bool isClear = names.Distinct().Count() == names.Length;
        return files.Select((file, i) => new ComparedRun(isClear ? names[i] : folders[i], History.ReadCsv(file)));
    }

    private static bool Has(ComparedRun run, string measure) => Measured([run]).Contains(measure);

    private static IEnumerable<string> Measured(IEnumerable<ComparedRun> runs) =>
        runs.SelectMany(run => run.History.Columns).Select(Measure).Distinct();

    /// <summary>What a column measures, on training or validation data.</summary>
    private static string Measure(string column) =>
        column.StartsWith("train_", StringComparison.Ordinal) || column.StartsWith("validation_", StringComparison.Ordinal)
            ? column[(column.IndexOf('_', StringComparison.Ordinal) + 1)..] : column;

    private static Panel Overlay(ComparedRun[] runs, string measure) => new(
        measure.Replace('_', ' '), new Axis("epoch") { IsWhole = true }, new Axis(measure.Replace('_', ' ')),
        [
            .. from run in runs
               from column in run.History.Columns
               where Measure(column) == measure
               select new Line(column == measure ? run.Name : $"{run.Name}, {column}",
                   [.. run.History.Rows.Select(row => (double)row.Epoch)], run.History[column])
               {
                   Run = run.Name,
                   IsDashed = column.StartsWith("train_", StringComparison.Ordinal),
               },
        ]);

    private static double? Number(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : TrainingOptions.Refuse<double?>(result, null, $"'{text}' is not a number");
    }
}
