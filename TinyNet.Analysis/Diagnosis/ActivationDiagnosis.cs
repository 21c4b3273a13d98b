using System.Globalization;

namespace TinyNet.Analysis;

/// <summary>Findings in what an <see cref="ActivationMonitor"/> has seen.</summary>
public static class ActivationDiagnosis
{
    // From this share of dead units on, a layer passes on next to nothing.
    private const double MostDead = 0.9;

    extension(ActivationMonitor monitor)
    {
        /// <summary>What is wrong with what the layers gave in the newest steps, the worst first; nothing where all is well.</summary>
        /// <param name="options">The thresholds; null for the defaults.</param>
        public IReadOnlyList<Finding> Diagnose(DiagnosisOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(monitor);
            options ??= new DiagnosisOptions();
            return
            [
                .. NotFinite(monitor.Rows).Concat(monitor.Rows.SelectMany(row => Dead(row, options)))
                    .Concat(monitor.Rows.Where(row => !monitor.IsOutput(row.Module)).SelectMany(row => Saturated(row, options)))
                    .OrderByDescending(finding => finding.Severity),
            ];
        }
    }

    private static IEnumerable<Finding> NotFinite(IReadOnlyList<ActivationRow> rows)
    {
        var source = rows.Where(row => row.FirstNonFiniteStep is not null).MinBy(row => row.FirstNonFiniteStep);
        if (source is not null)
        {
            yield return new Finding(
                FindingKind.NotFinite, Severity.Critical, source.Name,
                $"its output has nan or infinities from step {source.FirstNonFiniteStep} on, the first to have some",
                "elements that are no numbers", source.Total.Count - source.Total.Finite, 1,
                "lower the learning rate, clip gradients, and look for nan in the data; Tape.Record(detectAnomalies: true) names the "
                + "operation");
        }
    }

    private static IEnumerable<Finding> Dead(ActivationRow row, DiagnosisOptions options)
    {
        int steps = (int)Math.Min(options.Window, row.SampledSteps);
        if (steps >= options.LeastSteps && row.DeadShare(steps) is var share && share > options.DeadShare)
        {
            yield return new Finding(
                FindingKind.DeadUnits, share > MostDead ? Severity.Critical : Severity.Warning, row.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{100 * share:F0} % of its {row.Units} units gave nothing for any sample of {steps} steps"),
                "share of dead units", share,
                options.DeadShare,
                "lower the learning rate, look at biases far below 0, normalize inputs, or take LeakyReLU, ELU or GELU");
        }
    }

    private static IEnumerable<Finding> Saturated(ActivationRow row, DiagnosisOptions options)
    {
        double[] shares = [.. row.Newest.TakeLast(options.Window).Select(point => point.SaturatedShare).Where(double.IsFinite).Order()];
        if (shares.Length >= options.LeastSteps && shares[shares.Length / 2] is var share && share > options.SaturatedShare)
        {
            yield return new Finding(
                FindingKind.SaturatedUnits, Severity.Critical, row.Name,
                string.Create(
                    CultureInfo.InvariantCulture, $"{100 * share:F0} % of its values are at its bounds, where next to no gradient passes"),
                "share of saturated values", share,
                options.SaturatedShare,
                "normalize the inputs, take smaller initial weights (Glorot's for tanh and sigmoid), or normalize layers");
        }
    }
}
