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
        int[] steps = [0, 0];
        var comparison = new SourceComparison(batch => steps[batch.Labels.Item()]++, new("first", first), new("second", second));
        comparison.Measure(seconds: 0.01);

        Assert.True(steps[0] >= 30, $"{steps[0]} steps");
        Assert.Equal(steps[0], steps[1]);
        string[] lines = comparison.Report().Trim().Split('\n');
        Assert.Matches(@"^first +\d+\.\d{3} ms a step\r?$", lines[0]);
        Assert.Matches(@"^second +\d+\.\d{3} ms a step  [+-]\d+\.\d %$", lines[1]);
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
