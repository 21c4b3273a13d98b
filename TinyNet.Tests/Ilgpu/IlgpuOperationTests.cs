using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Ilgpu;

/// <summary>
/// Operations with kernels of their own on the GPU give what the reference device gives, forward and back, on odd sizes, strided operands
/// and extreme magnitudes.
/// </summary>
public class IlgpuOperationTests
{
    private static readonly Dictionary<string, (Shape Shape, Func<Tensor, Tensor> Run)> Operations = new()
    {
        ["softmax"] = ([3, 37], x => x.Softmax()),
        ["softmax along another axis"] = ([3, 5, 2], x => x.Softmax(1)),
        ["log-softmax"] = ([4, 7], x => x.LogSoftmax()),
        ["cross-entropy"] = ([5, 11], x => x.CrossEntropy(IndexTensor.From(3, 0, 10, 3, 7))),
        ["layer norm"] = ([6, 35], x => x.LayerNorm([35])),
        ["RMS norm"] = ([2, 3, 7], x => x.RmsNorm([3, 7])),
        ["batch norm"] = ([5, 3, 2, 4], x => x.BatchNorm(null, null)),
        ["group norm"] = ([3, 4, 3, 3], x => x.GroupNorm(2)),
        ["instance norm"] = ([3, 4, 3, 3], x => x.InstanceNorm()),
        ["maximum pooling"] = ([2, 3, 7, 6], x => new MaxPool2d(3, 2, 1).Forward(x)),
        ["average pooling"] = ([2, 3, 7, 6], x => new AvgPool2d(3, 2, 1).Forward(x)),
        ["even average pooling"] = ([2, 3, 7, 6], x => new AdaptiveAvgPool2d(new Extent(3, 4)).Forward(x)),
        ["resizing"] = ([2, 2, 3, 4], x => new Upsample(new Extent(5, 7), Interpolation.Linear).Forward(x)),
        ["cumulative sum"] = ([3, 9, 2], x => x.CumulativeSum(1)),
        ["picked rows"] = ([6, 5], x => x.IndexSelect(0, IndexTensor.From(5, 0, 5, 2, 2, 2))),
        ["log-sum-exp"] = ([4, 6], x => x.LogSumExp(1)),
        ["standard deviation"] = ([7, 40], x => x.StandardDeviation(1)),
        ["product"] = ([4, 5], x => x.Product(1)),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory, MemberData(nameof(Names))]
    public void It_agrees_with_the_reference(string name)
    {
        foreach (bool isStrided in new[] { false, true })
        {
            foreach (float center in new[] { 0, 1e4f })
            {
                float[][] expected = Run(name, isStrided, center, Device.Reference);
                float[][] actual = Run(name, isStrided, center, IlgpuTestDevice.Instance);
                for (int i = 0; i < expected.Length; i++)
                {
                    float tolerance = 2e-5f * (1 + expected[i].Max(Math.Abs));
                    Assert.Equal(expected[i].Length, actual[i].Length);
                    for (int k = 0; k < expected[i].Length; k++)
                    {
                        Assert.True(
                            Math.Abs(expected[i][k] - actual[i][k]) <= tolerance,
                            $"strided {isStrided}, center {center}, result {i}, element {k}: {expected[i][k]} and {actual[i][k]}");
                    }
                }
            }
        }
    }

    private static float[][] Run(string name, bool isStrided, float center, Device device)
    {
        var random = new RandomStream(3);
        var (shape, run) = Operations[name];
        var given = isStrided ? shape.With(-1, shape[-2]).With(-2, shape[-1]) : shape;
        var x = new Parameter(Tensor.Normal(given, random, center, device: Device.Cpu).Keep(device), "x");
        using var tape = Tape.Record();
        var y = run(isStrided ? x.Transpose() : x);
        tape.Backward(y, Tensor.Normal(y.Shape, random, device: Device.Cpu).Keep(device));
        return [y.ToArray(), x.Gradient!.ToArray()];
    }
}
