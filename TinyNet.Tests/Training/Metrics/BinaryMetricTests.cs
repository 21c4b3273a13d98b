using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Scores of one number a sample against 0 and 1, at a threshold and over all of them.</summary>
public class BinaryMetricTests
{
    [Fact]
    public void Above_the_threshold_is_positive()
    {
        float[] scores = [0.5f, 0.6f, 0.4f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.9f];
        float[] targets = [1, 1, 0, 1, 0, 1, 1];
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            // True positives 2, false positives 1, false negatives 3, true negatives 1.
            AssertValue(3.0 / 7, new BinaryAccuracy(threshold: 0.5f), scores, targets, [7, 1], device);
            AssertValue(2.0 / 3, new BinaryPrecision(0.5f), scores, targets, [7], device);
            AssertValue(2.0 / 5, new BinaryRecall(0.5f), scores, targets, [1, 7], device);
            AssertValue(0.5, new BinaryF1(0.5f), scores, targets, [7], device);
        }

        var metric = new BinaryAccuracy(0);
        metric.Add(Tensor.From([0, -0f, 1e-30f]), Tensor.From([0, 0, 1]));
        Assert.Equal(1, metric.Value);
        Assert.Equal([1, 0, 0, 2], metric.State);
    }

    [Fact]
    public void Nothing_counted_is_nan_and_nothing_positive_0()
    {
        foreach (var metric in AtThreshold())
        {
            metric.Add(Tensor.Zeros([0, 1]), Tensor.Zeros([0, 1]));
            Assert.Equal(double.NaN, metric.Value);
            metric.Add(Tensor.Zeros([3]), Tensor.Zeros([3]));
            Assert.Equal(metric is BinaryAccuracy ? 1 : 0, metric.Value);
        }
    }

    [Fact]
    public void Areas_are_those_of_the_examples_of_scikit_learn()
    {
        AssertValue(0.75, new AUROC(), [0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1], [4], null);
        AssertValue((1 + 2.0 / 3) / 2, new AveragePrecision(), [0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1], [4], null);
    }

    [Fact]
    public void Areas_are_those_of_the_definitions()
    {
        var random = new RandomStream(5);
        float[] scores = new float[120], targets = new float[120];
        for (int i = 0; i < scores.Length; i++)
        {
            targets[i] = random.Next(3) == 0 ? 1 : 0;
            scores[i] = random.Next(10) switch
            {
                0 => float.PositiveInfinity,
                1 => float.NegativeInfinity,
                var other => (random.Next(12) + other * targets[i]) / 7,
            };
        }

        double[] positives = Of(1), negatives = Of(0);
        double pairs = positives.Sum(positive => negatives.Sum(negative => positive > negative ? 1 : positive == negative ? 0.5 : 0));
        double precision = 0, found = 0;
        foreach (double threshold in scores.Distinct().OrderDescending())
        {
            double right = positives.Count(score => score >= threshold);
            precision += (right - found) / positives.Length * right / (right + negatives.Count(score => score >= threshold));
            found = right;
        }

        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            AssertValue(pairs / positives.Length / negatives.Length, new AUROC(), scores, targets, [60, 2], device);
            AssertValue(precision, new AveragePrecision(), scores, targets, [120], device);
        }

        double[] Of(float target) => [.. scores.Where((_, i) => targets[i] == target).Select(score => (double)score)];
    }

    [Fact]
    public void Areas_without_one_of_both_kinds_or_with_nan_are_nan()
    {
        foreach (var metric in new RankingMetric[] { new AUROC(), new AveragePrecision() })
        {
            Assert.Equal(double.NaN, metric.Value);
            metric.Add(Tensor.From([1, 2]), Tensor.From([0, 0]));
            Assert.Equal(double.NaN, metric.Value);
            metric.Add(Tensor.From([3]), Tensor.From([1]));
            Assert.Equal(1, metric.Value);
            metric.Add(Tensor.From([float.NaN]), Tensor.From([1]));
            Assert.Equal(double.NaN, metric.Value);
        }

        AssertValue(double.NaN, new AUROC(), [1, 2], [1, 1], [2], null);
        AssertValue(1, new AveragePrecision(), [1, 2], [1, 1], [2], null);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_not_counted()
    {
        foreach (var metric in AtThreshold().Concat<Metric<Tensor, Tensor>>([new AUROC(), new AveragePrecision()]))
        {
            metric.Add(Tensor.From([1, 2]), Tensor.From([0, 1]));
            double[] state = metric.State;
            string name = metric.GetType().Name;
            Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 1]), Tensor.Zeros([2])), name, "[2, 1]", "[2]");
            Refusal.Of<TensorException>(() => metric.Add(Tensor.Zeros([2]), Tensor.From([0, 0.5f])), name, "0.5", "0 and 1");
            Refusal.Of<TensorException>(() => metric.Add(Tensor.Zeros([2]), Tensor.From([0, float.NaN])), name, "NaN");
            Assert.Throws<ArgumentNullException>(() => metric.Add(null!, Tensor.Zeros([2])));
            Assert.Throws<ArgumentNullException>(() => metric.Add(Tensor.Zeros([2]), null!));
            Assert.Equal(state, metric.State);
        }

        Refusal.Of<ArgumentOutOfRangeException>(() => new BinaryF1(float.NaN), "threshold");
    }

    private static BinaryMetric[] AtThreshold() =>
        [new BinaryAccuracy(0), new BinaryPrecision(0), new BinaryRecall(0), new BinaryF1(0)];

    private static void AssertValue(
        double expected, Metric<Tensor, Tensor> metric, float[] scores, float[] targets, int[] shape, Device? device)
    {
        metric.Add(Tensor.From(scores, Shape.Create(shape), device), Tensor.From(targets, Shape.Create(shape), device));
        Assert.Equal(expected, metric.Value, 1e-14);
    }
}
