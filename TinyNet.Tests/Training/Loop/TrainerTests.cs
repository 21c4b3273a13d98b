using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>What Fit does, against the loop written out.</summary>
[Collection(GlobalState.Name)]
public class TrainerTests
{
    [Fact]
    public void Fit_is_the_loop_written_out()
    {
        var model = TinyRun.Model();
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var crossEntropy = new CrossEntropy();
        using var loader = TinyRun.Loader();
        var losses = new List<double>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            double sum = 0;
            model.Train();
            foreach (var (features, labels) in loader)
            {
                using var tape = Tape.Record();
                var loss = crossEntropy.Forward(model.Forward(features), labels);
                tape.Backward(loss);
                optimizer.Step();
                sum += loss.Item() * (double)labels.Length;
            }

            losses.Add(sum / TinyRun.Samples);
        }

        var fitted = TinyRun.Model();
        var trainer = new Trainer(fitted, new Adam(fitted.Parameters(), learningRate: 1e-2f), crossEntropy);
        using var again = TinyRun.Loader();
        var history = trainer.Fit(again, epochs: 3);

        Assert.Equal(TinyRun.Weights(model), TinyRun.Weights(fitted));
        Assert.Equal(losses, history["train_loss"]);
        Assert.Equal((3, 21), (trainer.Epoch, trainer.Step));
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.False(fitted.IsTraining);
    }

    [Fact]
    public void Epochs_are_counted_over_all_calls()
    {
        using TinyRunPair run = new(epochs: 2);
        run.Trainer.Fit(run.Train, epochs: 2);
        Assert.Equal(2, run.Trainer.History!.Rows.Count);
        run.Trainer.Fit(run.Train, epochs: 5);
        Assert.Equal([1, 2, 3, 4, 5], run.Trainer.History.Rows.Select(row => row.Epoch));

        using TinyRunPair whole = new(epochs: 5);
        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(run.Trainer.Model));
    }

    [Fact]
    public void Several_batches_to_a_step_are_one_large_batch()
    {
        // Without what looks at a batch as a whole, or draws numbers.
        var (one, several) = (Plain(), Plain());
        using var large = new DataLoader(TinyRun.Data(), 24, shuffle: true, seed: 3);
        using var small = new DataLoader(TinyRun.Data(), 8, shuffle: true, seed: 3);
        var plain = new Trainer(one, new SGD(one.Parameters(), learningRate: 0.1f), new CrossEntropy());
        var accumulating = new Trainer(several, new SGD(several.Parameters(), learningRate: 0.1f), new CrossEntropy())
        {
            BatchesPerStep = 3,
        };
        plain.Fit(large, epochs: 2);
        accumulating.Fit(small, epochs: 2);

        // 53 samples: steps of 24, 24 and 5, whose last batch is smaller than the others.
        Assert.Equal((6, 6), (plain.Step, accumulating.Step));
        Assert.All(
            TinyRun.Weights(one).Zip(TinyRun.Weights(several)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6f * Math.Max(1, Math.Abs(pair.First))));

        static Sequential Plain()
        {
            var random = new RandomStream(9);
            return new Sequential(new Dense(4, 6, random: random), new Tanh(), new Dense(6, 2, random: random));
        }
    }

    [Fact]
    public void Validation_is_scored_in_evaluation_mode_and_whole()
    {
        using var validation = new DataLoader(TinyRun.Data(30, seed: 8), batchSize: 7);
        using TinyRunPair run = new(epochs: 0);
        var history = run.Trainer.Fit(run.Train, validation, epochs: 2);
        Assert.Equal(["train_loss", "train_right", "validation_loss", "validation_right", "learning_rate", "seconds"], history.Columns);

        var (features, labels) = TinyRun.Data(30, seed: 8).Load([.. Enumerable.Range(0, 30)]);
        run.Trainer.Model.Evaluate();
        var scores = ((Sequential)run.Trainer.Model).Forward(features);
        Assert.Equal(new CrossEntropy().Forward(scores, labels).Item(), history["validation_loss"][1], 1e-6);
        Assert.Equal(scores.Accuracy(labels), history["validation_right"][1], 1e-12);
    }

    [Fact]
    public void It_stops_when_nothing_gets_better_and_keeps_the_best()
    {
        var weights = new List<float[]>();
        using TinyRunPair run = new(epochs: 0, new Script([3, 1, 2, double.NaN, 1], weights), patience: 3);
        var history = run.Trainer.Fit(run.Train, epochs: 9);
        Assert.Equal(StopReason.EarlyStopping, history.StopReason);
        Assert.Equal((2, 5), (history.BestEpoch, history.Rows.Count));
        Assert.Equal(weights[1], TinyRun.Weights(run.Trainer.Model));

        // It stays so, and nothing more is trained.
        Assert.Equal(StopReason.EarlyStopping, run.Trainer.Fit(run.Train, epochs: 9).StopReason);
        Assert.Equal(5, run.Trainer.Epoch);
        Assert.Equal(weights[1], TinyRun.Weights(run.Trainer.Model));
    }

    [Fact]
    public void After_the_best_weights_it_trains_on_with_the_last()
    {
        using TinyRunPair run = new(epochs: 0, new Script([1, 2, 3, 4], []), patience: null);
        run.Trainer.Fit(run.Train, epochs: 2);
        run.Trainer.Fit(run.Train, epochs: 3);
        using TinyRunPair whole = new(epochs: 3);
        Assert.Equal(whole.Trainer.History!["train_loss"], run.Trainer.History!["train_loss"]);
    }

    [Fact]
    public void Higher_values_may_be_better_and_have_to_be_so_by_enough()
    {
        var script = new Script([0.5, 0.505, 0.52, 0.515, 0.525], []);
        var model = TinyRun.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Metrics = { script.Metric },
            Callbacks = { script },
            Monitor = "train_scripted",
            MonitorMode = MetricMode.Max,
            MinImprovement = 0.01,
        };
        using var loader = TinyRun.Loader();
        Assert.Equal(3, trainer.Fit(loader, epochs: 5).BestEpoch);
    }

    [Fact]
    public void What_does_not_become_better_lowers_the_learning_rate()
    {
        var script = new Script([1, 1, 1, 1], []);
        var model = TinyRun.Model();
        var optimizer = new SGD(model.Parameters(), learningRate: 0.8f);
        var trainer = new Trainer(model, optimizer, new CrossEntropy())
        {
            Metrics = { script.Metric },
            Callbacks = { script },
            Monitor = "train_scripted",
            MonitorMode = MetricMode.Min,
            Plateau = new PlateauScheduler(optimizer, factor: 0.5, patience: 1),
        };
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, epochs: 4);
        Assert.Equal([0.8f, 0.8f, 0.8f, 0.4f], trainer.History!["learning_rate"].Select(rate => (float)rate));
    }

    [Fact]
    public void A_schedule_goes_by_steps_or_by_epochs()
    {
        Assert.Equal(
            Enumerable.Range(0, 14).Select(step => 1f / (1 + step)),
            RatesOf(step: Schedule.ByFactor(step => 1.0 / (1 + step)), epoch: null));
        Assert.Equal(
            Enumerable.Range(0, 14).Select(step => step < 7 ? 1f : 0.5f),
            RatesOf(step: null, epoch: Schedule.ByFactor(epoch => 1.0 / (1 + epoch))));

        static List<float> RatesOf(Schedule? step, Schedule? epoch)
        {
            var model = TinyRun.Model();
            var rates = new Rates();
            var trainer = new Trainer(model, new SGD(model.Parameters(), learningRate: 1), new CrossEntropy())
            {
                StepSchedule = step,
                EpochSchedule = epoch,
                Callbacks = { rates },
            };
            using var loader = TinyRun.Loader();
            trainer.Fit(loader, epochs: 2);
            Assert.Equal([rates.Seen[6], rates.Seen[13]], trainer.History!["learning_rate"].Select(rate => (float)rate));
            return rates.Seen;
        }
    }

    [Fact]
    public void Gradients_are_clipped_before_the_step()
    {
        using TinyRunPair run = new(epochs: 0, new Norms());
        run.Trainer.Fit(run.Train, epochs: 1);
        Assert.All(((Norms)run.Trainer.Callbacks[0]).Seen, norm => Assert.InRange(norm, 0, 0.0501));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_it_before_the_step()
    {
        float[] features = new float[4 * 24];
        features[4 * 17] = float.NaN;
        var data = new ArrayDataset("spoiled", features, [4], new int[24], ["only"]);
        var model = new Sequential(new Dense(4, 1));
        var trainer = new Trainer(model, new SGD(model.Parameters(), learningRate: 0.1f), new CrossEntropy());
        using var loader = new DataLoader(data, batchSize: 8);
        var exception = Refusal.Of<TrainingDivergedException>(
            () => trainer.Fit(loader), "epoch 1, batch 3", "NaN", "learning rate of 0.1:", "ClipNorm");
        Assert.Equal((1, 3), (exception.Epoch, exception.Batch));
        Assert.Equal(StopReason.None, trainer.History!.StopReason);
        Assert.All(TinyRun.Weights(model), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void A_token_or_a_callback_ends_it_after_the_step()
    {
        using var source = new CancellationTokenSource();
        using TinyRunPair run = new(epochs: 0, new Watch(state => { if (state.Batch == 3) { source.Cancel(); } }));
        Assert.Equal(StopReason.Canceled, run.Trainer.Fit(run.Train, epochs: 4, cancellation: source.Token).StopReason);
        Assert.Equal((0, 3), (run.Trainer.Epoch, run.Trainer.Step));

        // It goes on with the fourth batch.
        run.Trainer.Callbacks.Clear();
        run.Trainer.Callbacks.Add(new TinyRun.StopAfter(2));
        Assert.Equal(StopReason.Requested, run.Trainer.Fit(run.Train, epochs: 4).StopReason);
        Assert.Equal(5, run.Trainer.Step);
        run.Trainer.Fit(run.Train, epochs: 4);
        using TinyRunPair whole = new(epochs: 4);
        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(run.Trainer.Model));
        Assert.Equal(whole.Trainer.History!["train_loss"], run.Trainer.History!["train_loss"]);
        Assert.Equal(whole.Trainer.History["train_right"], run.Trainer.History["train_right"]);
    }

    [Fact]
    public void Evaluate_leaves_modes_and_an_epoch_under_way_alone()
    {
        using var data = new DataLoader(TinyRun.Data(20, seed: 2), batchSize: 6);
        var evaluations = new List<Evaluation>();
        Trainer trainer = null!;
        using TinyRunPair run = new(epochs: 0, new Watch(state => evaluations.Add(trainer.Evaluate(data))));
        trainer = run.Trainer;
        trainer.Fit(run.Train, epochs: 2);
        using TinyRunPair whole = new(epochs: 2);
        Assert.Equal(whole.Trainer.History!["train_right"], trainer.History!["train_right"]);
        Assert.Equal(TinyRun.Weights(whole.Trainer.Model), TinyRun.Weights(trainer.Model));
        Assert.All(evaluations, evaluation => Assert.Equal(20, evaluation.Samples));
        Assert.Equal("loss " + evaluations[^1].Loss.ToString("0.0000"), evaluations[^1].ToString()[..11]);
        Refusal.Of<ArgumentException>(() => evaluations[0]["rihgt"], "'right'");
    }

    [Fact]
    public void Predict_gives_a_row_for_each_sample()
    {
        using TinyRunPair run = new(epochs: 1);
        var data = TinyRun.Data(20, seed: 2);
        using var loader = new DataLoader(data, batchSize: 6);
        var expected = ((Sequential)run.Trainer.Model).Forward(data.Load([.. Enumerable.Range(0, 20)]).Features);
        var predicted = run.Trainer.Predict(loader);
        Assert.Equal([20, 2], predicted.Shape.Sizes.ToArray());
        Assert.All(expected.ToArray().Zip(predicted.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Refusal.Of<ArgumentException>(() => run.Trainer.Predict(run.Train), "shuffles", "ForEach");
    }

    [Fact]
    public void A_model_without_a_trainer_predicts_a_loader_too()
    {
        var model = TinyRun.Model();
        float[] weights = TinyRun.Weights(model);
        var data = TinyRun.Data(20, seed: 2);
        using var loader = new DataLoader(data, batchSize: 6) { FirstBatch = 1 };
        var predicted = model.Predict(loader, batch => batch.Features);
        Assert.True(model.IsTraining);
        Assert.Equal(weights, TinyRun.Weights(model));

        var expected = model.Predict(data.Load([.. Enumerable.Range(0, 20)]).Features);
        Assert.Equal([20, 2], predicted.Shape.Sizes.ToArray());
        Assert.All(expected.ToArray().Zip(predicted.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        using var shuffled = TinyRun.Loader();
        Refusal.Of<ArgumentException>(() => model.Predict(shuffled, batch => batch.Features), "shuffles");
    }

    private sealed class Watch(Action<TrainingRun> look) : Callback
    {
        public override void OnBatchEnded(TrainingRun run) => look(run);
    }

    /// <summary>The learning rate of each step.</summary>
    private sealed class Rates : Callback
    {
        public List<float> Seen { get; } = [];

        public override void OnStepStarting(TrainingRun run) => Seen.Add(run.Optimizer.Groups[0].LearningRate);
    }

    /// <summary>The norm of all gradients, before each step.</summary>
    private sealed class Norms : Callback
    {
        public List<double> Seen { get; } = [];

        public override void OnStepStarting(TrainingRun run) => Seen.Add(
            Math.Sqrt(run.Model.Parameters().Sum(parameter => parameter.Gradient!.ToArray().Sum(value => (double)value * value))));
    }

    /// <summary>A metric that says what a test wants, epoch by epoch, and what the weights were then.</summary>
    private sealed class Script(double[] values, List<float[]> weights) : Callback
    {
        private int _epoch;

        public Metric<Tensor, IndexTensor> Metric => new Scripted(this);

        public override void OnEpochEnded(TrainingRun run, HistoryRow row)
        {
            _epoch++;
            weights.Add(TinyRun.Weights(run.Model));
        }

        private sealed class Scripted(Script script) : Metric<Tensor, IndexTensor>
        {
            public override string Name => "scripted";

            public override double Value => script._values[script._epoch];

            public override double[] State
            {
                get => [];
                set => Assert.Empty(value);
            }

            public override void Add(Tensor output, IndexTensor target)
            {
            }

            public override void Clear()
            {
            }
        }

        private readonly double[] _values = values;
    }

    /// <summary>A trainer with one metric, and its data.</summary>
    private sealed class TinyRunPair : IDisposable
    {
        public TinyRunPair(int epochs, Callback? callback = null, int? patience = null)
        {
            var model = TinyRun.Model();
            bool isScripted = callback is Script;
            Trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
            {
                Metrics = { isScripted ? ((Script)callback!).Metric : new TinyRun.Right() },
                Monitor = isScripted ? "train_scripted" : null,
                MonitorMode = isScripted ? MetricMode.Min : null,
                KeepBest = isScripted,
                Patience = patience,
                ClipNorm = callback is Norms ? 0.05f : null,
            };
            if (callback is not null)
            {
                Trainer.Callbacks.Add(callback);
            }

            Train = TinyRun.Loader();
            if (epochs > 0)
            {
                Trainer.Fit(Train, epochs: epochs);
            }
        }

        public Trainer Trainer { get; }

        public DataLoader Train { get; }

        public void Dispose() => Train.Dispose();
    }
}
