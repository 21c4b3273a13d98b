namespace TinyNet.Analysis;

/// <summary>Findings in what a <see cref="GradientMonitor"/> has seen.</summary>
public static class GradientDiagnosis
{
    // A weight that moves by more than this many norms of itself in a single step has lost what it was.
    private const double SingleStepFactor = 20;

    extension(GradientMonitor monitor)
    {
        /// <summary>What is wrong with the gradients and updates of the newest steps, the worst first; nothing where all is well.</summary>
        /// <param name="options">The thresholds; null for the defaults.</param>
        public IReadOnlyList<Finding> Diagnose(DiagnosisOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(monitor);
            options ??= new DiagnosisOptions();
            var rows = monitor.Rows;
            return
            [
                .. new[] { NotFinite(rows), Exploding(rows, options), Vanishing(rows, options), NotLearning(rows, options) }
                    .SelectMany(findings => findings)
                    .OrderByDescending(finding => finding.Severity),
            ];
        }
    }

    // Gradients come from the end, so the last of those that were the first to go is where it began.
    private static IEnumerable<Finding> NotFinite(IReadOnlyList<ParameterRow> rows)
    {
        var source = rows.Where(row => row.FirstNonFiniteStep is not null).Reverse().MinBy(row => row.FirstNonFiniteStep);
        if (source is not null)
        {
            yield return new Finding(
                FindingKind.NotFinite, Severity.Critical, source.Name,
                $"its gradient has nan or infinities from step {source.FirstNonFiniteStep} on, the first to have some",
                "elements that are no numbers", source.Total.Count - source.Total.Finite, 1,
                "lower the learning rate or clip gradients; Tape.Record(detectAnomalies: true) names the operation");
        }
    }

    private static IEnumerable<Finding> Exploding(IReadOnlyList<ParameterRow> rows, DiagnosisOptions options)
    {
        foreach (var row in rows.Where(row => row.Parameter.Rank >= 2))
        {
            double[] updates = [.. Newest(row, options).Select(point => point.UpdateRatio).Where(double.IsFinite)];
            double update = Median(updates), largest = updates.DefaultIfEmpty(0).Max();
            if (updates.Length >= options.LeastSteps && update > options.ExplodingUpdate)
            {
                yield return new Finding(
                    FindingKind.Exploding, Severity.Critical, row.Name, "steps are as large as the weight",
                    "norm of an update over that of the weight", update, options.ExplodingUpdate, Remedy);
            }
            else if (largest > SingleStepFactor * options.ExplodingUpdate)
            {
                yield return new Finding(
                    FindingKind.Exploding, Severity.Critical, row.Name, "a single step was many times the weight",
                    "norm of an update over that of the weight", largest, SingleStepFactor * options.ExplodingUpdate, Remedy);
            }

            double first = Median(row.FirstNorms);
            double growth = Newest(row, options).Select(point => point.Gradient.L2Norm).DefaultIfEmpty(0).Max() / first;
            if (row.StepsWithGradient > ParameterRow.FirstSteps && first > 0 && growth > options.ExplodingGrowth)
            {
                yield return new Finding(
                    FindingKind.Exploding, Severity.Critical, row.Name, "its gradient has grown out of all bounds",
                    "largest norm over that of the first steps", growth, options.ExplodingGrowth, Remedy);
            }
        }
    }

    private const string Remedy =
        "lower the learning rate, begin with a warm-up, clip gradients (Trainer.ClipNorm), or normalize inputs and layers";

    private static IEnumerable<Finding> Vanishing(IReadOnlyList<ParameterRow> rows, DiagnosisOptions options)
    {
        var sizes = rows
            .Where(row => row.Parameter.Rank >= 2 && row.StepsWithGradient >= options.LeastSteps)
            .Select(row => (Row: row, Size: Median(Newest(row, options).Select(point => point.Gradient.RootMeanSquare))))
            .ToList();
        double largest = sizes.Select(size => size.Size).DefaultIfEmpty(0).Max();
        foreach (var (row, size) in sizes)
        {
            // A gradient of exactly 0 has other reasons, which NotLearning tells.
            if (size > 0 && size < options.VanishingRatio * largest)
            {
                yield return new Finding(
                    FindingKind.Vanishing, Severity.Critical, row.Name, "its gradient vanishes beside those of other layers",
                    "root mean square over the largest of any layer", size / largest, options.VanishingRatio,
                    "take an activation with a slope near 1 (ReLU, GELU, SiLU) and the initializer that fits it, normalize layers, or add "
                    + "residual connections");
            }
        }
    }

    private static IEnumerable<Finding> NotLearning(IReadOnlyList<ParameterRow> rows, DiagnosisOptions options)
    {
        foreach (var layer in rows.GroupBy(row => LayerOf(row.Name)))
        {
            if (layer.All(row => row.SilentSteps >= options.LeastSteps))
            {
                bool isFrozen = layer.All(row => row.Parameter.IsFrozen);
                yield return new Finding(
                    FindingKind.NotLearning, Severity.Warning, layer.Key,
                    isFrozen ? "it does not learn: all its parameters are frozen" : "it does not learn: no gradient reaches it",
                    "steps without a gradient", layer.Min(row => row.SilentSteps), options.LeastSteps,
                    isFrozen ? "unfreeze it (Freeze(false)) if that is not meant"
                        : "look whether its output takes part in the loss, and for Detach and NoGrad on the way");
            }
            else if (layer.All(row => row.StepsWithGradient >= options.LeastSteps
                && Newest(row, options).All(point => point.Gradient is { Finite: > 0, L2Norm: 0 })))
            {
                yield return new Finding(
                    FindingKind.NotLearning, Severity.Critical, layer.Key, "it does not learn: its gradient is 0",
                    "norm of the gradient", 0, 0,
                    "look for dead units after it, for gradients that have vanished altogether, and for a loss that is constant");
            }
            else if (layer.All(row => IsStill(row, options)))
            {
                yield return new Finding(
                    FindingKind.NotLearning, Severity.Critical, layer.Key, "it does not learn: steps hardly change it",
                    "norm of an update over that of the parameter", layer.Max(row => Update(row, options)), options.StillUpdate,
                    "raise the learning rate; look whether the optimizer has its parameters");
            }
        }
    }

    private static bool IsStill(ParameterRow row, DiagnosisOptions options) =>
        row.StepsWithGradient >= options.LeastSteps && Update(row, options) < options.StillUpdate;

    private static double Update(ParameterRow row, DiagnosisOptions options) =>
        Median(Newest(row, options).Select(point => point.UpdateRatio).Where(double.IsFinite));

    private static IEnumerable<ParameterPoint> Newest(ParameterRow row, DiagnosisOptions options) => row.Newest.TakeLast(options.Window);

    private static string LayerOf(string parameter) =>
        parameter.LastIndexOf('.') is var dot and >= 0 ? parameter[..dot] : parameter;

    /// <summary>The median; nan of nothing.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
