using System.Globalization;
using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Bench;

[Collection(GlobalState.Name)]
public class MonitorComparisonTests
{
    [Fact]
    public void All_ways_of_watching_are_reported_with_what_is_read_at_least()
    {
        var model = new Sequential(new Dense(3, 4), new Sigmoid());
        var input = Tensor.Ones([2, 3]);
        int steps = 0;
        var comparison = new MonitorComparison(new PreparedWork(
            _ =>
            {
                using var tape = Tape.Record();
                tape.Backward(model.Forward(input).Mean());
                steps++;
            },
            model.Parameters())
        {
            Model = model,
        });
        comparison.Measure(seconds: 0.01);
        string[] lines = comparison.Report().ReplaceLineEndings("\n").Trim().Split('\n');

        Assert.True(steps >= 5 * 3 * 11, $"{steps} steps");
        Assert.Equal(6, lines.Length);
        Assert.Matches(@"^off +\d+\.\d{3} ms a step  x 1\.000$", lines[0]);
        string[] names = ["off again", "attached, not looking", "every 10th step", "every step"];
        Assert.All(names, (name, i) => Assert.Matches($@"^ +{name} +\d+\.\d{{3}} ms a step  x \d+\.\d{{3}}$", lines[i + 1]));

        // 16 parameters and their gradients, the parameters once more as they were, and 2 x 4 outputs of two layers with their gradients.
        var read = Regex.Match(lines[5], @"^ +at least read .*: ([\d,]+) bytes");
        Assert.Equal(
            4 * (3 * 16 + 2 * 2 * 8), int.Parse(read.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
    }
}
