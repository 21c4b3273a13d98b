using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Settings of a trainer that cannot be, by themselves or together.</summary>
[Collection(GlobalState.Name)]
public class TrainerSettingTests
{
    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        var model = TinyRun.Model();
        var optimizer = new Adam(model.Parameters());
        using var loader = TinyRun.Loader();
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy())
            {
                StepSchedule = new CosineSchedule(3),
                EpochSchedule = new CosineSchedule(3),
            }.Fit(loader), "two schedules");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy())
            {
                StepSchedule = new CosineSchedule(3),
                Plateau = new PlateauScheduler(optimizer),
            }.Fit(loader), "Plateau");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Plateau = new(new SGD(model.Parameters(), 1)) }.Fit(loader),
            "Plateau", "another optimizer");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Plateau = new(optimizer, MetricMode.Max) }.Fit(loader),
            "MetricMode.Max for better", "MetricMode.Min");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy())
            {
                Metrics = { new Accuracy() },
                Monitor = "train_accuracy",
            }.Fit(loader), "'train_accuracy'", "MonitorMode");
        var average = WeightAverage.Equal(TinyRun.Model());
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Average = average }.Fit(loader), "another model");
        var misspelled = new Trainer(model, optimizer, new CrossEntropy()) { Monitor = "validation_los" };
        Refusal.Of<InvalidOperationException>(() => misspelled.Fit(loader, loader), "'validation_loss'");
        var twice = new Trainer(model, optimizer, new CrossEntropy()) { Metrics = { new TinyRun.Right(), new TinyRun.Right() } };
        Refusal.Of<InvalidOperationException>(() => twice.Fit(loader), "'right'");
        Refusal.Of<ShapeException>(
            () => new Trainer<ClassificationBatch, Tensor, IndexTensor>(
                model, optimizer, batch => model.Forward(batch.Features), batch => batch.Labels,
                new CrossEntropy(reduction: Reduction.None).Forward).Fit(loader), "one number");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer<ClassificationBatch, Tensor, IndexTensor>(
                model, optimizer, batch => model.Forward(batch.Features), batch => batch.Labels, new CrossEntropy().Forward,
                lossWeight: (_, _) => double.NaN).Fit(loader), "'lossWeight'", "NaN");
        Refusal.Of<InvalidOperationException>(() => new Trainer(model, optimizer, new CrossEntropy()).TryResume(), "Checkpoints");
        Assert.Throws<ArgumentNullException>(() => new Trainer(model, optimizer, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer, new CrossEntropy()) { Patience = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer, new CrossEntropy()) { BatchesPerStep = 0 });
    }

    /// <summary>It would be neither saved nor averaged nor kept as the best.</summary>
    [Fact]
    public void What_is_trained_is_in_the_model()
    {
        var (model, scale) = (TinyRun.Model(), new Parameter(Tensor.FromScalar(1), "scale"));
        using var loader = TinyRun.Loader();
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, new Adam([.. model.Parameters(), scale]), new CrossEntropy()).Fit(loader), "'scale'", "module");
    }

    [Fact]
    public void A_run_in_which_nothing_would_learn_is_refused()
    {
        var model = TinyRun.Model();
        using var loader = TinyRun.Loader();
        var ofOther = new Trainer(model, new Adam(TinyRun.Model().Parameters()), new CrossEntropy());
        Refusal.Of<InvalidOperationException>(
            () => ofOther.Fit(loader), "none of the parameters of the model", "'0.weight'", "model.Parameters()");

        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy());
        model.Freeze();
        Refusal.Of<InvalidOperationException>(() => trainer.Fit(loader), "every parameter of the model is frozen", "Freeze(false)");
        Assert.Equal(0, trainer.Step);
        model[^1].Freeze(false);
        trainer.Fit(loader);
        Assert.Equal(1, trainer.Epoch);
    }

    [Theory]
    [InlineData("val_accuracy", "(did you mean 'validation_accuracy'?)")]
    [InlineData("Accuracy", "(did you mean 'validation_accuracy'?)")]
    [InlineData("val_loss", "(did you mean 'validation_loss'?)")]
    [InlineData("validation_acuracy", "(did you mean 'validation_accuracy'?)")]
    [InlineData("training_accuracy", "(did you mean 'train_accuracy'?)")]
    [InlineData("other", "Monitor is 'other', which is no column; there are: train_loss, train_accuracy, validation_loss, ")]
    public void A_misspelled_monitor_is_told_what_judges_the_validation_data(string monitor, string expected)
    {
        using var loader = TinyRun.Loader();
        var exception = Refusal.Of<InvalidOperationException>(
            () => Monitored(monitor).Fit(loader, loader), $"Monitor is '{monitor}', which is no column", expected);
        Assert.DoesNotContain("(Parameter", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_monitor_of_validation_data_that_are_not_there_asks_for_them()
    {
        using var loader = TinyRun.Loader();
        var exception = Refusal.Of<InvalidOperationException>(
            () => Monitored("val_accuracy").Fit(loader), "no column; there are: train_loss, train_accuracy, ", "validation data of Fit");
        Assert.DoesNotContain("did you mean", exception.Message, StringComparison.Ordinal);
    }

    private static Trainer Monitored(string monitor)
    {
        var model = TinyRun.Model();
        return new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Monitor = monitor,
            MonitorMode = MetricMode.Max,
        };
    }
}
