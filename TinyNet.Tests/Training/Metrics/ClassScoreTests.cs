using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Precision, recall and F1 of classes, and the confusion matrix, which has them too.</summary>
public class ClassScoreTests
{
    private static readonly Averaging[] Averagings = [Averaging.Macro, Averaging.Micro, Averaging.Weighted];

    [Fact]
    public void They_are_those_of_the_examples_of_scikit_learn()
    {
        var samples = ClassSamples.Of([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], 3);
        AssertValue(2.0 / 9, new Precision(), samples);
        AssertValue(1.0 / 3, new Precision(Averaging.Micro), samples);
        AssertValue(2.0 / 9, new Precision(Averaging.Weighted), samples);
        AssertValue(1.0 / 3, new Recall(), samples);
        AssertValue(1.0 / 3, new Recall(Averaging.Micro), samples);
        AssertValue(0.8 / 3, new F1(), samples);
        AssertValue(1.0 / 3, new F1(Averaging.Micro), samples);
        AssertValue(0.8 / 3, new F1(Averaging.Weighted), samples);
        AssertValue(0.8, new F1(ofClass: 0), samples);
        AssertValue(2.0 / 3, new Precision(0), samples);
        AssertValue(1, new Recall(0), samples);
        AssertValue(0, new F1(1), samples);
    }

    [Fact]
    public void They_are_those_of_the_definitions()
    {
        var samples = ClassSamples.Random(300, 7, seed: 2);
        var pairs = samples.Pairs();
        var matrix = Filled(new ConfusionMatrix(ClassSamples.Ignored), samples);
        foreach (var averaging in Averagings)
        {
            double precision = Expected(pairs, 7, averaging, (right, support, predicted) => Ratio(right, predicted));
            double recall = Expected(pairs, 7, averaging, (right, support, predicted) => Ratio(right, support));
            double f1 = Expected(pairs, 7, averaging, (right, support, predicted) =>
                Ratio(2 * Ratio(right, predicted) * Ratio(right, support), Ratio(right, predicted) + Ratio(right, support)));
            AssertValue(precision, new Precision(averaging, ClassSamples.Ignored), samples);
            AssertValue(recall, new Recall(averaging, ClassSamples.Ignored), samples);
            AssertValue(f1, new F1(averaging, ClassSamples.Ignored), samples);
            Assert.Equal(precision, matrix.Precision(averaging), 1e-14);
            Assert.Equal(recall, matrix.Recall(averaging), 1e-14);
            Assert.Equal(f1, matrix.F1(averaging), 1e-14);
        }

        for (int c = 0; c < 7; c++)
        {
            AssertValue(matrix.Scores[c].Precision, new Precision(c, ClassSamples.Ignored), samples);
            AssertValue(matrix.Scores[c].Recall, new Recall(c, ClassSamples.Ignored), samples);
            AssertValue(matrix.Scores[c].F1, new F1(c, ClassSamples.Ignored), samples);
            Assert.Equal(pairs.Count(pair => pair.Label == c), matrix.Scores[c].Support);
        }

        // The last class was never seen: 0, and no part of a mean.
        Assert.Equal(new ClassScores(0, 0, 0), matrix.Scores[6]);
        Assert.Equal(0, matrix.Scores[6].F1);
    }

    [Fact]
    public void Nothing_counted_is_nan_and_a_class_without_samples_0()
    {
        foreach (var averaging in Averagings)
        {
            Assert.All(Metrics(averaging), metric => Assert.Equal(double.NaN, metric.Value));
            Assert.All(Metrics(averaging), metric =>
            {
                metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(9, 9));
                metric.Add(Tensor.Zeros([0, 3]), IndexTensor.From([], [0]));
                Assert.Equal(double.NaN, metric.Value);
            });
        }

        Assert.All([.. Metrics(Averaging.Macro)[3..]], metric =>
        {
            metric.Add(Tensor.From([1, 0, 0], [1, 3]), IndexTensor.From(1));
            Assert.Equal(0, metric.Value);
        });
    }

    [Fact]
    public void Names_tell_them_apart()
    {
        Assert.Equal("macro_f1", new F1().Name);
        Assert.Equal("micro_precision", new Precision(Averaging.Micro).Name);
        Assert.Equal("weighted_recall", new Recall(Averaging.Weighted).Name);
        Assert.Equal("recall_of_class_0", new Recall(0).Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_not_counted()
    {
        var metric = new F1(2);
        metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, 1));
        double[] state = metric.State;
        Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 4]), IndexTensor.From(0, 1)), "F1", "[2, 4]", "3 classes");
        Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 2]), IndexTensor.From(0, 1)), "F1", "class 2", "[2, 2]");
        Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0)), "F1");
        Refusal.Of<TensorException>(() => metric.Add(Tensor.Zeros([2, 3]), IndexTensor.From(0, 3)), "F1", "label 3");
        Assert.Equal(state, metric.State);
        metric.Clear();
        metric.Add(Tensor.Zeros([2, 4]), IndexTensor.From(0, 1));
        Assert.Equal(12, metric.State.Length);
        Refusal.Of<ArgumentOutOfRangeException>(() => new F1(-1), "ofClass");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Recall((Averaging)3), "averaging", "Macro");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ConfusionMatrix().F1((Averaging)3), "averaging", "Macro");
    }

    private static ClassScoreMetric[] Metrics(Averaging averaging) =>
    [
        new Precision(averaging, ignoreIndex: 9), new Recall(averaging, ignoreIndex: 9), new F1(averaging, ignoreIndex: 9),
        new Precision(2, ignoreIndex: 9), new Recall(2, ignoreIndex: 9), new F1(2, ignoreIndex: 9),
    ];

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static double Expected(
        (int Label, int Predicted)[] pairs, int classes, Averaging averaging, Func<double, double, double, double> score)
    {
        var counts = Enumerable.Range(0, classes)
            .Select(c => (
                Right: (double)pairs.Count(pair => pair == (c, c)), Support: (double)pairs.Count(pair => pair.Label == c),
                Predicted: (double)pairs.Count(pair => pair.Predicted == c)))
            .Where(count => count.Support + count.Predicted > 0)
            .ToArray();
        return averaging switch
        {
            Averaging.Macro => counts.Average(count => score(count.Right, count.Support, count.Predicted)),
            Averaging.Micro => score(
                counts.Sum(count => count.Right), counts.Sum(count => count.Support), counts.Sum(count => count.Predicted)),
            _ => counts.Sum(count => count.Support * score(count.Right, count.Support, count.Predicted)) / pairs.Length,
        };
    }

    private static T Filled<T>(T metric, ClassSamples samples) where T : Metric<Tensor, IndexTensor>
    {
        var (output, target) = samples.All();
        metric.Add(output, target);
        return metric;
    }

    private static void AssertValue(double expected, Metric<Tensor, IndexTensor> metric, ClassSamples samples) =>
        Assert.Equal(expected, Filled(metric, samples).Value, 1e-14);
}
