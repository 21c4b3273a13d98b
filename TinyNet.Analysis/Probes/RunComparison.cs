using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>A run in a <see cref="RunComparison"/>.</summary>
/// <param name="Name">The name.</param>
/// <param name="History">What it measured.</param>
public sealed record ComparedRun(string Name, History History)
{
    private readonly IReadOnlyList<double>? _gradientNorms;

    /// <summary>The norm of the gradients in each epoch, as <see cref="TrainingDynamics"/> has it; null where nobody measured it.</summary>
    /// <exception cref="ArgumentException">There is not one for each epoch.</exception>
    public IReadOnlyList<double>? GradientNorms
    {
        get => _gradientNorms;
        init => _gradientNorms = value is null || value.Count == History.Rows.Count
            ? value
            : throw new ArgumentException(
                $"run '{Name}' has {History.Rows.Count} epochs, and {value.Count} norms of gradients: give one for each", nameof(value));
    }

    /// <summary>The seconds that its epochs took.</summary>
    public double Seconds => History["seconds"].Sum();

    /// <summary>The first epoch where a column is at least so large; null if there is none.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public int? FirstEpochAbove(string column, double threshold) => FirstEpoch(column, value => value >= threshold);

    /// <summary>The first epoch where a column is at most so large; null if there is none.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public int? FirstEpochBelow(string column, double threshold) => FirstEpoch(column, value => value <= threshold);

    /// <summary>
    /// The area under the curve of a column over the epochs, by trapezoids, divided by its width: the mean height, so that runs of
    /// different lengths compare. One epoch has its value, none nan.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public double MeanUnderCurve(string column)
    {
        double[] values = History[column], epochs = Epochs();
        if (values.Length < 2)
        {
            return values is [var only] ? only : double.NaN;
        }

        double area = 0;
        for (int i = 1; i < values.Length; i++)
        {
            area += (values[i] + values[i - 1]) / 2 * (epochs[i] - epochs[i - 1]);
        }

        return area / (epochs[^1] - epochs[0]);
    }

    internal double[] Epochs() => [.. History.Rows.Select(row => (double)row.Epoch)];

    private int? FirstEpoch(string column, Func<double, bool> isThere)
    {
        int index = Array.FindIndex(History[column], value => isThere(value));
        return index < 0 ? null : History.Rows[index].Epoch;
    }
}

/// <summary>Runs of trainings beside each other: what they measured, and how long they took.</summary>
public sealed class RunComparison
{
    private static readonly string[] Needed = ["train_loss", "seconds"];

    private readonly string _metric;
    private readonly double? _threshold;

    /// <summary>Compares runs.</summary>
    /// <param name="runs">The runs, each with a name of its own.</param>
    /// <param name="metric">What is compared beside the loss, larger being better; it is left out where no run has it.</param>
    /// <param name="threshold">The table says in which epoch the metric reached this; null for not.</param>
    /// <exception cref="ArgumentException">
    /// There are no runs, two have one name, one has no epoch, or it lacks the loss or the seconds of a trainer's history.
    /// </exception>
    public RunComparison(IEnumerable<ComparedRun> runs, string metric = "accuracy", double? threshold = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(metric);
        Runs = [.. runs];
        (_metric, _threshold) = (metric, threshold);
        if (Runs.Count == 0 || Runs.Select(run => run.Name).Distinct().Count() < Runs.Count)
        {
            throw new ArgumentException("there are no runs, or two of one name: give runs, each with its own", nameof(runs));
        }

        foreach (var run in Runs)
        {
            string? lacking = Needed.FirstOrDefault(column => !run.History.Columns.Contains(column));
            if (lacking is not null || run.History.Rows.Count == 0)
            {
                throw new ArgumentException($"run '{run.Name}' has no {lacking ?? "epoch"}: give histories of trainers", nameof(runs));
            }
        }
    }

    /// <summary>Compares the histories of trainers.</summary>
    /// <exception cref="ArgumentException">As of the other one.</exception>
    public RunComparison(params IEnumerable<(string Name, History History)> runs)
        : this(runs.Select(run => new ComparedRun(run.Name, run.History)))
    {
    }

    /// <summary>The runs.</summary>
    public IReadOnlyList<ComparedRun> Runs { get; }

    /// <summary>
    /// A row for each run: losses, the metric (of validation data where there are some) at the end, at best, as mean height of its curve,
    /// the time, and why it ended where that is known, as it is not of a history from a file.
    /// </summary>
    public Table ToTable()
    {
        bool hasEnds = Runs.Any(run => run.History.StopReason != StopReason.None);
        string reached = FormattableString.Invariant($"epochs to {_metric} {_threshold}");
        return new Table(
            "runs",
            [
                "run", "epochs", "train loss", "validation loss", _metric, $"best {_metric}", $"mean {_metric}",
                .. _threshold is null ? (string[])[] : [reached], "seconds",
                .. hasEnds ? (string[])["ended"] : [],
            ],
            [.. Runs.Select(run => Row(run, hasEnds))]);
    }

    /// <summary>Losses, the metric, norms of gradients, and times as bars, a panel each; what no run has is left out.</summary>
    public Figure ToFigure()
    {
        var x = new Axis("epoch") { IsWhole = true };
        List<Panel> panels = [new("loss", x, new Axis("loss"), Lines("loss"))];
        if (Lines(_metric) is { Length: > 0 } metric)
        {
            panels.Add(new Panel(_metric, x, new Axis(_metric), metric));
        }

        if (Runs.Where(run => run.GradientNorms is not null).ToArray() is { Length: > 0 } measured)
        {
            panels.Add(new Panel("gradients", x, new Axis("L2 norm") { IsLog = true },
                [.. measured.Select(run => new Line(run.Name, run.Epochs(), run.GradientNorms!) { Run = run.Name })]));
        }

        panels.Add(new Panel("time", new Axis("run") { Names = [.. Runs.Select(run => run.Name)] }, new Axis("seconds") { Minimum = 0 },
            new Bars("seconds", [.. Runs.Select(run => run.Seconds)])));
        return new Figure("Comparison of runs", panels) { Columns = 2 };
    }

    private object?[] Row(ComparedRun run, bool hasEnds)
    {
        var history = run.History;
        string? column = new[] { $"validation_{_metric}", $"train_{_metric}" }.FirstOrDefault(history.Columns.Contains);
        object? Of(string? name, Func<double[], double> what) =>
            name is not null && history.Columns.Contains(name) ? what(history[name]) : null;
        List<object?> cells =
        [
            run.Name, history.Rows[^1].Epoch, Of("train_loss", values => values[^1]), Of("validation_loss", values => values[^1]),
            Of(column, values => values[^1]), Of(column, values => values.Max()), Of(column, _ => run.MeanUnderCurve(column!)),
        ];
        if (_threshold is { } threshold)
        {
            cells.Add(column is null ? null : run.FirstEpochAbove(column, threshold));
        }

        return [.. cells, run.Seconds, .. hasEnds ? (object?[])[history.StopReason.ToString()] : []];
    }

    /// <summary>The curves of a measure: those of training data dashed where there are validation data, too.</summary>
    private Line[] Lines(string measure)
    {
        List<Line> lines = [];
        foreach (var run in Runs)
        {
            string train = $"train_{measure}", validation = $"validation_{measure}";
            bool hasBoth = run.History.Columns.Contains(train) && run.History.Columns.Contains(validation);
            foreach (string column in new[] { train, validation }.Where(run.History.Columns.Contains))
            {
                string name = !hasBoth ? run.Name : column == train ? $"{run.Name}, training" : $"{run.Name}, validation";
                lines.Add(new Line(name, run.Epochs(), run.History[column]) { Run = run.Name, IsDashed = hasBoth && column == train });
            }
        }

        return [.. lines];
    }
}
