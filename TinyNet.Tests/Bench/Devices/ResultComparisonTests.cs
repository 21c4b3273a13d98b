using TinyNet.Bench;

namespace TinyNet.Tests.Bench.Devices;

public class ResultComparisonTests
{
    private static readonly Dictionary<string, string> Here = new() { ["processor"] = "one", ["threads"] = "2" };

    [Theory]
    [InlineData(1.00, 0.02, 1.06, 0.03, true)]
    [InlineData(1.00, 0.02, 1.04, 0.03, false)]
    [InlineData(1.00, 0.02, 0.90, 0.03, false)]
    [InlineData(2.00, 0, 2.01, 0, true)]
    public void Slower_is_what_takes_more_by_more_than_both_spreads(
        double old, double oldSpread, double @new, double newSpread, bool isSlower)
    {
        var comparison = Compare([Time("relu", old, oldSpread)], [Time("relu", @new, newSpread)]);

        var row = Assert.Single(comparison.Rows);
        Assert.Equal(@new / old, row.Ratio, 12);
        Assert.Equal(isSlower, row.IsSlower);
        Assert.Equal(isSlower, comparison.IsSlower);
        Assert.Equal(isSlower, comparison.Sentences().Any(line => line.StartsWith("SLOWER: activations, relu", StringComparison.Ordinal)));
    }

    [Fact]
    public void Faster_is_the_same_the_other_way_round()
    {
        var comparison = Compare([Time("relu", 2, 0.1)], [Time("relu", 1, 0.1)]);

        Assert.True(Assert.Single(comparison.Rows).IsFaster);
        Assert.Contains("0 got slower and 1 faster", Assert.Single(comparison.Sentences()), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_times_and_bytes_that_both_have_are_compared()
    {
        var accuracy = new Result("training", "relu", "digits", "cpu", "test accuracy", Result.None, 0.9);
        var comparison = Compare(
            [Time("relu", 1, 0), Time("elu", 1, 0), accuracy], [Time("relu", 1, 0), accuracy with { Value = 0.95 }, Time("tanh", 1, 0)]);

        Assert.Equal("relu", Assert.Single(comparison.Rows).New.Subject);
        Assert.EndsWith("1 are only in the old file, 1 only in the new one.", comparison.Sentences().Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_machines_are_told_and_are_no_reason_to_fail()
    {
        var elsewhere = new Dictionary<string, string>(Here) { ["processor"] = "another" };
        var comparison = new ResultComparison(new ResultFile(elsewhere, [Time("relu", 1, 0)]), new ResultFile(Here, [Time("relu", 2, 0)]));

        Assert.False(comparison.IsSameMachine);
        Assert.False(comparison.IsSlower);
        Assert.StartsWith("The files were measured on different machines", comparison.Sentences().First(), StringComparison.Ordinal);
        Assert.Contains("processor: another in the old file, one in the new one.", comparison.Sentences());
    }

    [Fact]
    public void Other_settings_of_the_same_machine_are_told()
    {
        var settings = new Dictionary<string, string>(Here) { ["threads"] = "1" };
        var comparison = new ResultComparison(new ResultFile(settings, [Time("relu", 1, 0)]), new ResultFile(Here, [Time("relu", 1, 0)]));

        Assert.True(comparison.IsSameMachine);
        Assert.Equal("threads: 1 in the old file, 2 in the new one.", comparison.Sentences().First());
    }

    [Fact]
    public void Files_with_nothing_in_common_say_so() =>
        Assert.Contains("no number in common", Assert.Single(Compare([], [Time("relu", 1, 0)]).Sentences()), StringComparison.Ordinal);

    private static ResultComparison Compare(Result[] old, Result[] @new) => new(new ResultFile(Here, old), new ResultFile(Here, @new));

    private static Result Time(string subject, double value, double spread) =>
        new("activations", subject, "network", "cpu", "total", Result.Milliseconds, value) { Spread = spread };
}
