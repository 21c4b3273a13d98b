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
        var model = new Sequential(new Dense(20, 30, random: random), new ReLU(), new Dropout(kind.StartsWith("dropout", StringComparison.Ordinal) ? 0.2f : 0, random), new Dense(30, 30, random: random), new Tanh(), new Dense(30, 5, random: random));
        model.To(device);
        Optimizer optimizer = kind == "sgd" ? new Sgd(model.Parameters(), 0.01f, 0.9f, nesterov: true) : new Adam(model.Parameters());
        var (x, labels, targets) = (Tensor.Normal([16, 20], random, device: device), IndexTensor.From([.. Enumerable.Range(0, 16).Select(i => i % 5)]), Tensor.Normal([16, 5], random, device: device));
        CrossEntropy crossEntropy = new();
        MeanSquaredError squares = new();
        for (int i = 0; i < 100; i++)
        {
            Step();
        }

        const int Steps = 200;
        long tensors = Tensor.MadeOnThisThread, bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
        {
            Step();
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        tensors = Tensor.MadeOnThisThread - tensors;
        // One tape object a step comes on top.
        Assert.True(bytes <= 160 * tensors, $"{bytes / Steps} bytes for {tensors / (double)Steps} tensors a step: {bytes / (double)tensors} each");

        void Step()
        {
            using var tape = Tape.Record();
            var y = model.Forward(x);
            var loss = kind switch
            {
                "dropout and mean squared error" => squares.Forward(y, targets),
                "custom loop" => (y.Softmax().Log() * targets).Sum(1).Mean() + 0.01f * y.Slice(1, 0, 2).Transpose().Square().Max() - y.Reshape(80).Variance(),
                _ => crossEntropy.Forward(y, labels),
            };
            tape.Backward(loss);
            optimizer.Step();
        }
    }

    [Fact]
    public void No_buffer_is_outstanding_after_training_steps()
    {
        var device = new CpuDevice(2, null, alwaysSplit: true);
        Train(device, 5);
        Assert.Equal(0, device.Pool.Outstanding);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads()
    {
        string[] weights = [.. new[] { 1, 2, 3 }.Select(threads => Bits(Train(new CpuDevice(threads, null, alwaysSplit: true), 10))), Bits(Train(new CpuDevice(2), 10))];
        Assert.Single(weights.Distinct());
        Assert.DoesNotContain("NaN", weights[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_seed_gives_other_bits() =>
        Assert.NotEqual(Bits(Train(new CpuDevice(1), 2)), Bits(Train(new CpuDevice(1), 2, seed: 8)));

    [Fact]
    public void A_step_on_the_processor_agrees_with_the_reference_device()
    {
        float[] expected = Train(Device.Reference, 3), actual = Train(new CpuDevice(2), 3);
        Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void Training_makes_the_loss_small()
    {
        var random = new RandomStream(3);
        var model = new Sequential(new Dense(2, 16, random: random), new Tanh(), new Dense(16, 2, random: random));
        var optimizer = new Adam(model.Parameters(), 0.05f);
        var (x, labels) = (Tensor.From([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), IndexTensor.From(0, 1, 1, 0));
        float loss = 0;
        for (int i = 0; i < 200; i++)
        {
            using var tape = Tape.Record();
            var l = new CrossEntropy().Forward(model.Forward(x), labels);
            tape.Backward(l);
            optimizer.Step();
            loss = l.Item();
        }

        Assert.InRange(loss, 0, 0.05f);
    }

    private static float[] Train(Device device, int steps, ulong seed = 7)
    {
        var random = new RandomStream(seed);
        var model = new Sequential(
            new Dense(33, 47, random: random), new ReLU(), new Dropout(0.2f, random), new Dense(47, 21, random: random), new Sigmoid(), new Dense(21, 5, random: random));
        var x = Tensor.Normal([29, 33], random);
        var labels = IndexTensor.From([.. Enumerable.Range(0, 29).Select(i => i * 7 % 5)]);
        model.To(device);
        x = x.Keep(device);
        var optimizer = new Adam(model.Parameters(), 0.01f, weightDecay: 0.01f);
        for (int i = 0; i < steps; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(new CrossEntropy().Forward(model.Forward(x), labels));
            optimizer.Step();
        }

        return [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
    }

    private static string Bits(float[] weights) => string.Join(" ", weights.Select(weight => float.IsNaN(weight) ? "NaN" : $"{BitConverter.SingleToInt32Bits(weight):X8}"));
}
