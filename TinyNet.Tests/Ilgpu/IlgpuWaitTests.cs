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
        using var device = IlgpuDevices.OnProcessor();
        RandomStream.Reseed(5);
        var model = new Sequential(new Dense(4, 6), new BatchNorm1d(6, momentum: null), new Tanh(), new Dense(6, 2));
        model.To(device);
        var waits = new WaitCounter(device);
        var trainer = new Trainer(model, new SGD(model.Parameters(), learningRate: 0.1f), new CrossEntropy())
        {
            ClipNorm = 0.5f,
            Callbacks = { waits },
        };
        using var loader = new DataLoader(TinyRun.Data(6 * Batches), batchSize: 6, device: device);
        trainer.Fit(loader);

        // The first step asks how many batches there were before, too.
        Assert.Equal([.. Enumerable.Repeat(1, Batches - 1)], waits.OfBatches[1..]);
    }

    [Theory, InlineData(2), InlineData(7), InlineData(double.PositiveInfinity)]
    public void Gradients_are_clipped_as_on_the_reference_device(double p)
    {
        foreach (var (bound, scale) in new[] { (1f, 1f), (100, 1), (1, 3e37f), (1e-20f, 3e37f), (1, float.NaN), (1, float.PositiveInfinity) })
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
