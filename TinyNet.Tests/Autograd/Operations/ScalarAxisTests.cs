using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>A scalar counts as one element along axis 0, which is also −1: wherever an operation takes an axis, as in PyTorch.</summary>
public class ScalarAxisTests
{
    private static readonly IndexTensor First = IndexTensor.From([0], []);

    private static readonly Dictionary<string, (Func<Tensor, int, Tensor> Run, float Expected)> Operations = new()
    {
        ["Sum"] = ((x, axis) => x.Sum(axis), 5),
        ["Sum, keeping axes"] = ((x, axis) => x.Sum(axis, keepDims: true), 5),
        ["Mean"] = ((x, axis) => x.Mean(axis), 5),
        ["Product"] = ((x, axis) => x.Product(axis), 5),
        ["Min"] = ((x, axis) => x.Min(axis), 5),
        ["Max"] = ((x, axis) => x.Max(axis), 5),
        ["Norm"] = ((x, axis) => x.Norm(2, axis), 5),
        ["LogSumExp"] = ((x, axis) => x.LogSumExp(axis), 5),
        ["Variance"] = ((x, axis) => x.Variance(axis, unbiased: false), 0),
        ["StandardDeviation"] = ((x, axis) => x.StandardDeviation(axis, unbiased: false), 0),
        ["MaxWithIndices"] = ((x, axis) => x.MaxWithIndices(axis).Values, 5),
        ["Sort"] = ((x, axis) => x.Sort(axis).Values, 5),
        ["TopK"] = ((x, axis) => x.TopK(1, axis).Values, 5),
        ["CumulativeSum"] = ((x, axis) => x.CumulativeSum(axis), 5),
        ["Softmax"] = ((x, axis) => x.Softmax(axis), 1),
        ["LogSoftmax"] = ((x, axis) => x.LogSoftmax(axis), 0),
        ["Flip"] = ((x, axis) => x.Flip(axis), 5),
        ["Roll"] = ((x, axis) => x.Roll(3, axis), 5),
        ["Chunk"] = ((x, axis) => Assert.Single(x.Chunk(3, axis)), 5),
        ["Split"] = ((x, axis) => Assert.Single(x.Split(2, axis)), 5),
        ["Split by sizes"] = ((x, axis) => Assert.Single(x.Split([1], axis)), 5),
        ["IndexSelect"] = ((x, axis) => x.IndexSelect(axis, IndexTensor.From(0)), 5),
        ["Gather"] = ((x, axis) => x.Gather(axis, First), 5),
        ["ScatterAdd"] = ((x, axis) => x.ScatterAdd(axis, First, Tensor.FromScalar(2, x.Device)), 7),
        ["Squeeze"] = ((x, axis) => x.Squeeze(axis), 5),
        ["Transpose"] = ((x, axis) => x.Transpose(axis, axis), 5),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_scalar_has_axis_0_and_no_other(string name)
    {
        var (run, expected) = Operations[name];
        foreach (Device device in new Device[] { Device.Cpu, Device.Reference })
        {
            foreach (int axis in new[] { 0, -1 })
            {
                var x = new Parameter(Tensor.FromScalar(5, device));
                using var tape = Tape.Record();
                var y = run(x, axis);
                Assert.Equal((0, expected), (y.Rank, y.Item()));
                tape.Backward(y);
                Assert.Equal(expected == 5 || expected == 7 ? 1 : 0, x.Gradient!.Item());
            }

            foreach (int axis in new[] { 1, -2 })
            {
                Refusal.Of<ShapeException>(() => run(Tensor.FromScalar(5, device), axis), $"axis {axis} of shape []");
            }
        }
    }

    [Fact]
    public void A_scalar_splits_into_itself_and_nothing_and_gives_one_element()
    {
        var x = Tensor.FromScalar(5);
        Assert.Equal([new Shape(0), new Shape()], x.Split([0, 1]).Select(piece => piece.Shape));
        Refusal.Of<ShapeException>(() => x.Split([2]), "[2]", "[]");
        Refusal.Of<ShapeException>(() => x.IndexSelect(0, IndexTensor.From(0, 0)), "[2]", "[]", "one index");
        Refusal.Of<TensorException>(() => x.IndexSelect(0, IndexTensor.From(1)), "1");
    }
}
