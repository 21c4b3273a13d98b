using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Accuracy over many batches.</summary>
public class AccuracyMetricTests
{
    [Fact]
    public void It_is_the_part_of_labels_among_the_classes_with_the_largest_logits()
    {
        var samples = ClassSamples.Random(200, 6, seed: 1);
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            for (int top = 1; top <= 6; top++)
            {
                var metric = new Accuracy(top, ClassSamples.Ignored);
                var (output, target) = samples.All(device);
                metric.Add(output, target);
                int[] counted = [.. Enumerable.Range(0, 200).Where(i => samples.Labels[i] != ClassSamples.Ignored)];
                double right = counted.Count(i => samples.Ranking(i).AsSpan(0, top).Contains(samples.Labels[i]));
                Assert.Equal(right / counted.Length, metric.Value);
                Assert.Equal(output.Accuracy(target, top, ClassSamples.Ignored), metric.Value);
                Assert.Equal([right, counted.Length], metric.State);
            }
        }
    }

    [Fact]
    public void It_is_that_of_all_samples_and_not_the_mean_of_the_batches()
    {
        var metric = new Accuracy();
        metric.Add(Tensor.From([1, 0], [1, 2]), IndexTensor.From(0));
        metric.Add(Tensor.From([1, 0, 1, 0, 1, 0], [3, 2]), IndexTensor.From(1, 1, 1));
        Assert.Equal(0.25, metric.Value);
    }

    [Fact]
    public void Each_place_of_an_image_has_a_label()
    {
        // Classes [1, 2, 2] of one image: 1 0 / 0 1.
        var metric = new Accuracy();
        metric.Add(Tensor.From([0, 3, 1, 2, 5, 1, 0, 4], [1, 2, 2, 2]), IndexTensor.From([1, 0, 0, 0], [1, 2, 2]));
        Assert.Equal(0.75, metric.Value);
        Assert.Equal([3, 4], metric.State);
    }

    [Fact]
    public void Names_tell_them_apart()
    {
        Assert.Equal("accuracy", new Accuracy().Name);
        Assert.Equal("top_5_accuracy", new Accuracy(top: 5).Name);
        Assert.Equal("accuracy NaN", new Accuracy().ToString());
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_not_counted()
    {
        var metric = new Accuracy();
        metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, 1));
        Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0)), "Accuracy", "[2, 3]", "[1]");
        Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([3]), IndexTensor.From(0)), "Accuracy");
        Refusal.Of<TensorException>(() => metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, 3)), "Accuracy", "label 3 with 3");
        Refusal.Of<TensorException>(() => metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, -100)), "label -100");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new Accuracy(top: 4).Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, 1)), "top", "[1, 3]");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Accuracy(top: 0), "top");
        Assert.Throws<ArgumentNullException>(() => metric.Add(Tensor.Zeros([2, 3]), null!));
        Assert.Equal([1, 2], metric.State);
    }
}
