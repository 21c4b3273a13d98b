using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Ilgpu;
using TinyNet.Layers;
using TinyNet.Tests.Training;
using TinyNet.Training;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Where a training waits for a GPU.</summary>
[Collection(GlobalState.Name)]
public class IlgpuWaitTests
{
    private const int Batches = 5;

    [Fact]
    public void A_step_waits_where_its_loss_is_read_and_nowhere_else()
    {
        var device = IlgpuTestDevice.Instance;
        RandomStream.Reseed(5);
        var model = new Sequential(new Dense(4, 6), new BatchNorm1d(6, momentum: null), new Tanh(), new Dense(6, 2));
        model.To(device);
        var waits = new WaitCounter(device);
        var trainer = new Trainer(model, new SGD(model.Parameters(), learningRate: 0.1f), new CrossEntropy())
        {
            Metrics = { new Accuracy(), new F1(), new ConfusionMatrix(), new Perplexity() },
            ClipNorm = 0.5f,
            Callbacks = { waits },
        };
        using var loader = new DataLoader(TinyRun.Data(6 * Batches), batchSize: 6, device: device);
        trainer.Fit(loader, cancellation: TestContext.Current.CancellationToken);

        // The first step asks how many batches there were before, too.
        Assert.Equal([.. Enumerable.Repeat(1, Batches - 1)], waits.OfBatches[1..]);
    }

    [Fact]
    public void Metrics_of_classes_wait_where_they_are_asked_and_say_what_they_say_on_the_processor() =>
        Compare<IndexTensor>(
            () => [new Accuracy(), new Accuracy(ignoreIndex: 1), new F1(), new Recall(ofClass: 2), new ConfusionMatrix(ignoreIndex: 0)],
            device => (Tensor.From(
                [1, 2, 3, 3, 4, 4, float.NaN, 5, float.NaN, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity],
                [2, 3, 2], device), IndexTensor.From([2, 1, 0, 2], [2, 2])),
            device => (Tensor.From([0, float.PositiveInfinity, 2, -1, -2, -3, 0.5f, 0.5f, 0.1f], [3, 3, 1], device),
                IndexTensor.From([1, 0, 1], [3, 1])));

    [Fact]
    public void Metrics_of_numbers_wait_where_they_are_asked_and_say_what_they_say_on_the_processor() =>
        Compare<Tensor>(
            () =>
            [
                new MAE(), new MSE(), new MAPE(), new MaxError(), new R2(), new BinaryF1(0.5f), new AUROC(),
                new MeanLoss<Tensor>("huber", new Huber()), new MeanOf<Tensor, Tensor>("bias", (output, target) => output - target),
            ],
            device => (Tensor.From([0.3f, 0.7f, -0.2f, 1.1f], [2, 2], device), Tensor.From([0, 1, 1, 1], [2, 2], device)),
            device => (Tensor.From([0.6f, 0.1f], [1, 2], device), Tensor.From([0, 0], [1, 2], device)));

    [Fact]
    public void What_was_not_asked_for_is_forgotten_or_goes_on_from_a_state()
    {
        var device = IlgpuTestDevice.Instance;
        Tensor output = Tensor.From([0, 1], [1, 2], device), target = Tensor.From([1, 1], [1, 2], device);
        Metric<Tensor, Tensor>[] metrics = [new MSE(), new MaxError(), new R2(), new BinaryAccuracy(0.5f), new AUROC()];
        foreach (var metric in metrics)
        {
            double[] empty = metric.State;
            metric.Add(output, target);
            metric.Clear();
            Assert.Equal(empty, metric.State);
            metric.Add(output, target);
            double[] state = metric.State;
            metric.Add(output, target);
            metric.State = state;
            Assert.Equal(state, metric.State);
        }

        var accuracy = new Accuracy();
        accuracy.Add(output, IndexTensor.From(1));
        accuracy.State = [0, 1];
        Assert.Equal(0, accuracy.Value);
    }

    [Fact]
    public void What_waits_is_read_where_there_is_no_more_room_for_it()
    {
        var device = IlgpuTestDevice.Instance;
        MSE expected = new(), metric = new();
        const int size = HostReads.MostWaiting / 2 - 100;
        Assert.Equal(0, Add(size, 1));
        Assert.Equal(0, Add(50, 2));
        Assert.True(Add(size, 3) > 0);
        Assert.Equal(0, Add(50, 4));
        Assert.True(Add(HostReads.MostWaiting, 5) > 0);
        Assert.Equal(expected.State, metric.State);

        int Add(int count, float value)
        {
            expected.Add(Tensor.Full([count], value), Tensor.Zeros([count]));
            Tensor output = Tensor.Full([count], value, device), target = Tensor.Zeros([count], device);
            int waits = device.Waits;
            metric.Add(output, target);
            return device.Waits - waits;
        }
    }

    [Fact]
    public void Predictions_and_targets_may_lie_on_two_devices()
    {
        Tensor here = Tensor.From([1, 2], new CpuDevice()), there = Tensor.From([3, 5], IlgpuTestDevice.Instance);
        foreach (var (output, target) in new[] { (here, there), (there, here) })
        {
            var metric = new MSE();
            metric.Add(output, target);
            Assert.Equal(6.5, metric.Value);
        }
    }

    [Fact]
    public void What_a_step_has_left_behind_is_refused_at_once()
    {
        var device = IlgpuTestDevice.Instance;
        Tensor spent, alive = Tensor.From([1, 2], device);
        using (Tape.Record())
        {
            spent = Tensor.From([3, 4], device) * 2;
        }

        var metric = new R2();
        Assert.Throws<LifetimeException>(() => metric.Add(spent.Unsqueeze(0), alive.Unsqueeze(0)));
        Assert.Throws<LifetimeException>(() => metric.Add(spent, alive));
        Assert.Throws<LifetimeException>(() => metric.Add(alive, spent));
        Assert.Equal([0], metric.State);
        metric.Add(alive.Unsqueeze(0), alive.Unsqueeze(0));
        Assert.Equal(7, metric.State.Length);
    }

    [Fact]
    public void A_target_that_is_refused_is_left_out()
    {
        var device = IlgpuTestDevice.Instance;
        var metric = new BinaryAccuracy(0.5f);
        foreach (float target in new[] { 1, 7, 1 })
        {
            metric.Add(Tensor.From([0.6f], device), Tensor.From([target], device));
        }

        Refusal.Of<TensorException>(() => metric.Value, "a target of 7");
        Assert.Equal([2, 0, 0, 0], metric.State);
    }

    private static void Compare<TTarget>(
        Func<Metric<Tensor, TTarget>[]> create, params Func<Device, (Tensor Output, TTarget Target)>[] batches)
    {
        var device = IlgpuTestDevice.Instance;
        Metric<Tensor, TTarget>[] expected = create(), metrics = create();
        for (int i = 0; i < metrics.Length; i++)
        {
            foreach (var batch in batches)
            {
                var (output, target) = batch(new CpuDevice());
                expected[i].Add(output, target);
                (output, target) = batch(device);
                int waits = device.Waits;
                metrics[i].Add(output, target);
                Assert.Equal(waits, device.Waits);
            }

            Assert.Equal(expected[i].Value, metrics[i].Value);
            Assert.Equal(expected[i].State, metrics[i].State);
        }
    }

    [Theory, InlineData(2), InlineData(7), InlineData(double.PositiveInfinity)]
    public void Gradients_are_clipped_as_on_the_reference_device(double p)
    {
        const float infinite = float.PositiveInfinity;
        foreach (var (bound, scale) in new[] { (1f, 1f), (100, 1), (1, 3e37f), (1e-20f, 3e37f), (1, float.NaN), (1, infinite) })
        {
            Assert.Equal(Clipped(Device.Reference), Clipped(IlgpuTestDevice.Instance), (a, b) => a.Equals(b) || Math.Abs(a / b - 1) < 1e-6);

            float[] Clipped(Device device)
            {
                Parameter first = new(Tensor.Zeros([2, 3], device)), second = new(Tensor.Zeros([], device));
                first.SetGradient(Tensor.From([3 * scale, 1, -2, 4, 5, -6], [2, 3], device));
                second.SetGradient(Tensor.FromScalar(-7, device));
                float norm = GradientClipping.ByNorm([first, second], bound, p).Item();
                return [norm, .. first.Gradient!.ToArray(), second.Gradient!.Item()];
            }
        }
    }

    /// <summary>How often each batch of a training has waited.</summary>
    private sealed class WaitCounter(IlgpuDevice device) : Callback
    {
        private int _before = device.Waits;

        public List<int> OfBatches { get; } = [];

        public override void OnBatchEnded(TrainingRun run)
        {
            OfBatches.Add(device.Waits - _before);
            _before = device.Waits;
        }
    }
}
