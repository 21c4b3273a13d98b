using TinyNet.Bench;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Bench;

/// <summary>The comparison with peers, without running one.</summary>
public class RatioTests
{
    [Fact]
    public void A_line_of_either_side_is_read()
    {
        Assert.Equal(
            new Timing("gemm/64", Minimum: 0.5, Median: 0.75, PeakMegabytes: 3.5, AllocatedBytes: 96),
            Timing.Parse(
                """{"workload": "gemm/64", "ms": 0.75, "min_ms": 0.5, "runs": 9, "peak_mb": 3.5, "allocated_bytes": 96, "tensors": 1}"""));
        Assert.Equal(
            new Timing("infer/mlp/b1", Minimum: 1, Median: 2, PeakMegabytes: null, AllocatedBytes: null),
            Timing.Parse("""{"workload":"infer/mlp/b1","ms":2,"min_ms":1,"runs":5}"""));
    }

    [Fact]
    public void What_TinyNet_writes_is_read()
    {
        var measurement = new Measurement("gemm/64", Median: 2, Minimum: 1, Runs: 5, PeakMegabytes: 3, AllocatedBytes: 4, Tensors: 5);

        Assert.Equal(new Timing("gemm/64", Minimum: 1, Median: 2, PeakMegabytes: 3, AllocatedBytes: 4), Timing.Parse(measurement.ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Warning: a library has something to say")]
    public void Other_lines_are_passed_over(string line) => Assert.Null(Timing.Parse(line));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"workload": "gemm/64"}""")]
    [InlineData("""{"workload": "gemm/64", "ms": "fast", "min_ms": 1}""")]
    [InlineData("""{"ms": 1, "min_ms": 1}""")]
    public void A_broken_measurement_is_refused(string line) => Assert.Throws<FormatException>(() => Timing.Parse(line));

    [Fact]
    public void Each_side_counts_with_its_better_number_of_threads()
    {
        var comparison = new RatioComparison();
        comparison.AddPeer([Line("gemm/64", minimum: 6, median: 9, megabytes: 50)]);
        comparison.AddTinyNet([Line("gemm/64", minimum: 2, median: 3, megabytes: 7, bytes: 100)]);
        comparison.AddPeer([Line("gemm/64", minimum: 4, median: 12, megabytes: 60)]);
        comparison.AddTinyNet([Line("gemm/64", minimum: 3, median: 4, megabytes: 5, bytes: 120)]);

        var row = Assert.Single(comparison.Ratios);

        Assert.Equal(new Timing("gemm/64", Minimum: 4, Median: 9, PeakMegabytes: 50, AllocatedBytes: null), row.Peer);
        Assert.Equal(new Timing("gemm/64", Minimum: 2, Median: 3, PeakMegabytes: 5, AllocatedBytes: 120), row.TinyNet);
        Assert.Equal(2, row.Ratio);
        Assert.Equal(3, row.RatioOfMedians);
    }

    [Fact]
    public void What_one_side_lacks_is_listed_and_not_compared()
    {
        var comparison = Compare(("a", 1, 1));
        comparison.AddPeer([Line("only/peer")]);
        comparison.AddTinyNet([Line("only/tinynet")]);

        Assert.Equal(["only/peer"], comparison.MissingInTinyNet);
        Assert.Equal(["only/tinynet"], comparison.MissingInPeer);
        Assert.Equal("a", Assert.Single(comparison.Ratios).Workload);
        Assert.Equal("Missing in TinyNet: only/peer.\nMissing in the peer: only/tinynet.\n", RatioReport.Missing(comparison));
    }

    [Fact]
    public void The_worst_ratio_decides_about_the_goal()
    {
        var comparison = Compare(("a", 8, 1), ("b", 1, 2), ("c", 2, 1));

        Assert.Equal("b", comparison.Worst!.Workload);
        Assert.Equal(2, comparison.GeometricMean, 12);
        Assert.True(comparison.Reaches(0.5));
        Assert.False(comparison.Reaches(0.51));
        Assert.Contains("Worst 0.50 (b), geometric mean 2.00 of 3.", RatioReport.Table(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_compare_reaches_no_goal()
    {
        var comparison = new RatioComparison();
        comparison.AddPeer([Line("a")]);

        Assert.False(comparison.Reaches(0.01));
        Assert.Contains("Nothing to compare.", RatioReport.Table(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_of_the_README_have_a_row_a_workload_and_a_row_an_activation()
    {
        var comparison = Compare(
            ("gemm/64", 0.012344, 0.0061), ("act/gelu/fwd", 3, 2), ("act/gelu/fwdbwd", 5, 2), ("gemm/2048", 1490.4, 120.4));

        Assert.Equal("""
            | workload | peer ms | TinyNet ms | ratio |
            |---|---|---|---|
            | 64 x 64 matrix product | 0.0123 | 0.0061 | 2.02 |
            | 2048 x 2048 matrix product | 1490 | 120 | 12.38 |

            The same ratio for activations (relu and leaky_relu only move memory, on both sides):

            | activation of 1000 x 1000 | forward | forward and backward |
            |---|---|---|
            | gelu | 1.50 | 2.50 |

            Worst 1.50 (act/gelu/fwd), geometric mean 3.11 of 4.

            """.ReplaceLineEndings("\n"), RatioReport.Markdown(comparison));
    }

    [Fact]
    public void Tables_are_written_between_the_marks_and_nothing_else_changes()
    {
        string text = $"before\n\n{RatioReport.RegionStart}\n\nold\n\n{RatioReport.RegionEnd}\n\nafter\n";

        string written = RatioReport.Replace(text, "new\n");

        Assert.Equal($"before\n\n{RatioReport.RegionStart}\n\nnew\n\n{RatioReport.RegionEnd}\n\nafter\n", written);
        Assert.Equal(written, RatioReport.Replace(written, "new\n"));
    }

    [Theory]
    [InlineData("no marks at all\n")]
    [InlineData(RatioReport.RegionStart + "\nwithout an end\n")]
    [InlineData("\n" + RatioReport.RegionEnd + "\n" + RatioReport.RegionStart + "\nthe wrong way round\n")]
    public void Tables_are_not_written_where_the_marks_are_wrong(string text) =>
        Assert.Throws<FormatException>(() => RatioReport.Replace(text, "new"));

    [Fact]
    public void What_the_README_shows_is_of_the_commands_making()
    {
        string readme = Repository.Read("README.md");
        var shown = readme.Split('\n').SkipWhile(line => line != RatioReport.RegionStart)
            .TakeWhile(line => line != RatioReport.RegionEnd).Skip(1);
        var comparison = Compare([.. Workload.All.Select(workload => (workload.Name, 1.0, 1.0))]);

        // The figures are measured; all the words are the command's. A workload comes in when it has been measured.
        static string Words(string line) => line.StartsWith("Worst", StringComparison.Ordinal) ? "" : line.Split(" | ")[0];
        string[] words = [.. shown.Select(Words)];
        Assert.NotEmpty(words);
        Assert.Empty(words.Except(RatioReport.Markdown(comparison).Split('\n').Select(Words)));
        Assert.NotEqual(readme, RatioReport.Replace(readme, ""));
    }

    [Fact]
    public void What_must_be_installed_is_said()
    {
        var failure = Assert.Throws<CommandFailure>(() => Peer.For("gemm").CheckInstalled("no-such-python"));

        Assert.Contains("python3-torch", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--python", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inference_is_compared_with_onnxruntime_and_all_else_with_PyTorch()
    {
        Assert.Equal("onnxruntime", Peer.For("infer/mlp").Name);
        Assert.Equal("PyTorch", Peer.For("mlp/infer").Name);
        Assert.All([Peer.For("infer"), Peer.For("act")], peer => Assert.True(File.Exists(peer.ScriptPath), peer.ScriptPath));
    }

    private static RatioComparison Compare(params (string Workload, double Peer, double TinyNet)[] rows)
    {
        var comparison = new RatioComparison();
        comparison.AddPeer(rows.Select(row => Line(row.Workload, row.Peer)));
        comparison.AddTinyNet(rows.Select(row => Line(row.Workload, row.TinyNet)));
        return comparison;
    }

    private static string Line(
        string workload, double minimum = 1, double? median = null, double? megabytes = null, double? bytes = null) =>
        FormattableString.Invariant($"{{\"workload\": \"{workload}\", \"ms\": {median ?? minimum}, \"min_ms\": {minimum}, \"runs\": 5")
        + (megabytes is null ? "" : FormattableString.Invariant($", \"peak_mb\": {megabytes}"))
        + (bytes is null ? "" : FormattableString.Invariant($", \"allocated_bytes\": {bytes}")) + "}";
}
