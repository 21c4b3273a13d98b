using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>An epoch in <see cref="TrainingDynamics"/>.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Mean">The mean of the layer's activations.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Sparsity">The share of them that is near zero.</param>
/// <param name="GradientNorm">The mean over the epoch's steps of the L2 norm of all gradients, as clipped; nan without a step.</param>
public sealed record DynamicsRow(int Epoch, double Mean, double Deviation, double Sparsity, double GradientNorm);

/// <summary>
/// Looks after each epoch at what a layer makes of a fixed batch, in evaluation mode, and at the norms of the gradients of the epoch's
/// steps. The training goes on as if it were not there.
/// </summary>
/// <example><code>trainer.Callbacks.Add(TrainingDynamics.Of(model, "2", images));</code></example>
public sealed class TrainingDynamics : Callback
{
    private readonly Func<Tensor> _activations;
    private readonly List<DynamicsRow> _rows = [];
    private double _normSum, _allNorms;
    private long _steps, _allSteps;

    private TrainingDynamics(string path, float nearZero, Func<Tensor> activations) =>
        (Path, NearZero, _activations) = (path, Require.NotNegative(nearZero), activations);

    /// <summary>The path of the layer.</summary>
    public string Path { get; }

    /// <summary>Up to which magnitude an activation counts as near zero.</summary>
    public float NearZero { get; }

    /// <summary>The epochs.</summary>
    public IReadOnlyList<DynamicsRow> Rows => _rows;

    /// <summary>The share of activations near zero after the last epoch; nan before the first.</summary>
    public double FinalSparsity => _rows is [.., var last] ? last.Sparsity : double.NaN;

    /// <summary>The mean over all steps of the norm of the gradients; nan before the first.</summary>
    public double MeanGradientNorm => _allNorms / _allSteps;

    /// <summary>The standard deviation over the epochs of the activations' means: small if steady; nan before the first.</summary>
    public double ActivationStability => Moments.Of(_rows.Select(row => row.Mean)).Deviation;

    /// <summary>Watches a layer.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="path">The dotted path of a layer that gives one tensor.</param>
    /// <param name="probe">An input of the model that lasts, as what <c>Load</c> of a dataset gives; a loader's batch does not.</param>
    /// <param name="nearZero">
    /// Up to which magnitude an activation counts as near zero. The default counts zeros, which only some activations give, as ReLU; others
    /// want 0.01 or so.
    /// </param>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those that there are.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative or not finite.</exception>
    public static TrainingDynamics Of<TIn, TOut>(
        Module<TIn, TOut> model, string path, TIn probe, float nearZero = TensorStatistics.DefaultNearZero)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Capture(path).Dispose(); // Refuses an unknown path now, not after the first epoch.
        return new TrainingDynamics(path, nearZero, () =>
        {
            using var untouched = new UntouchedModel(model, isEvaluated: true, hasBackward: false);
            return model.Capture(path, probe);
        });
    }

    /// <inheritdoc/>
    public override void OnEpochStarted(TrainingRun run) => (_normSum, _steps) = (0, 0);

    /// <inheritdoc/>
    public override void OnStepStarting(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        double norm = GradientClipping.TotalNorm(run.Optimizer.Parameters);
        _normSum += norm;
        _allNorms += norm;
        _steps++;
        _allSteps++;
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var activations = TensorStatistics.Of(_activations(), NearZero);
        _rows.Add(new DynamicsRow(
            row.Epoch, activations.Mean, activations.StandardDeviation, activations.NearZeroShare, _normSum / _steps));
    }

    /// <summary>A row for each epoch.</summary>
    public Table ToTable() => new(
        $"{Layer} while training", ["epoch", "mean", "std", "near zero", "gradient norm"],
        [.. _rows.Select(row => (object?[])[row.Epoch, row.Mean, row.Deviation, row.Sparsity, row.GradientNorm])]);

    /// <summary>What all epochs come to.</summary>
    public Table ToSummaryTable() => new(
        $"{Layer} after {_rows.Count} epochs", ["final sparsity", "mean gradient norm", "activation stability"],
        [[FinalSparsity, MeanGradientNorm, ActivationStability]]);

    /// <summary>Mean and deviation of activations, norms of gradients, and sparsity, a panel each.</summary>
    public Figure ToFigure()
    {
        var x = new Axis("epoch") { IsWhole = true };
        double[] epochs = [.. _rows.Select(row => (double)row.Epoch)];
        return new Figure(
            $"{Layer} while training",
            new Panel("activations", x, new Axis("mean ± std"), new Line("activations", epochs, [.. _rows.Select(row => row.Mean)])
            {
                HasMarkers = true,
                Errors = [.. _rows.Select(row => row.Deviation)],
            }),
            new Panel("gradients", x, new Axis("L2 norm"), new Line("gradients", epochs, [.. _rows.Select(row => row.GradientNorm)])),
            new Panel("sparsity", x, new Axis("share near zero") { Minimum = 0, Maximum = 1 },
                new Line("sparsity", epochs, [.. _rows.Select(row => row.Sparsity)])))
        { Columns = 3 };
    }

    private string Layer => Path.Length == 0 ? "Output" : $"Output of {Path}";
}
