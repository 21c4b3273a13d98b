using TinyNet.Bench;

namespace TinyNet.Tests.Bench.Devices;

public class ResultComparisonTests
{
    private static readonly Dictionary<string, string> Here = new()
    {
        ["processor"] = "one",
        ["threads"] = "2",
        ["seconds a number"] = "0.2",
        ["device cpu"] = "cpu (2 threads)",
    };

    [Theory]
    [InlineData(1.00, 0.02, 1.09, 0.03, true)]
    [InlineData(1.00, 0.02, 1.07, 0.03, false)]
    [InlineData(1.00, 0.02, 0.90, 0.03, false)]
    [InlineData(2.00, 0, 2.08, 0, true)]
    [InlineData(2.00, 0, 2.05, 0, false)]
    public void Slower_is_what_takes_more_by_more_than_both_spreads_and_a_margin(
        double old, double oldSpread, double @new, double newSpread, bool isSlower)
    {
        var comparison = Compare([Time("relu", old, oldSpread)], [Time("relu", @new, newSpread)]);

        var row = Assert.Single(comparison.Rows);
        Assert.Equal(@new / old, row.Ratio!.Value, 12);
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

    /// <summary>1 / 1.10 is more than the spreads of 5 % and the margin of 3 % below 1, 1 / 1.07 is not.</summary>
    [Theory]
    [InlineData(1.10, true)]
    [InlineData(1.07, false)]
    public void Faster_is_beyond_the_margin_too(double old, bool isFaster) =>
        Assert.Equal(isFaster, Assert.Single(Compare([Time("relu", old, 0.02)], [Time("relu", 1, 0.03)]).Rows).IsFaster);

    [Fact]
    public void What_was_0_has_no_ratio_and_is_slower_where_it_is_more()
    {
        var comparison = Compare(
            [Time("relu", 0, 0), Time("elu", 0, 0), Time("tanh", 2, 0)], [Time("relu", 3, 0), Time("elu", 0, 0), Time("tanh", 2, 0)]);

        Assert.Equal([null, 1.0, 1.0], comparison.Rows.Select(row => row.Ratio));
        Assert.Equal([true, false, false], comparison.Rows.Select(row => row.IsSlower));
        Assert.True(comparison.IsSlower);
        string[] sentences = [.. comparison.Sentences()];
        Assert.Equal("SLOWER: activations, relu, network, cpu, total: 3 ms after 0.", sentences[0]);
        Assert.Contains("the geometric mean of new / old is 1.000", sentences[1], StringComparison.Ordinal);
        Assert.DoesNotContain("∞", comparison.ToTable().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_0_now_is_faster_and_leaves_the_mean_a_number()
    {
        var comparison = Compare([Time("relu", 3, 0), Time("elu", 1, 0)], [Time("relu", 0, 0), Time("elu", 2, 0)]);

        Assert.Equal([true, false], comparison.Rows.Select(row => row.IsFaster));
        Assert.Contains("mean of new / old is 2.000", comparison.Sentences().Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_of_an_element_is_no_second_cost()
    {
        var time = new Result("scaling", "relu", "100", "cpu", "time", Result.Milliseconds, 1);
        Result[] results = [time, time with { Measure = "time an element", Unit = Result.NanosecondsAnElement, Value = 100 }];

        Assert.Equal("time", Assert.Single(Compare(results, results).Rows).New.Measure);
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

    [Theory]
    [InlineData("threads", "1")]
    [InlineData("seconds a number", "0.02")]
    [InlineData("device cpu", "cpu (1 thread)")]
    public void Other_settings_of_the_same_machine_are_told_and_are_no_reason_to_fail(string name, string value)
    {
        var settings = new Dictionary<string, string>(Here) { [name] = value };
        var comparison = new ResultComparison(new ResultFile(settings, [Time("relu", 1, 0)]), new ResultFile(Here, [Time("relu", 2, 0)]));

        Assert.True(comparison.IsSameMachine);
        Assert.False(comparison.IsSameSetting);
        Assert.False(comparison.IsSlower);
        string[] sentences = [.. comparison.Sentences()];
        Assert.StartsWith("The files were measured in different settings", sentences[0], StringComparison.Ordinal);
        Assert.Equal($"{name}: {value} in the old file, {Here[name]} in the new one.", sentences[1]);
    }

    /// <summary>Neither another version of the runtime nor a device that only one of the files has changes what a number is.</summary>
    [Theory]
    [InlineData("runtime")]
    [InlineData("device reference")]
    public void What_is_no_setting_of_both_does_not_keep_a_comparison_from_failing(string name)
    {
        var more = new Dictionary<string, string>(Here) { [name] = "another" };
        var comparison = new ResultComparison(new ResultFile(more, [Time("relu", 1, 0)]), new ResultFile(Here, [Time("relu", 2, 0)]));

        Assert.True(comparison.IsSlower);
    }

    [Fact]
    public void Files_with_nothing_in_common_say_so() =>
        Assert.Contains("no number in common", Assert.Single(Compare([], [Time("relu", 1, 0)]).Sentences()), StringComparison.Ordinal);

    private static ResultComparison Compare(Result[] old, Result[] @new) => new(new ResultFile(Here, old), new ResultFile(Here, @new));

    private static Result Time(string subject, double value, double spread) =>
        new("activations", subject, "network", "cpu", "total", Result.Milliseconds, value) { Spread = spread };
}
