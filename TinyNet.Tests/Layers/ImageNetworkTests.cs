using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// A convolutional network with pooling and normalization: the same bits for any number of threads, and what a step allocates.
/// </summary>
public class ImageNetworkTests
{
    [Fact]
    public void An_output_padding_that_is_too_large_is_refused_as_in_PyTorch()
    {
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new ConvTranspose2d(1, 1, 3, outputPadding: 1), "outputPadding", "stride 1", "dilation 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ConvTranspose2d(1, 1, 3, stride: (3, 2), outputPadding: 2), "stride 3 x 2");
        Assert.Equal(
            [1, 1, 9, 9],
            new ConvTranspose2d(1, 1, 3, dilation: 2, outputPadding: 1).Forward(Tensor.Ones([1, 1, 4, 4])).Shape.Sizes.ToArray());
        Assert.Equal(
            [1, 1, 10, 15],
            new ConvTranspose2d(1, 1, 3, stride: 2, outputPadding: (1, 2), dilation: (1, 3))
                .Forward(Tensor.Ones([1, 1, 4, 4])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void The_same_bits_come_out_for_any_number_of_threads()
    {
        foreach (int bits in TestDevices.Widths)
        {
            TrainingLoop.AssertSameBits(TestDevices.OfEachThreadCount(bits).Append(new CpuDevice(1, bits)).Select(Train));
        }
    }

    [Fact]
    public void A_steady_step_allocates_at_most_160_bytes_for_each_tensor()
    {
        var device = new CpuDevice(1);
        var (model, x, labels) = Network(device);
        var optimizer = new SGD(model.Parameters(), 0.01f, 0.9f);
        CrossEntropy crossEntropy = new();
        TrainingLoop.AssertSteady(device, optimizer, () => crossEntropy.Forward(model.Forward(x), labels));
    }

    private static Sequential Train(CpuDevice device)
    {
        var (model, x, labels) = Network(device);
        var optimizer = new SGD(model.Parameters(), 0.01f, 0.9f);
        TrainingLoop.Run(3, optimizer, () => new CrossEntropy().Forward(model.Forward(x), labels));
        return model;
    }

    private static (Sequential Model, Tensor X, IndexTensor Labels) Network(CpuDevice device)
    {
        var random = new RandomStream(1);
        var model = new Sequential(
            new Conv2d(3, 18, 3, padding: 1, random: random), new BatchNorm2d(18), new ReLU(), new MaxPool2d(2),
            new Conv2d(18, 20, 3, random: random), new GroupNorm(4, 20), new ReLU(), new MaxPool2d(3, stride: 2, padding: 1),
            new AvgPool2d(2, stride: 1, padding: 1), new InstanceNorm(20), new AdaptiveMaxPool2d((3, 2)), new AdaptiveAvgPool2d(2),
            new Flatten(), new Dense(80, 16, random: random), new BatchNorm1d(16), new Dense(16, 5, random: random));
        model.To(device);
        return (
            model, Tensor.Normal([7, 3, 14, 15], random, device: device), IndexTensor.From([.. Enumerable.Range(0, 7).Select(i => i % 5)]));
    }
}
