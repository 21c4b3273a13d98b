using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>The confusion matrix and what follows from it.</summary>
public class ConfusionMatrixTests
{
    [Fact]
    public void Rows_are_labels_and_columns_predictions()
    {
        var matrix = Of([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], 3);
        Assert.Equal(new long[,] { { 2, 0, 0 }, { 0, 0, 1 }, { 1, 0, 2 } }, matrix.Counts);
        Assert.Equal([2, 0, 0, 0, 0, 1, 1, 0, 2], matrix.State);
        Assert.Equal((3, 6L, 1L, 4.0 / 6), (matrix.Classes, matrix.Total, matrix.Count(1, 2), matrix.Value));
        Assert.Equal("confusion_accuracy", matrix.Name);
        Refusal.Of<ArgumentOutOfRangeException>(() => matrix.Count(3, 0), "label");
        Refusal.Of<ArgumentOutOfRangeException>(() => matrix.Count(0, -1), "prediction");
    }

    [Fact]
    public void It_counts_pairs_on_every_device()
    {
        var samples = ClassSamples.Random(200, 5, seed: 3);
        long[,] expected = new long[5, 5];
        foreach (var (label, predicted) in samples.Pairs())
        {
            expected[label, predicted]++;
        }

        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            var matrix = new ConfusionMatrix(ClassSamples.Ignored);
            var (output, target) = samples.All(device);
            matrix.Add(output, target);
            Assert.Equal(expected, matrix.Counts);
        }
    }

    [Fact]
    public void Scores_over_all_classes_are_those_of_the_examples_of_scikit_learn()
    {
        Assert.Equal(0.625, Of([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], 2).BalancedAccuracy, 1e-15);
        Assert.Equal(-1.0 / 3, Of([1, 1, 1, 0], [1, 0, 1, 1], 2).MatthewsCorrelation, 1e-15);
        Assert.Equal(0.6875, Of([0, 1, 0, 2, 1], [0, 1, 0, 2, 0], 3).CohensKappa, 1e-15);
    }

    [Fact]
    public void Correlations_are_those_of_the_definitions()
    {
        var samples = ClassSamples.Random(300, 6, seed: 4);
        var pairs = samples.Pairs();
        var matrix = new ConfusionMatrix(ClassSamples.Ignored);
        var (output, target) = samples.All();
        matrix.Add(output, target);

        // Matthews' is the correlation of one-hot labels and predictions; kappa what is agreed upon beyond chance.
        double n = pairs.Length, both = 0, labels = 0, predictions = 0, chance = 0;
        for (int c = 0; c < 6; c++)
        {
            double label = pairs.Count(pair => pair.Label == c) / n, predicted = pairs.Count(pair => pair.Predicted == c) / n;
            both += pairs.Count(pair => pair == (c, c)) / n - label * predicted;
            labels += label - label * label;
            predictions += predicted - predicted * predicted;
            chance += label * predicted;
        }

        Assert.Equal(both / Math.Sqrt(labels * predictions), matrix.MatthewsCorrelation, 1e-12);
        Assert.Equal((matrix.Value - chance) / (1 - chance), matrix.CohensKappa, 1e-12);
        var recalls = pairs.GroupBy(pair => pair.Label).Select(group => group.Average(pair => pair.Predicted == group.Key ? 1.0 : 0));
        Assert.Equal(recalls.Average(), matrix.BalancedAccuracy, 1e-14);
    }

    [Fact]
    public void What_is_not_defined_is_nan_or_as_in_scikit_learn()
    {
        var empty = new ConfusionMatrix();
        Assert.All([empty.Value, empty.BalancedAccuracy, empty.MatthewsCorrelation, empty.CohensKappa, empty.F1(Averaging.Micro)],
            value => Assert.Equal(double.NaN, value));
        var always = Of([0, 1, 1], [1, 1, 1], 2);
        Assert.Equal(0, always.MatthewsCorrelation);
        Assert.Equal(0, always.CohensKappa, 1e-15);
        Assert.Equal(double.NaN, Of([1, 1], [1, 1], 2).CohensKappa);
    }

    [Fact]
    public void It_is_printed_as_a_table_and_a_report()
    {
        var matrix = new ConfusionMatrix(["cat", "dog"]);
        var (output, target) = ClassSamples.Of([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], 2).All();
        matrix.Add(output, target);
        Assert.Equal(
            """
            label \ predicted  cat  dog
            cat                  2    1
            dog                  0    2

                              precision    recall        f1   support
            cat                  1.0000    0.6667    0.8000         3
            dog                  0.6667    1.0000    0.8000         2
            accuracy                                 0.8000         5
            macro average        0.8333    0.8333    0.8000         5
            weighted average     0.8667    0.8000    0.8000         5

            """,
            matrix.ToString());
        Assert.Contains("NaN", new ConfusionMatrix().ToString(), StringComparison.Ordinal);
        string large = Of([24], [3], 25).ToString();
        Assert.DoesNotContain("predicted", large, StringComparison.Ordinal);
        Assert.Contains("24", large, StringComparison.Ordinal);
        string[] lines = Of([0, 1], [1, 1], 20).ToString().Split('\n');
        Assert.Single(lines[..21].Select(line => line.Length).Distinct());

        var named = new ConfusionMatrix(["a name that is longer than the titles", "b"]);
        named.Add(Tensor.Zeros([1, 2]), IndexTensor.From(0));
        lines = named.ToString().Split('\n');
        Assert.Single(lines[..3].Select(line => line.Length).Distinct());
        Assert.Single(lines[4..10].Select(line => line.Length).Distinct());
        Assert.EndsWith("  a name th…           b", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_classes_are_refused()
    {
        var matrix = new ConfusionMatrix(["cat", "dog"], ignoreIndex: 7);
        Assert.Equal([0, 0, 0, 0], matrix.State);
        Refusal.Of<ShapeException>(() => matrix.Add(Tensor.Zeros([1, 3]), IndexTensor.From(0)), "ConfusionMatrix", "[1, 3]", "2 classes");
        Refusal.Of<TensorException>(() => matrix.Add(Tensor.Zeros([1, 2]), IndexTensor.From(2)), "label 2", "7, which is ignored");
        matrix.Clear();
        Assert.Equal([0, 0, 0, 0], matrix.State);
        var unnamed = Of([0], [0], 3);
        Refusal.Of<ShapeException>(() => unnamed.Add(Tensor.Zeros([1, 2]), IndexTensor.From(0)), "3 classes", "Clear");
        unnamed.Clear();
        Assert.Equal(0, unnamed.Classes);
        unnamed.Add(Tensor.Zeros([1, 2]), IndexTensor.From(0));
        Assert.Equal(2, unnamed.Classes);
        Refusal.Of<ShapeException>(() => new ConfusionMatrix().Add(Tensor.Zeros([1, 9000]), IndexTensor.From(0)), "at most 8192");
        Refusal.Of<ArgumentException>(() => new ConfusionMatrix([]), "0 class names");
    }

    private static ConfusionMatrix Of(int[] labels, int[] predicted, int classes)
    {
        var matrix = new ConfusionMatrix();
        var (output, target) = ClassSamples.Of(labels, predicted, classes).All();
        matrix.Add(output, target);
        return matrix;
    }
}
