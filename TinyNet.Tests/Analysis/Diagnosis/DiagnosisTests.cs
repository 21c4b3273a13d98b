using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Analysis;

/// <summary>Faults that are planted are found, by layer, and healthy trainings are left in peace.</summary>
[Collection(GlobalState.Name)]
public class DiagnosisTests
{
    [Fact]
    public void Gradients_vanish_behind_20_sigmoid_layers()
    {
        var findings = Watch(Deep(20, () => new Sigmoid()), model => new SGD(model.Parameters(), 0.1f), steps: 12).Findings;
        var vanishing = findings.Where(finding => finding.Kind == FindingKind.Vanishing).Select(finding => finding.Subject).ToList();
        Assert.Contains("1.weight", vanishing);
        Assert.DoesNotContain("39.weight", vanishing);
        Assert.All(findings, finding => Assert.True(finding.Kind is FindingKind.Vanishing or FindingKind.NotLearning, finding.ToString()));
    }

    [Fact]
    public void A_learning_rate_a_thousand_times_too_high_explodes()
    {
        var (findings, _) = Watch(Mlp(), model => new SGD(model.Parameters(), 100), steps: 12);
        Assert.Contains(findings, finding => finding.Kind is FindingKind.Exploding or FindingKind.NotFinite);
    }

    [Fact]
    public void Nan_is_named_at_its_source()
    {
        var model = Mlp();
        model.Parameters()[2].Fill(float.NaN);
        var (findings, activations) = Watch(model, m => new SGD(m.Parameters(), 0.1f), steps: 2);
        Assert.Equal("3", Assert.Single(activations, finding => finding.Kind == FindingKind.NotFinite).Subject);
        Assert.Single(findings, finding => finding.Kind == FindingKind.NotFinite);
    }

    [Fact]
    public void A_bias_far_below_0_kills_units()
    {
        var model = Mlp(() => new ReLU());
        model.Parameters()[1].Fill(-10);
        var dead = Assert.Single(
            Watch(model, m => new Adam(m.Parameters(), 1e-3f), steps: 12).Activations, finding => finding.Kind == FindingKind.DeadUnits);
        Assert.Equal(("2", Severity.Critical), (dead.Subject, dead.Severity));
        Assert.InRange(dead.Value, 0.9, 1);
    }

    [Fact]
    public void Inputs_that_are_not_normalized_saturate()
    {
        var found = Watch(Mlp(() => new Tanh()), m => new Adam(m.Parameters(), 1e-3f), steps: 12, scale: 1000).Activations;
        Assert.Contains(("2", FindingKind.SaturatedUnits), found.Select(finding => (finding.Subject, finding.Kind)));
    }

    [Fact]
    public void A_frozen_layer_does_not_learn()
    {
        var model = Mlp();
        ((Dense)model[3]).Freeze();
        var finding = Assert.Single(Watch(model, m => new Adam(m.Parameters(), 1e-3f), steps: 12).Findings);
        Assert.Equal(("3", FindingKind.NotLearning, Severity.Warning), (finding.Subject, finding.Kind, finding.Severity));
        Assert.Contains("frozen", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_no_gradient_reaches_does_not_learn()
    {
        // Only half of what the first layer gives is used: all units of ReLU are 0 for what comes before.
        var model = Mlp(() => new ReLU());
        model.Parameters()[3].Fill(-1000);
        Assert.Contains(
            ("1", FindingKind.NotLearning),
            Watch(model, m => new SGD(m.Parameters(), 1e-3f), steps: 12).Findings.Select(finding => (finding.Subject, finding.Kind)));
    }

    [Fact]
    public void A_rate_of_next_to_nothing_is_found()
    {
        var (findings, _) = Watch(Mlp(), m => new SGD(m.Parameters(), 1e-12f), steps: 12);
        Assert.Contains(findings, finding => finding.Kind == FindingKind.NotLearning);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("gelu")]
    public void A_healthy_training_is_left_in_peace(string activation)
    {
        var (findings, activations) = Watch(
            Mlp(() => Activation.FromName(activation)), model => new Adam(model.Parameters(), 3e-3f), steps: 200);
        Assert.Empty(findings);
        Assert.Empty(activations);
    }

    [Fact]
    public void Shuffled_labels_are_learned_by_heart()
    {
        var (train, validation) = Parts(shuffled: true);
        Assert.Equal(FindingKind.Memorizing, Assert.Single(Fit(train, validation, 3e-3f, epochs: 30).Diagnose()).Kind);
    }

    [Fact]
    public void Labels_that_belong_to_their_samples_are_not()
    {
        var (train, validation) = Parts(shuffled: false);
        Assert.Empty(Fit(train, validation, 3e-3f, epochs: 5).Diagnose());
    }

    [Fact]
    public void A_run_whose_loss_does_not_fall_learns_nothing()
    {
        var (train, validation) = Parts(shuffled: false);
        Assert.Equal(FindingKind.NotLearning, Assert.Single(Fit(train, validation, 0, epochs: 3).Diagnose()).Kind);
        Assert.Empty(new History("train_loss").Diagnose());
    }

    [Fact]
    public void A_training_stops_on_what_is_critical()
    {
        RandomStream.Reseed(1);
        var model = Mlp(() => new ReLU());
        model.Parameters()[1].Fill(-10);
        var (train, validation) = Parts(shuffled: false);
        using var monitor = ActivationMonitor.Attach(model);
        var stop = new StopOnFinding(monitor) { Every = 6 };
        using var loader = new DataLoader(train, 32, shuffle: true);
        var trainer = new Trainer(model, new Adam(model.Parameters(), 1e-3f), new CrossEntropy()) { Callbacks = { stop } };
        Assert.Equal(StopReason.Requested, trainer.Fit(loader, epochs: 5, cancellation: TestContext.Current.CancellationToken).StopReason);
        Assert.Equal(6, trainer.Step);
        Assert.Contains(stop.Findings, finding => finding.Kind == FindingKind.DeadUnits);
    }

    [Fact]
    public void A_finding_names_layer_figure_threshold_and_remedy() => Assert.Equal(
        "features.0: its gradient vanishes (norm 3.000e-9, threshold 1.000e-7): normalize",
        new Finding(FindingKind.Vanishing, Severity.Critical, "features.0", "its gradient vanishes", "norm", 3e-9, 1e-7, "normalize")
            .ToString());

    private static (IReadOnlyList<Finding> Findings, IReadOnlyList<Finding> Activations) Watch(
        Sequential model, Func<Sequential, Optimizer> optimizer, int steps, float scale = 1)
    {
        using var gradients = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        var made = optimizer(model);
        var (train, _) = Parts(shuffled: false);
        using var loader = new DataLoader(train, 32, shuffle: true);
        var loss = new CrossEntropy();
        for (int step = 0; step < steps;)
        {
            foreach (var (images, labels) in loader)
            {
                using var tape = Tape.Record();
                tape.Backward(loss.Forward(model.Forward(images * scale), labels));
                made.Step();
                if (++step == steps)
                {
                    break;
                }
            }

            loader.Epoch++;
        }

        return (gradients.Diagnose(), activations.Diagnose());
    }

    private static History Fit(Dataset<ClassificationBatch> train, Dataset<ClassificationBatch> validation, float rate, int epochs)
    {
        RandomStream.Reseed(1);
        var model = Mlp();
        using var loader = new DataLoader(train, 32, shuffle: true);
        using var scored = new DataLoader(validation, 250);
        return new Trainer(model, new Adam(model.Parameters(), rate), new CrossEntropy()).Fit(loader, scored, epochs);
    }

    private static (Dataset<ClassificationBatch> Train, Dataset<ClassificationBatch> Validation) Parts(bool shuffled)
    {
        var digits = Digits.LoadAll();
        int[] labels = digits.Labels.ToArray();
        if (shuffled)
        {
            new RandomStream(1).Shuffle<int>(labels);
        }

        int length = digits.SampleLength;
        ArrayDataset Part(int first, int count) => new(
            "part", digits.Features.Slice(first * length, count * length).ToArray(), [length], labels[first..(first + count)],
            digits.ClassNames.ToArray());
        return (Part(0, 400), Part(400, 500));
    }

    private static Sequential Mlp(Func<Module<Tensor, Tensor>>? activation = null)
    {
        RandomStream.Reseed(1);
        activation ??= () => new ReLU();
        return new Sequential(new Flatten(), new Dense(64, 48), activation(), new Dense(48, 32), activation(), new Dense(32, 10));
    }

    private static Sequential Deep(int depth, Func<Module<Tensor, Tensor>> activation)
    {
        RandomStream.Reseed(1);
        var layers = Enumerable.Range(0, depth)
            .SelectMany(i => new[] { new Dense(i == 0 ? 64 : 32, 32), activation() });
        return new Sequential([new Flatten(), .. layers, new Dense(32, 10)]);
    }
}
