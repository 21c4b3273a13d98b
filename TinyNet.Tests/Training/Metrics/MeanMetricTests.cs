using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Losses and functions as metrics.</summary>
public class MeanMetricTests
{
    [Fact]
    public void A_function_that_gives_numbers_is_a_metric()
    {
        var bias = new MeanOf<Tensor, Tensor>("bias", (output, target) => output - target);
        bias.Add(Tensor.From([1, 2]), Tensor.From([0, 0]));
        bias.Add(Tensor.From([5, 6, 7, 8], [2, 2]), Tensor.From([5, 5, 5, 5], [2, 2]));
        bias.Add(Tensor.Zeros([0]), Tensor.Zeros([0]));
        Assert.Equal(("bias", 1.5), (bias.Name, bias.Value));
        Refusal.Of<ArgumentException>(() => new MeanOf<Tensor, Tensor>(" ", (output, target) => output), "name");
        Assert.Throws<ArgumentNullException>(() => new MeanOf<Tensor, Tensor>("x", null!));
    }

    [Fact]
    public void A_loss_is_followed_over_batches_of_any_sizes()
    {
        var random = new RandomStream(7);
        Tensor x = Tensor.Normal([10, 3], random), t = Tensor.Normal([10, 3], random);
        foreach (var reduction in new[] { Reduction.Mean, Reduction.BatchMean })
        {
            Loss<Tensor>[] losses = [new Huber(reduction: reduction), new MeanSquaredError(reduction)];
            foreach (var loss in losses)
            {
                var metric = new MeanLoss<Tensor>("other", loss);
                Assert.Equal(double.NaN, metric.Value);
                metric.Add(x[..1], t[..1]);
                metric.Add(x[..0], t[..0]);
                metric.Add(x[1..], t[1..]);
                Assert.Equal(loss.Forward(x, t).Item(), metric.Value, 1e-5);
                Assert.Equal("other", metric.Name);
            }
        }
    }

    [Fact]
    public void Of_classes_weights_and_what_is_ignored_count_as_in_the_loss()
    {
        var random = new RandomStream(8);
        var logits = Tensor.Normal([6, 3, 2], random);
        int[] labels = [0, 1, 9, 9, 2, 9, 2, 2, 9, 9, 0, 1];
        foreach (var reduction in new[] { Reduction.Mean, Reduction.BatchMean })
        {
            ClassLoss[] losses =
            [
                new CrossEntropy(ignoreIndex: 9, reduction: reduction),
                new CrossEntropy(0.1f, Tensor.From([1, 0.5f, 3]), 9, reduction),
                new NegativeLogLikelihood(Tensor.From([1, 0.5f, 3]), 9, reduction),
            ];
            foreach (var loss in losses)
            {
                // The second sample has no label that counts.
                var metric = new MeanLoss<IndexTensor>("other", loss);
                foreach (var (from, to) in new[] { (0, 1), (1, 2), (2, 6) })
                {
                    metric.Add(logits[from..to], IndexTensor.From(labels.AsSpan(2 * from, 2 * (to - from)), [to - from, 2]));
                }

                Assert.Equal(loss.Forward(logits, IndexTensor.From(labels, [6, 2])).Item(), metric.Value, 1e-5);
            }
        }
    }

    [Fact]
    public void A_loss_of_ones_own_counts_its_samples()
    {
        var metric = new MeanLoss<Tensor>("largest", new LargestError());
        metric.Add(Tensor.From([1, 5], [1, 2]), Tensor.Zeros([1, 2]));
        metric.Add(Tensor.From([1, 2, 2, 1, 0, 2], [3, 2]), Tensor.Zeros([3, 2]));
        Assert.Equal(11.0 / 4, metric.Value);
        foreach (var reduction in new[] { Reduction.Sum, Reduction.None })
        {
            Refusal.Of<ArgumentException>(() => new MeanLoss<Tensor>("x", new Huber(reduction: reduction)), "Huber", $"{reduction}");
        }

        Refusal.Of<ArgumentException>(() => new MeanLoss<Tensor>("", new Huber()), "name");
        Assert.Throws<ArgumentNullException>(() => new MeanLoss<Tensor>("x", null!));
    }

    [Fact]
    public void Perplexity_is_the_exponential_of_the_mean_cross_entropy()
    {
        var random = new RandomStream(9);
        float[] logits = [.. Enumerable.Range(0, 40).Select(_ => random.Normal(0, 2))];
        int[] labels = [0, 3, -1, 1, 2, 2, -1, 0, 3, 1];
        double sum = 0;
        for (int i = 0; i < 10; i++)
        {
            if (labels[i] >= 0)
            {
                sum += Math.Log(logits[(4 * i)..(4 * i + 4)].Sum(logit => Math.Exp(logit))) - logits[4 * i + labels[i]];
            }
        }

        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var metric = new Perplexity(ignoreIndex: -1);
            Assert.Equal(("perplexity", double.NaN), (metric.Name, metric.Value));
            metric.Add(Tensor.From(logits.AsSpan(0, 12), [3, 4], device), IndexTensor.From(labels.AsSpan(0, 3)));
            metric.Add(Tensor.Zeros([0, 4], device), IndexTensor.From([], [0]));
            metric.Add(Tensor.From(logits.AsSpan(12), [7, 4], device), IndexTensor.From(labels.AsSpan(3)));
            Assert.Equal(Math.Exp(sum / 8), metric.Value, 1e-5);
        }

        // [N, C, T], all classes as probable as each other.
        var even = new Perplexity();
        even.Add(Tensor.Ones([2, 5, 3]), IndexTensor.From([0, 1, 2, 3, 4, 0], [2, 3]));
        Assert.Equal(5, even.Value, 1e-5);
        Refusal.Of<TensorException>(() => even.Add(Tensor.Ones([1, 5]), IndexTensor.From(5)), "label 5");
    }

    [Fact]
    public void They_record_nothing_on_a_tape()
    {
        var records = new List<bool>();
        var loss = new LargestError(() => records.Add(Tape.IsRecordingNow));
        using var tape = Tape.Record();
        var output = new Parameter(Tensor.Ones([2, 3])) * 2f;
        new MeanLoss<Tensor>("largest", loss).Add(output, Tensor.Zeros([2, 3]));
        new MeanOf<Tensor, Tensor>("largest", loss.Forward).Add(output, Tensor.Zeros([2, 3]));
        Assert.Equal([false, false], records);
        Assert.True(Tape.IsRecordingNow);
    }

    private sealed class LargestError(Action? watch = null) : Loss<Tensor>
    {
        public override Tensor Forward(Tensor prediction, Tensor target)
        {
            watch?.Invoke();
            return Reduce((prediction - target).Abs().Max(-1));
        }
    }
}
