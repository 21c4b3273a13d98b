using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>What a trainer keeps, where its model moves, is looked at in the middle of a step, or holds a module twice.</summary>
[Collection(GlobalState.Name)]
public class TrainerStateTests
{
    /// <summary>The nearest float of 0.001 is 0.0010000000474974513.</summary>
    [Theory]
    [InlineData(0.001f, 0.001)]
    [InlineData(0.0005f, 0.0005)]
    [InlineData(0.1f, 0.1)]
    [InlineData(1e-30f, 1e-30)]
    [InlineData(0f, 0.0)]
    public void The_history_has_the_learning_rate_in_the_digits_that_it_was_given_in(float rate, double expected)
    {
        var model = TinyRun.Model();
        using var loader = TinyRun.Loader();
        var history = new Trainer(model, new SGD(model.Parameters(), rate), new CrossEntropy()).Fit(loader);
        Assert.Equal([expected], history["learning_rate"]);
    }

    [Fact]
    public void The_model_may_move_to_another_device_and_back()
    {
        using var folder = new TemporaryFolder();
        var trainer = TinyRun.Full(new CheckpointFolder(folder.At("run")));
        using (var onCpu = TinyRun.Loader())
        {
            trainer.Fit(onCpu, epochs: 2);
        }

        trainer.Model.To(Device.Reference);
        using (var onReference = new DataLoader(TinyRun.Data(), TinyRun.BatchSize, shuffle: true, seed: 3, device: Device.Reference))
        {
            trainer.Fit(onReference, epochs: 4);
        }

        Assert.All(trainer.Model.Parameters(), parameter => Assert.Same(Device.Reference, parameter.Device));
        var resumed = TinyRun.Full(new CheckpointFolder(folder.At("run")));
        Assert.True(resumed.TryResume());
        using var loader = TinyRun.Loader();
        resumed.Fit(loader, epochs: 4);
        Assert.Equal(TinyRun.Weights(trainer.Model), TinyRun.Weights(resumed.Model), (a, b) => Math.Abs(a - b) < 1e-6);

        trainer.Model.To(Device.Cpu);
        trainer.Fit(loader, epochs: 5);
        Assert.All(trainer.Model.Parameters(), parameter => Assert.Same(Device.Cpu, parameter.Device));
    }

    [Fact]
    public void The_model_is_not_scored_within_a_step()
    {
        using var data = new DataLoader(TinyRun.Data(20, seed: 2), batchSize: 6);
        using var loader = TinyRun.Loader();
        Trainer trainer = null!;
        int steps = 0;
        trainer = TinyRun.Full(null, new BeforeSteps(() =>
        {
            Refusal.Of<InvalidOperationException>(() => trainer.Evaluate(data, new ConfusionMatrix()), "OnBatchEnded");
            Refusal.Of<InvalidOperationException>(() => trainer.Predict(data), "OnBatchEnded");
            steps++;
        }));
        trainer.Fit(loader, epochs: 2);
        using var again = TinyRun.Loader();
        var plain = TinyRun.Full();
        plain.Fit(again, epochs: 2);
        Assert.Equal(TinyRun.Weights(plain.Model), TinyRun.Weights(trainer.Model));
        Assert.Equal(plain.History!["train_right"], trainer.History!["train_right"]);
        Assert.Equal(8, steps);
    }

    [Fact]
    public void A_module_that_is_there_twice_and_frozen_parameters_are_resumed()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        var whole = Make(folder.At("whole"));
        whole.Fit(loader, epochs: 2);
        Make(folder.At("run"), new TinyRun.StopAfter(4)).Fit(loader, epochs: 2);
        var resumed = Make(folder.At("run"));
        Assert.True(resumed.TryResume());
        resumed.Fit(loader, epochs: 2);
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));

        static Trainer Make(string path, params Callback[] callbacks)
        {
            RandomStream.Reseed(5);
            var shared = new Dense(6, 6);
            var dropout = new Dropout(0.2f, new RandomStream(2));
            var model = new Sequential(new Dense(4, 6), shared, dropout, new Tanh(), shared, dropout, new Dense(6, 2));
            model.Parameters()[0].IsFrozen = true;
            var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
            {
                KeepBest = true,
                Average = WeightAverage.Exponential(model),
                Checkpoints = new CheckpointFolder(path),
            };
            Array.ForEach(callbacks, trainer.Callbacks.Add);
            return trainer;
        }
    }

    private sealed class BeforeSteps(Action action) : Callback
    {
        public override void OnStepStarting(TrainingRun run) => action();
    }
}
