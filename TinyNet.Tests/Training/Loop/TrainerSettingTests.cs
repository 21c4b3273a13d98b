using TinyNet.Autograd;
using TinyNet.Core;
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
                StepSchedule = new CosineSchedule(3), EpochSchedule = new CosineSchedule(3),
            }.Fit(loader), "two schedules");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy())
            {
                StepSchedule = new CosineSchedule(3), Plateau = new PlateauScheduler(optimizer),
            }.Fit(loader), "Plateau");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Plateau = new(new SGD(model.Parameters(), 1)) }.Fit(loader),
            "Plateau", "another optimizer");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Plateau = new(optimizer, MetricMode.Max) }.Fit(loader),
            "MetricMode.Max for better", "MetricMode.Min");
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Metrics = { new Accuracy() }, Monitor = "train_accuracy" }.Fit(loader),
            "'train_accuracy'", "MonitorMode");
        var average = WeightAverage.Equal(TinyRun.Model());
        Refusal.Of<InvalidOperationException>(
            () => new Trainer(model, optimizer, new CrossEntropy()) { Average = average }.Fit(loader), "another model");
        var misspelled = new Trainer(model, optimizer, new CrossEntropy()) { Monitor = "validation_los" };
        Refusal.Of<ArgumentException>(() => misspelled.Fit(loader, loader), "'validation_loss'");
        var twice = new Trainer(model, optimizer, new CrossEntropy()) { Metrics = { new TinyRun.Right(), new TinyRun.Right() } };
        Refusal.Of<InvalidOperationException>(() => twice.Fit(loader), "'right'");
        Refusal.Of<ShapeException>(
            () => new Trainer(model, optimizer, new CrossEntropy(reduction: Reduction.None)).Fit(loader), "one number");
        Refusal.Of<InvalidOperationException>(() => new Trainer(model, optimizer, new CrossEntropy()).TryResume(), "Checkpoints");
        Assert.Throws<ArgumentNullException>(() => new Trainer(model, optimizer, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer, new CrossEntropy()) { Patience = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer, new CrossEntropy()) { BatchesPerStep = 0 });
    }
}
