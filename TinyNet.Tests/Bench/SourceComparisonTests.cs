using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Bench;

public class SourceComparisonTests
{
    [Fact]
    public void Sources_take_turns_and_all_are_reported()
    {
        var (first, second) = (Endless(0), Endless(1));
        int[] steps = [0, 0, 0];
        void Step(ClassificationBatch batch)
        {
            steps[batch.Labels.Item()]++;
            // A step that the clock sees.
            Thread.SpinWait(100);
        }

        var comparison = new SourceComparison(Step, new("first", first), new("second", second), new("third", Endless(2), 1e9));
        comparison.Measure(seconds: 0.01);

        Assert.True(steps[0] >= 30, $"{steps[0]} steps");
        Assert.Equal(steps[0], steps[1]);
        string[] lines = comparison.Report().Trim().Split('\n');
        Assert.Matches(@"^first +\d+\.\d{3} ms a step\r?$", lines[0]);
        Assert.Matches(@"^second +\d+\.\d{3} ms a step  [+-]\d+\.\d %\r?$", lines[1]);
        Assert.True(comparison.IsWithinLimits);
    }

    [Fact]
    public void A_source_that_takes_more_than_it_may_is_told()
    {
        var comparison = new SourceComparison(_ => Thread.SpinWait(100), new("first", Endless(0)), new("second", Endless(1), -0.999));
        comparison.Measure(seconds: 0.01);

        Assert.False(comparison.IsWithinLimits);
        Assert.Matches(@"second .* % \(at most -100 %\)", comparison.Report());
    }

    private static IEnumerable<ClassificationBatch> Endless(int label)
    {
        var batch = new ClassificationBatch(Tensor.Ones([1]), IndexTensor.From(label));
        while (true)
        {
            yield return batch;
        }
    }
}
