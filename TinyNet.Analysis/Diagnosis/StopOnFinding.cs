using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>Ends a training when its monitors find something critical, after an epoch or a number of steps.</summary>
/// <example>
/// <code>
/// using var gradients = GradientMonitor.Attach(model, every: 10);
/// using var activations = ActivationMonitor.Attach(model, every: 10);
/// trainer.Callbacks.Add(new StopOnFinding(gradients, activations));
/// </code>
/// </example>
/// <param name="monitors">The monitors of the model that is trained.</param>
public sealed class StopOnFinding(params ModelMonitor[] monitors) : Callback
{
    private readonly int _every = 100;

    /// <summary>After how many steps the monitors are asked, besides the end of each epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Every
    {
        get => _every;
        init => _every = Require.Positive(value);
    }

    /// <summary>From which severity on the training ends.</summary>
    public Severity Severity { get; init; } = Severity.Critical;

    /// <summary>The thresholds.</summary>
    public DiagnosisOptions Options { get; init; } = new();

    /// <summary>What ended the training; nothing as long as all is well.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run) => Array.ForEach(monitors, monitor => monitor.OnFitStarted(run));

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.HasStepped && run.Step % Every == 0)
        {
            Look(run, []);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(run);
        Look(run, run.History.Diagnose(Options));
    }

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run) => Array.ForEach(monitors, monitor => monitor.OnFitEnded(run));

    private void Look(TrainingRun run, IReadOnlyList<Finding> ofHistory)
    {
        Finding[] bad = [.. ofHistory.Concat(monitors.SelectMany(Diagnose)).Where(finding => finding.Severity >= Severity)];
        if (bad.Length > 0)
        {
            Findings = bad;
            run.Stop();
        }
    }

    private IReadOnlyList<Finding> Diagnose(ModelMonitor monitor) => monitor switch
    {
        GradientMonitor gradients => gradients.Diagnose(Options),
        ActivationMonitor activations => activations.Diagnose(Options),
        _ => [],
    };
}
