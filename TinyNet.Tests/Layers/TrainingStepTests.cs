using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Whole training steps: what they allocate, what they give back, and that their bits do not depend on threads.</summary>
public class TrainingStepTests
{
    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    [InlineData("dropout and mean squared error")]
    [InlineData("custom loop")]
    public void A_steady_step_allocates_at_most_160_bytes_for_each_tensor(string kind)
    {
        var device = new CpuDevice(1);
        var random = new RandomStream(1);
        var model = new Sequential(
            new Dense(20, 30, random: random),
            new ReLU(),
            new Dropout(kind.StartsWith("dropout", StringComparison.Ordinal) ? 0.2f : 0, random),
            new Dense(30, 30, random: random),
            new Tanh(),
            new Dense(30, 5, random: random));
        model.To(device);
        Optimizer optimizer = kind == "sgd" ? new SGD(model.Parameters(), 0.01f, 0.9f, nesterov: true) : new Adam(model.Parameters());
        var (x, labels, targets) = (
            Tensor.Normal([16, 20], random, device: device),
            IndexTensor.From([.. Enumerable.Range(0, 16).Select(i => i % 5)]),
            Tensor.Normal([16, 5], random, device: device));
        CrossEntropy crossEntropy = new();
        MeanSquaredError squares = new();
        TrainingLoop.AssertSteady(device, optimizer, () =>
        {
            var y = model.Forward(x);
            return kind switch
            {
                "dropout and mean squared error" => squares.Forward(y, targets),
                "custom loop" => (y.Softmax().Log() * targets).Sum(1).Mean() + 0.01f * y.Slice(1, 0, 2).Transpose().Square()
                    .Max() - y.Reshape(80).Variance(),
                _ => crossEntropy.Forward(y, labels),
            };
        });
    }

    [Fact]
    public void No_buffer_is_outstanding_after_training_steps()
    {
        var device = TestDevices.Splitting(2);
        Train(device, 5);
        Assert.Equal(0, device.Pool.Outstanding);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads()
    {
        var devices = TestDevices.OfEachThreadCount().Append(new CpuDevice(2));
        TrainingLoop.AssertSameBits(devices.Select(device => Train(device, 10)));
    }

    [Fact]
    public void Another_seed_gives_other_bits() =>
        Assert.NotEqual(TrainingLoop.Bits(Train(new CpuDevice(1), 2)), TrainingLoop.Bits(Train(new CpuDevice(1), 2, seed: 8)));

    [Fact]
    public void A_step_on_the_processor_agrees_with_the_reference_device()
    {
        Module expected = Train(Device.Reference, 3), actual = Train(new CpuDevice(2), 3);
        foreach (var (a, b) in actual.Parameters().Zip(expected.Parameters()))
        {
            Assert.All(a.ToArray().Zip(b.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }

    [Fact]
    public void Training_makes_the_loss_small()
    {
        var random = new RandomStream(3);
        var model = new Sequential(new Dense(2, 16, random: random), new Tanh(), new Dense(16, 2, random: random));
        var optimizer = new Adam(model.Parameters(), 0.05f);
        var (x, labels) = (Tensor.From([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), IndexTensor.From(0, 1, 1, 0));
        TrainingLoop.Run(200, optimizer, () => new CrossEntropy().Forward(model.Forward(x), labels));
        Assert.InRange(new CrossEntropy().Forward(model.Forward(x), labels).Item(), 0, 0.05f);
    }

    private static Sequential Train(Device device, int steps, ulong seed = 7)
    {
        var random = new RandomStream(seed);
        var model = new Sequential(
            new Dense(33, 47, random: random), new ReLU(), new Dropout(0.2f, random), new Dense(47, 21, random: random), new Sigmoid(),
            new Dense(21, 5, random: random));
        var x = Tensor.Normal([29, 33], random);
        var labels = IndexTensor.From([.. Enumerable.Range(0, 29).Select(i => i * 7 % 5)]);
        model.To(device);
        x = x.Keep(device);
        var optimizer = new Adam(model.Parameters(), 0.01f, weightDecay: 0.01f);
        TrainingLoop.Run(steps, optimizer, () => new CrossEntropy().Forward(model.Forward(x), labels));
        return model;
    }
}
