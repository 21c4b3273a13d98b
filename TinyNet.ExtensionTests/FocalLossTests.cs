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
        double expected = 0;
        for (int i = 0; i < 4; i++)
        {
            double sum = Enumerable.Range(0, 3).Sum(k => Math.Exp(_scores[i, k])), p = Math.Exp(_scores[i, Classes.ToArray()[i]]) / sum;
            expected -= Math.Pow(1 - p, gamma) * Math.Log(p) / 4;
        }

        Assert.Equal(expected, new FocalLoss(gamma).Forward(new Scored(_scores, Classes)).Item(), 1e-6);
    }

    [Fact]
    public void Its_gradients_are_right()
    {
        var loss = new FocalLoss();
        GradCheck.Verify(loss, x => loss.Forward(new Scored(x[0], Classes)), _scores);
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
            var value = loss.Forward(new Scored(scores, Classes));
            value.Backward();
            optimizer.Step();
            last = value.Item();
            first = step == 0 ? last : first;
        }

        Assert.True(last < first / 10, $"{first} became {last}");
    }
}
