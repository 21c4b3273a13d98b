using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Accuracy, and comparisons of indices.</summary>
public class AccuracyTests
{
    [Fact]
    public void Accuracy_is_the_part_of_labels_with_the_largest_logits()
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var logits = Tensor.From([1, 5, 2, 3, 9, 8, 7, 6, 0, 1, 0, 2], [3, 4], device);
            Assert.Equal(2.0 / 3, logits.Accuracy(IndexTensor.From(1, 0, 2)));
            Assert.Equal(0, logits.Accuracy(IndexTensor.From(3, 1, 1)));
            Assert.Equal(1, logits.Accuracy(IndexTensor.From(3, 1, 1), top: 2));
            Assert.Equal(2.0 / 3, logits.Accuracy(IndexTensor.From(0, 2, 1), top: 3));
            Assert.Equal(1, logits.Accuracy(IndexTensor.From(0, 3, 0), top: 4));
            Assert.Equal(0.5, logits.Accuracy(IndexTensor.From(1, -100, 2), ignoreIndex: -100));
            Assert.Equal(double.NaN, logits.Accuracy(IndexTensor.From(7, 7, 7), ignoreIndex: 7));
        }
    }

    [Fact]
    public void Each_place_has_a_label_as_in_the_losses()
    {
        // Classes [1, 2] at two places: of the first sample 1 and 0, of the second 0 and 1.
        var logits = Tensor.From([0, 3, 1, 2, 5, 1, 4, 2], [2, 2, 2]);
        Assert.Equal(1, logits.Accuracy(IndexTensor.From([1, 0, 0, 1], [2, 2])));
        Assert.Equal(0.25, logits.Accuracy(IndexTensor.From([0, 1, 1, 1], [2, 2])));
        Assert.Equal(1, logits.Accuracy(IndexTensor.From([0, 1, 1, 1], [2, 2]), top: 2));
        Assert.Equal(double.NaN, Tensor.Zeros([0, 3]).Accuracy(IndexTensor.From([], [0])));
    }

    [Fact]
    public void Of_equal_logits_the_first_is_the_prediction()
    {
        var logits = Tensor.Zeros([2, 3]);
        Assert.Equal(0.5, logits.Accuracy(IndexTensor.From(0, 1)));
        Assert.Equal(1, logits.Accuracy(IndexTensor.From(0, 1), top: 2));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        var logits = Tensor.Zeros([2, 3]);
        Refusal.Of<ShapeException>(() => logits.Accuracy(IndexTensor.From(1, 2, 0)), "Accuracy", "[2, 3]", "[3]");
        Refusal.Of<ShapeException>(() => Tensor.Zeros([3]).Accuracy(IndexTensor.From(1)), "Accuracy");
        Refusal.Of<TensorException>(() => logits.Accuracy(IndexTensor.From(1, 3)), "label 3 with 3 to choose from");
        Refusal.Of<ArgumentOutOfRangeException>(() => logits.Accuracy(IndexTensor.From(1, 2), top: 4), "top");
        Refusal.Of<ArgumentOutOfRangeException>(() => logits.Accuracy(IndexTensor.From(1, 2), top: 0), "top");
        Assert.Throws<ArgumentNullException>(() => logits.Accuracy(null!));
    }

    [Fact]
    public void Indices_compare_element_by_element()
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            IndexTensor x = IndexTensor.From([1, 2, 3, int.MaxValue], [2, 2]), y = IndexTensor.From([1, 0, 3, int.MaxValue - 1], [2, 2]);
            AssertMask([1, 0, 1, 0], [2, 2], x.IsEqual(y, device));
            AssertMask([0, 1, 0, 1], [2, 2], x.IsNotEqual(y, device));
            AssertMask([0, 0, 1, 0], [2, 2], x.IsEqual(3, device));
            AssertMask([1, 1, 0, 1], [2, 2], x.IsNotEqual(3, device));
            AssertMask([1, 0, 0, 0], [2, 2], x.IsEqual(IndexTensor.From(1, 5), device));
            AssertMask([1, 0, 0, 1, 0, 0], [3, 2], IndexTensor.From(1, 2).IsEqual(IndexTensor.From([1, 2, 7], [3, 1]), device));
            AssertMask([], [0, 2], IndexTensor.From([], [0, 2]).IsEqual(IndexTensor.From(1, 2), device));
            AssertMask([1], [], IndexTensor.From([4], []).IsEqual(4, device));

            void AssertMask(float[] expected, int[] shape, Tensor mask)
            {
                Assert.Equal(device, mask.Device);
                Assert.Equal(shape, mask.Shape.Sizes.ToArray());
                Assert.Equal(expected, mask.ToArray());
            }
        }

        Refusal.Of<ShapeException>(() => IndexTensor.From(1, 2).IsEqual(IndexTensor.From(1, 2, 3)), "IsEqual", "do not broadcast");
        Assert.Throws<ArgumentNullException>(() => IndexTensor.From(1).IsEqual(null!));
        Assert.Equal(0.5f, IndexTensor.From(1, 2).IsEqual(IndexTensor.From(1, 3)).Mean().Item());
    }
}
