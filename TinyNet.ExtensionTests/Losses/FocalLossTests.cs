using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>A loss that was written outside: its values, its gradients, and that a model learns by it.</summary>
public class FocalLossTests
{
    private static readonly IndexTensor Classes = IndexTensor.From(2, 0, 1, 1);

    private readonly Tensor _scores = Tensor.Normal([4, 3], new RandomStream(1));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(0.5f)]
    public void It_follows_its_definition(float gamma)
    {
        double[] expected = Defined(gamma);

        Assert.Equal(expected.Average(), new FocalLoss(gamma).Forward(_scores, Classes).Item(), 1e-6);
        float[] each = new FocalLoss(gamma, reduction: Reduction.None).Forward(_scores, Classes).ToArray();
        Assert.All(expected.Zip(each), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Class_weights_and_ignored_labels_come_with_the_base()
    {
        double[] each = Defined(gamma: 2), weights = [0.5, 2, 1];
        double expected = (each[0] * weights[2] + each[2] * weights[1] + each[3] * weights[1]) / (weights[2] + weights[1] + weights[1]);
        var loss = new FocalLoss(2, Tensor.From([0.5f, 2, 1]), ignoreIndex: 0);

        Assert.Equal(expected, loss.Forward(_scores, Classes).Item(), 1e-6);
    }

    [Fact]
    public void Its_gradients_are_right()
    {
        var loss = new FocalLoss();
        GradCheck.Verify(scores => loss.Forward(scores, Classes), _scores);
    }

    [Fact]
    public void A_model_learns_by_it()
    {
        var scores = new Parameter(_scores, "scores");
        var (loss, optimizer) = (new FocalLoss(), new Adam([scores], 0.1f));
        float first = 0, last = 0;
        for (int step = 0; step < 50; step++)
        {
            using var tape = Tape.Record();
            var value = loss.Forward(scores, Classes);
            value.Backward();
            optimizer.Step();
            last = value.Item();
            first = step == 0 ? last : first;
        }

        Assert.True(last < first / 10, $"{first} became {last}");
    }

    private double[] Defined(float gamma) =>
    [
        .. Enumerable.Range(0, 4).Select(i =>
        {
            double sum = Enumerable.Range(0, 3).Sum(k => Math.Exp(_scores[i, k])), p = Math.Exp(_scores[i, Classes.ToArray()[i]]) / sum;
            return -Math.Pow(1 - p, gamma) * Math.Log(p);
        }),
    ];
}
