using System.Globalization;
using Spectre.Console;
using TinyNet.Analysis;
using TinyNet.Training;
using Table = TinyNet.Analysis.Table;

namespace TinyNet.Examples;

/// <summary>A training in one picture of a terminal: progress, losses, how the layers are, and what was found.</summary>
internal sealed class WatchPicture(string title, LossCurve losses, GradientMonitor gradients, ActivationMonitor activations)
{
    // From here on curve and tables stand beside each other.
    private const int LeastWide = 100;
    private const int LeastCurve = 4, MostCurve = 14, Gap = 3, MostFindings = 3, ScaleWidth = 8, Lately = 10;

    private static readonly (string, int)[] GradientColumns = [("norm", 9), ("update", 9), ("lately", Lately + 2)];

    private static readonly (string, int)[] ActivationColumns = [("mean", 9), ("std", 9), ("zeros", 7), ("dead", 7), ("bounds", 8)];

    private static readonly Style Bold = new(decoration: Decoration.Bold), Quiet = new(decoration: Decoration.Dim), Drawn = new(Color.Aqua);

    private readonly Dictionary<string, string> _types =
        gradients.Model.NamedModules().ToDictionary(named => named.Name, named => named.Module.GetType().Name.Split('`')[0]);

    /// <summary>The lines of the picture.</summary>
    /// <param name="run">Where the training is.</param>
    /// <param name="footer">What stands below all.</param>
    /// <param name="width">How many columns there are.</param>
    /// <param name="height">How many lines there are.</param>
    public IReadOnlyList<StyledLine> Draw(TrainingRun run, string footer, int width, int height)
    {
        List<Finding> findings =
        [
            .. gradients.Diagnose().Concat(activations.Diagnose()).Concat(run.History.Diagnose())
                .OrderByDescending(finding => finding.Severity),
        ];
        List<StyledLine> head = [Progress(run, width), .. Scores(run, width)];
        List<StyledLine> tail = [.. Findings(findings, width), new StyledLine().Add(footer, Quiet)];
        int room = Math.Max(LeastCurve + 1, height - head.Count - tail.Count);
        HealthTable ofGradients = Gradients(findings), ofActivations = Activations(findings);
        List<StyledLine> body;
        if (width >= LeastWide)
        {
            int left = width * 9 / 20;
            StyledLine[] tables = [.. Tables(ofGradients, ofActivations, width - left - Gap, room)];
            StyledLine[] curve = [.. Curve(run, left, Math.Clamp(tables.Length - 1, Math.Min(MostCurve, room - 1), room - 1))];
            body =
            [
                .. Enumerable.Range(0, Math.Max(curve.Length, tables.Length)).Select(i =>
                    new StyledLine()
                        .AddAt(0, i < curve.Length ? curve[i] : new StyledLine())
                        .AddAt(left + Gap, i < tables.Length ? tables[i] : new StyledLine())),
            ];
        }
        else
        {
            int rows = Math.Clamp(room - 3 - ofGradients.Count - ofActivations.Count, LeastCurve, MostCurve);
            body = [.. Curve(run, width, rows), .. Tables(ofGradients, ofActivations, width, room - 1 - rows)];
        }

        return [.. head, .. body, .. tail];
    }

    private StyledLine Progress(TrainingRun run, int width)
    {
        string before = $"{title}  epoch {run.Epoch}/{run.Epochs} ", after = $" batch {run.Batch}/{run.Batches}  step {run.Step}";
        int bar = Math.Clamp(width - before.Length - after.Length, 0, 60);
        double done = Math.Clamp((run.Epoch - 1 + (double)run.Batch / Math.Max(1, run.Batches)) / Math.Max(1, run.Epochs), 0, 1);
        int full = (int)(done * bar);
        return new StyledLine().Add(before, Bold).Add(new string('━', full), new Style(Color.Green))
            .Add(new string('─', bar - full), Quiet).Add(after);
    }

    /// <summary>What the last epoch measured in training and in validation, in one line or, where that is too long, in two.</summary>
    private static IEnumerable<StyledLine> Scores(TrainingRun run, int width)
    {
        if (run.History.Rows is not [.., var row])
        {
            return [new StyledLine().Add($"loss {Table.Show(run.Loss)} in the first epoch so far")];
        }

        string Of(string part) => part + string.Concat(run.History.Columns
            .Where(column => column.StartsWith(part + "_", StringComparison.Ordinal))
            .Select(column => $"  {column[(part.Length + 1)..].Replace('_', ' ')} {Table.Show(row[column])}"));
        string train = Of("train"), validation = Of("validation"), both = $"{train}   {validation}";
        return validation == "validation" ? [new StyledLine().Add(train)]
            : both.Length < width ? [new StyledLine().Add(both)]
            : [new StyledLine().Add(train), new StyledLine().Add(validation)];
    }

    private IEnumerable<StyledLine> Curve(TrainingRun run, int width, int rows)
    {
        int columns = Math.Max(1, width - ScaleWidth);
        double[] shown = losses.Means(columns);
        var scale = new LossScale(shown);
        string remark = scale.IsLogarithmic ? ", logarithmic" : "";
        yield return new StyledLine().Add("loss", Bold).Add($" of batches up to step {run.Step}{remark}", Quiet);
        string[] dots = BrailleCurve.Draw([.. shown.Select(scale.HeightOf)], columns, rows);
        for (int row = 0; row < rows; row++)
        {
            bool isTold = shown.Length > 0 && (row == 0 || row == rows - 1 || row == rows / 2);
            string label = isTold ? Short(scale.LossAt(1 - (double)row / (rows - 1))) : "";
            yield return new StyledLine().Add(label.PadLeft(ScaleWidth - 1) + "│", Quiet).Add(dots[row], Drawn);
        }
    }

    private static IEnumerable<StyledLine> Tables(HealthTable first, HealthTable second, int width, int height)
    {
        int gap = first.Count + second.Count + 3 <= height ? 1 : 0;
        int ofFirst = Math.Min(first.Count + 1, Math.Max(height - gap - second.Count - 1, (height - gap + 1) / 2));
        return
        [
            .. first.Draw(width, ofFirst), .. Enumerable.Repeat(new StyledLine(), gap),
            .. second.Draw(width, height - gap - ofFirst),
        ];
    }

    private HealthTable Gradients(List<Finding> findings) => new(
        "gradients", GradientColumns,
        [
            .. gradients.Weights.Select(row =>
            {
                var newest = row.Points is [.., var point] ? point : null;
                double[] lately = [.. row.Points.TakeLast(Lately).Select(point => point.Gradient.L2Norm)];
                string[] cells =
                [
                    newest is null ? "" : Short(newest.Gradient.L2Norm),
                    Short(row.Points.Select(point => point.UpdateRatio).LastOrDefault(double.IsFinite, double.NaN)),
                    Sparkline.Draw(lately),
                ];
                var (name, type) = Label(row.Name);
                return new HealthRow(name, type, cells, WorstOf(row.Name, findings));
            }),
        ]);

    /// <summary>The element-wise activations; where there are none, all that the layers give.</summary>
    private HealthTable Activations(List<Finding> findings)
    {
        ActivationRow[] elementwise = [.. activations.Rows.Where(row => row.Units > 0)];
        return new HealthTable(
            "activations", ActivationColumns,
            [
                .. (elementwise.Length > 0 ? elementwise : [.. activations.Rows]).Where(row => row.Points.Count > 0).Select(row =>
                {
                    var newest = row.Points[^1];
                    string[] cells =
                    [
                        Short(newest.Output.Mean), Short(newest.Output.StandardDeviation), Percent(newest.Output.ZeroShare),
                        Percent(row.DeadShare((int)Math.Min(Lately, row.SampledSteps))), Percent(newest.SaturatedShare),
                    ];
                    return new HealthRow(row.Name, _types.GetValueOrDefault(row.Path, ""), cells, WorstOf(row.Name, findings));
                }),
            ]);
    }

    /// <summary>A layer by the name of its weight, or of another parameter, and what it is.</summary>
    private (string Name, string Type) Label(string parameter)
    {
        int dot = parameter.LastIndexOf('.');
        string path = dot < 0 ? "" : parameter[..dot], own = parameter[(dot + 1)..];
        return (own == "weight" && path.Length > 0 ? path : parameter, _types.GetValueOrDefault(path, ""));
    }

    private static Finding? WorstOf(string name, List<Finding> findings) => findings.FirstOrDefault(finding =>
        finding.Subject == name || (finding.Subject.Length > 0 && name.StartsWith(finding.Subject + ".", StringComparison.Ordinal)));

    private static IEnumerable<StyledLine> Findings(List<Finding> findings, int width)
    {
        foreach (var finding in findings.Take(MostFindings))
        {
            var (mark, style) = HealthTable.Mark(finding.Severity);
            string subject = finding.Subject.Length == 0 ? "the run" : finding.Subject;
            yield return new StyledLine().Add($"{mark} ", style).Add(Cut($"{subject}: {finding.Problem}", width - 2));
            yield return new StyledLine().Add("  " + Cut(finding.Remedy, width - 2), Quiet);
        }

        if (findings.Count > MostFindings)
        {
            yield return new StyledLine().Add($"  and {findings.Count - MostFindings} more findings", Quiet);
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";

    private static string Percent(double share) =>
        double.IsNaN(share) ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");

    /// <summary>A number in no more than seven characters.</summary>
    private static string Short(double value) => Math.Abs(value) switch
    {
        double.NaN => "",
        0 => "0",
        >= 1e-3 and < 1e4 => value.ToString("G3", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal)
            ? value.ToString("F0", CultureInfo.InvariantCulture) : text,
        _ => value.ToString("0.0e0", CultureInfo.InvariantCulture),
    };
}
