using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Tests.Training;
using TinyNet.Training;

namespace TinyNet.Tests.Analysis;

/// <summary>Probes that look on while a model is trained.</summary>
[Collection(GlobalState.Name)]
public class TrainingProbeTests
{
    private static readonly Tensor Batch = Tensor.Normal([10, 4], new RandomStream(8));

    [Fact]
    public void Dynamics_are_those_of_the_fixed_batch_after_each_epoch()
    {
        var (trainer, model) = Small();
        var dynamics = TrainingDynamics.Of(model, "2", Batch);
        var look = new Look(() => model.Capture("2", Batch).ToArray());
        trainer.Callbacks.Add(dynamics);
        trainer.Callbacks.Add(look);
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 3);

        Assert.Equal([1, 2, 3], dynamics.Rows.Select(row => row.Epoch));
        double[] means = [.. look.Activations.Select(values => values.Average(value => (double)value))];
        for (int i = 0; i < 3; i++)
        {
            float[] values = look.Activations[i];
            Assert.Equal(means[i], dynamics.Rows[i].Mean, 1e-9);
            Assert.Equal(
                values.Average(value => (double)value * value) - means[i] * means[i], Math.Pow(dynamics.Rows[i].Deviation, 2), 1e-9);
            Assert.Equal(values.Count(value => value == 0) / (double)values.Length, dynamics.Rows[i].Sparsity);
            Assert.Equal(look.Norms[i].Average(), dynamics.Rows[i].GradientNorm, 1e-6);
        }

        Assert.InRange(dynamics.FinalSparsity, 0.05, 0.95);
        Assert.Equal(dynamics.Rows[2].Sparsity, dynamics.FinalSparsity);
        Assert.Equal(look.Norms.SelectMany(norms => norms).Average(), dynamics.MeanGradientNorm, 1e-6);
        double all = means.Average();
        Assert.Equal(Math.Sqrt(means.Average(mean => (mean - all) * (mean - all))), dynamics.ActivationStability, 1e-9);
    }

    [Fact]
    public void Dynamics_have_three_panels_and_the_first_has_error_bars()
    {
        var (trainer, model) = Small();
        var dynamics = TrainingDynamics.Of(model, "3", Batch, nearZero: 10);
        trainer.Callbacks.Add(dynamics);
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 2);
        var figure = dynamics.ToFigure();
        Assert.Equal(["activations", "gradients", "sparsity"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(3, figure.Columns);
        Assert.Equal(2, ((Line)figure.Panels[0].Series[0]).Errors!.Count);
        Assert.All(figure.Panels, panel => Assert.True(panel.X.IsWhole));
        Assert.Equal(1, dynamics.FinalSparsity); // All logits are near a zero of ±10.
        Assert.Equal(2, dynamics.ToTable().Rows.Count);
        Assert.Equal(3, dynamics.ToSummaryTable().Rows[0].Count);
        Refusal.Of<ArgumentException>(() => TrainingDynamics.Of(model, "dense_1", Batch), "dense_1");
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingDynamics.Of(model, "3", Batch, nearZero: -1));
    }

    /// <summary>With batch norm, two streams of dropout, averages and clipping.</summary>
    [Fact]
    public void A_training_that_is_watched_ends_in_the_same_bits()
    {
        float[] Trained(bool isWatched)
        {
            var trainer = TinyRun.Full();
            if (isWatched)
            {
                trainer.Callbacks.Add(TrainingDynamics.Of((Sequential)trainer.Model, "2", Batch));
                trainer.Callbacks.Add(new ParameterTrace(trainer.Model.NamedParameters(), everySteps: 1));
            }

            using var loader = TinyRun.Loader();
            trainer.Fit(loader, epochs: 3);
            return TinyRun.Weights(trainer.Model);
        }

        Assert.Equal(Trained(false), Trained(true));
    }

    [Fact]
    public void The_path_of_learned_activations_is_remembered()
    {
        var random = new RandomStream(2);
        var model = new Sequential(new Dense(4, 6, random: random), new PReLU(), new TrainableSwish(), new Dense(6, 2, random: random));
        var trainer = new Trainer(model, new Adam(model.Parameters(), 1e-2f), new CrossEntropy());
        var epochs = new ParameterTrace(ParameterTrace.Small(model));
        var steps = new ParameterTrace([("slope", model.Parameters()[2])], everySteps: 3);
        trainer.Callbacks.Add(epochs);
        trainer.Callbacks.Add(steps);
        using var loader = TinyRun.Loader();
        var history = trainer.Fit(loader, epochs: 2);

        Assert.Equal(["1.weight", "2.alpha", "2.beta"], epochs.Names);
        Assert.Equal([1, 2], epochs.At);
        Assert.Equal(history["train_loss"], epochs.Losses);
        Assert.Equal(model.Parameters()[2].Item(), epochs["1.weight"][^1]);
        Assert.NotEqual(0.25, epochs["1.weight"][0]);
        Assert.Equal([3, 6, 9, 12], steps.At); // 7 steps an epoch.
        Assert.Equal(4, steps["slope"].Distinct().Count());

        var figure = epochs.ToFigure();
        Assert.Equal(["loss", "parameters"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(3, figure.Panels[1].Series.Count);
        Assert.Equal(("epoch", "step"), (figure.Panels[0].X.Label, steps.ToFigure().Panels[0].X.Label));
        Assert.Equal(5, epochs.ToTable().Rows[0].Count);
        Refusal.Of<ArgumentException>(() => epochs["alpha"], "alpha", "2.alpha");
        Refusal.Of<ArgumentException>(() => new ParameterTrace([]), "no parameters");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterTrace(model.NamedParameters(), everySteps: 0));
    }

    private static (Trainer Trainer, Sequential Model) Small()
    {
        var random = new RandomStream(1);
        var model = new Sequential(
            new Dense(4, 8, random: random), new BatchNorm1d(8), new ReLU(), new Dense(8, 2, random: random));
        return (new Trainer(model, new Adam(model.Parameters(), 1e-2f), new CrossEntropy()), model);
    }

    /// <summary>Does by hand what the probe is to do; the model is in evaluation mode after an epoch's validation or here.</summary>
    private sealed class Look(Func<float[]> activations) : Callback
    {
        public List<float[]> Activations { get; } = [];

        public List<List<double>> Norms { get; } = [];

        public override void OnEpochStarted(TrainingRun run) => Norms.Add([]);

        public override void OnStepStarting(TrainingRun run) => Norms[^1].Add(Math.Sqrt(
            run.Model.Parameters().Sum(parameter => parameter.Gradient!.ToArray().Sum(value => (double)value * value))));

        public override void OnEpochEnded(TrainingRun run, HistoryRow row)
        {
            run.Model.Evaluate();
            Activations.Add(activations());
        }
    }
}
