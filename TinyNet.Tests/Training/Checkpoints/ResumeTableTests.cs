using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Whatever settings a run has together, one that was stopped and resumed ends in the bits of one that was not.</summary>
[Collection(GlobalState.Name)]
public class ResumeTableTests
{
    private const int Epochs = 3, Batches = 7;

    public static TheoryData<bool, string, int, string> Settings
    {
        get
        {
            var settings = new TheoryData<bool, string, int, string>();
            foreach (bool keepBest in new[] { false, true })
            {
                foreach (string average in new[] { "none", "exponential", "equal" })
                {
                    foreach (int batchesPerStep in new[] { 1, 3 })
                    {
                        foreach (string schedule in new[] { "none", "step", "epoch", "plateau" })
                        {
                            settings.Add(keepBest, average, batchesPerStep, schedule);
                        }
                    }
                }
            }

            return settings;
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void A_resumed_run_ends_like_one_that_was_never_stopped(bool keepBest, string average, int batchesPerStep, string schedule)
    {
        var whole = Make(null);
        Fit(whole, stopAfter: null);

        // Each row stops elsewhere, twice: in the second epoch or before, and after that.
        int first = 1 + (3 * average.Length + schedule.Length + (keepBest ? 5 : 0)) % (2 * Batches - 1), second = first % 4 + 2;
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        Fit(Make(checkpoints), first);
        foreach (int? stop in new int?[] { second, null })
        {
            RandomStream.Reseed(999);
            var resumed = Make(checkpoints);
            Assert.True(resumed.TryResume());
            Fit(resumed, stop);
            if (stop is null)
            {
                AssertSame(resumed);
            }
        }

        // The same in one process, by calls of Fit alone.
        var continued = Make(null);
        Fit(continued, first);
        Fit(continued, second);
        Fit(continued, stopAfter: null);
        AssertSame(continued);

        Trainer Make(CheckpointFolder? checkpoints)
        {
            var model = TinyRun.Model();
            var optimizer = new SGD(model.Parameters(), learningRate: 0.5f, momentum: 0.5f);
            return new Trainer(model, optimizer, new CrossEntropy())
            {
                Metrics = { new TinyRun.Right() },
                KeepBest = keepBest,
                BatchesPerStep = batchesPerStep,
                Average = average switch
                {
                    "exponential" => WeightAverage.Exponential(model, 0.8),
                    "equal" => WeightAverage.Equal(model, firstStep: 2),
                    _ => null,
                },
                StepSchedule = schedule == "step" ? new CosineSchedule(20) : null,
                EpochSchedule = schedule == "epoch" ? new CosineSchedule(4) : null,
                Plateau = schedule == "plateau" ? new PlateauScheduler(optimizer, MetricMode.Max, patience: 0) : null,
                MonitorMode = schedule == "plateau" ? MetricMode.Max : null,
                Checkpoints = checkpoints,
            };
        }

        void AssertSame(Trainer trainer)
        {
            Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(trainer.Model));
            Assert.Equal((whole.Step, whole.History!.BestEpoch), (trainer.Step, trainer.History!.BestEpoch));
            foreach (string column in whole.History.Columns.Where(column => column != "seconds"))
            {
                Assert.Equal(whole.History[column], trainer.History[column]);
            }
        }

        static void Fit(Trainer trainer, int? stopAfter)
        {
            using var loader = TinyRun.Loader();
            using var validation = new DataLoader(TinyRun.Data(30, seed: 8), batchSize: 7);
            trainer.Callbacks.Clear();
            if (stopAfter is { } batches)
            {
                trainer.Callbacks.Add(new TinyRun.StopAfter(batches));
            }

            Assert.Equal(
                stopAfter is null ? StopReason.Completed : StopReason.Requested, trainer.Fit(loader, validation, Epochs).StopReason);
        }
    }

    [Fact]
    public void A_step_is_not_cut_by_another_number_of_batches()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        Make(3, new TinyRun.StopAfter(2)).Fit(loader);
        Refusal.Of<InvalidOperationException>(() => Make(2).TryResume(), "after 3 batches", "step of 2");
        Assert.True(Make(1).TryResume());

        Trainer Make(int batchesPerStep, params Callback[] callbacks)
        {
            var model = TinyRun.Model();
            var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
            {
                BatchesPerStep = batchesPerStep,
                Checkpoints = checkpoints,
            };
            Array.ForEach(callbacks, trainer.Callbacks.Add);
            return trainer;
        }
    }

    /// <summary>A checkpoint of a run whose monitored value is not finite: it is the best only where it says something.</summary>
    [Theory]
    [InlineData(MetricMode.Min, double.NaN, 1.0, 2)]
    [InlineData(MetricMode.Min, double.PositiveInfinity, 1.0, 2)]
    [InlineData(MetricMode.Min, double.NegativeInfinity, 1.0, 1)]
    [InlineData(MetricMode.Max, double.NegativeInfinity, 1.0, 2)]
    [InlineData(MetricMode.Max, double.PositiveInfinity, 1.0, 1)]
    [InlineData(MetricMode.Max, 1.0, double.NaN, 1)]
    public void Values_that_are_not_finite_are_monitored_and_kept(MetricMode mode, double first, double second, int best)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        double value = first;
        Fit(1);
        value = second;
        Assert.Equal(best, Fit(2).BestEpoch);
        Assert.Equal([first, second], RunCheckpoint.Open(checkpoints.Newest!).History["train_odd"]);

        TinyNet.Training.History Fit(int epochs)
        {
            var model = TinyRun.Model();
            var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
            {
                Metrics = { new Odd(() => value) },
                Monitor = "train_odd",
                MonitorMode = mode,
                KeepBest = true,
                Checkpoints = checkpoints,
            };
            trainer.TryResume();
            using var loader = TinyRun.Loader();
            return trainer.Fit(loader, epochs: epochs);
        }
    }

    private sealed class Odd(Func<double> value) : Metric<Tensor, IndexTensor>
    {
        public override string Name => "odd";

        public override double Value => value();

        public override double[] State { get; set; } = [];

        public override void Add(Tensor output, IndexTensor target)
        {
        }

        public override void Clear()
        {
        }
    }
}
