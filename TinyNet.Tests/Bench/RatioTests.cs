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
    public void A_peer_writes_no_tensors()
    {
        var measurement = new Measurement("gemm/64", Median: 2, Minimum: 1, Runs: 5, PeakMegabytes: 3, AllocatedBytes: 4);

        Assert.DoesNotContain("tensors", measurement.ToJson(), StringComparison.Ordinal);
        Assert.Equal(new Timing("gemm/64", Minimum: 1, Median: 2, PeakMegabytes: 3, AllocatedBytes: 4), Timing.Parse(measurement.ToJson()));
    }

    [Fact]
    public void Each_side_counts_with_its_better_number_of_threads()
    {
        var comparison = new RatioComparison();
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("gemm/64", minimum: 6, median: 9, megabytes: 50)]);
        comparison.AddTinyNet([Line("gemm/64", minimum: 2, median: 3, megabytes: 7, bytes: 100)]);
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("gemm/64", minimum: 4, median: 12, megabytes: 60)]);
        comparison.AddTinyNet([Line("gemm/64", minimum: 3, median: 4, megabytes: 5, bytes: 120)]);

        var row = Assert.Single(comparison.Ratios(Rival.TorchSharp));

        Assert.Equal(new Timing("gemm/64", Minimum: 4, Median: 9, PeakMegabytes: 50, AllocatedBytes: null), row.Peer);
        Assert.Equal(new Timing("gemm/64", Minimum: 2, Median: 3, PeakMegabytes: 5, AllocatedBytes: 120), row.TinyNet);
        Assert.Equal(2, row.Ratio);
        Assert.Equal(3, row.RatioOfMedians);
    }

    [Fact]
    public void A_user_gets_the_workload_as_it_is_and_the_best_is_the_least_of_all_ways()
    {
        var comparison = new RatioComparison();
        comparison.AddTinyNet([Line("mlp/train/b32", minimum: 2)]);
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("mlp/train/b32", minimum: 12), Line("mlp/train/b32#fused", minimum: 8)]);
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("mlp/train/b32", minimum: 10)], "/lib/libmimalloc.so.3");
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("mlp/train/b32#fused", minimum: 6)], "/lib/libmimalloc.so.3");

        Assert.Equal(6, comparison.Ratio(Rival.TorchSharp, "mlp/train/b32")!.Ratio);
        var best = comparison.Ratio(Rival.BestTorchSharp, "mlp/train/b32")!;
        Assert.Equal(3, best.Ratio);
        Assert.Equal("#fused+libmimalloc.so.3", best.Peer.Variant);
        Assert.Null(comparison.Ratio(Rival.OnnxRuntime, "mlp/train/b32"));
    }

    [Fact]
    public void What_a_rival_lacks_is_listed_and_not_compared()
    {
        var comparison = Compare(("a", 1, 1));
        comparison.AddTinyNet([Line("only/tinynet"), Line("infer/only/tinynet")]);
        comparison.AddPeer(PeerLibrary.OnnxRuntime, [Line("only/peer")]);

        Assert.Equal("a", Assert.Single(comparison.Ratios(Rival.TorchSharp)).Workload);
        Assert.Equal(
            "Missing with TorchSharp: only/tinynet, infer/only/tinynet.\nMissing with TorchSharp at its best: only/tinynet, "
                + "infer/only/tinynet.\nMissing with OnnxRuntime: infer/only/tinynet.\n",
            RatioReport.Missing(comparison));
        Assert.False(comparison.Reaches(Rival.OnnxRuntime));
    }

    [Theory]
    [InlineData(6.77, 1, true, true)]   // 6.77 · 1 = 2.602²: both means are reached
    [InlineData(6.7, 1, false, true)]   // 2.588
    [InlineData(4.85, 1, false, true)]  // 2.202
    [InlineData(4.8, 1, false, false)]  // 2.191
    [InlineData(9, 0.9, true, false)]   // 2.85, but one is below 1, which only the best must not be
    public void The_geometric_mean_and_the_worst_ratio_decide_about_the_aims(double a, double b, bool user, bool best)
    {
        var comparison = Compare(("a", a, 1), ("b", b, 1));

        Assert.Equal(Math.Sqrt(a * b), comparison.GeometricMean(Rival.TorchSharp), 12);
        Assert.Equal("b", comparison.Worst(Rival.TorchSharp)!.Workload);
        Assert.Equal(user, comparison.Reaches(Rival.TorchSharp));
        Assert.Equal(best, comparison.Reaches(Rival.BestTorchSharp));
        Assert.Contains(
            FormattableString.Invariant(
                $"- TorchSharp at its best: worst {b:F2} (b) for an aim of 1, geometric mean {Math.Sqrt(a * b):F2} of 2 for an aim"),
            RatioReport.Table(comparison),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_compare_reaches_no_aim()
    {
        var comparison = new RatioComparison();
        comparison.AddPeer(PeerLibrary.OnnxRuntime, [Line("a")]);

        Assert.False(comparison.Reaches(Rival.OnnxRuntime));
        Assert.Contains("OnnxRuntime: nothing to compare.", RatioReport.Table(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_of_the_README_have_a_row_a_workload_and_a_row_an_activation()
    {
        var comparison = Compare(
            ("gemm/64", 0.012344, 0.0061), ("act/gelu/fwd", 3, 2), ("act/gelu/fwdbwd", 5, 2), ("infer/mlp/b256", 1490.4, 120.4));
        comparison.AddPeer(PeerLibrary.TorchSharp, [Line("act/gelu/fwd#script", 2.5, megabytes: 9)]);
        comparison.AddPeer(PeerLibrary.OnnxRuntime, [Line("infer/mlp/b256", 240.8)]);

        Assert.Equal("""
            | workload | TinyNet ms | TorchSharp | at its best | OnnxRuntime | TinyNet MB | TorchSharp MB |
            |---|---|---|---|---|---|---|
            | 64 x 64 matrix product | 0.0061 | 2.02 | 2.02 |  | 5 | 50 |
            | 784-256-128-10 MLP, inference of 256 samples | 120 | 12.38 | 12.38 | 2.00 | 5 | 50 |

            The same ratios for activations:

            | activation of 1000 x 1000 | forward: TorchSharp | at its best | forward and backward: TorchSharp | at its best |
            |---|---|---|---|---|
            | gelu | 1.50 | 1.25 | 2.50 | 2.50 |

            - TorchSharp: worst 1.50 (act/gelu/fwd), geometric mean 3.11 of 4 for an aim of 2.6.
            - TorchSharp at its best: worst 1.25 (act/gelu/fwd) for an aim of 1, geometric mean 2.97 of 4 for an aim of 2.2.
            - OnnxRuntime: worst 2.00 (infer/mlp/b256) for an aim of 1, geometric mean 2.00 of 1.

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
        var comparison = Compare([.. Workload.Once(Workload.All).Select(workload => (workload.Name, 1.0, 1.0))]);

        // The figures are measured; all the words are the command's. A workload comes in when it has been measured.
        static string Words(string line) => line.StartsWith("- ", StringComparison.Ordinal) ? "" : line.Split(" | ")[0];
        string[] words = [.. shown.Select(Words)];
        Assert.NotEmpty(words);
        Assert.Distinct(words.Where(word => word.StartsWith("| 784", StringComparison.Ordinal)));
        Assert.Empty(words.Except(RatioReport.Markdown(comparison).Split('\n').Select(Words)));
        Assert.NotEqual(readme, RatioReport.Replace(readme, ""));
    }

    [Fact]
    public void Inference_is_compared_with_both_libraries_and_all_else_with_TorchSharp()
    {
        Assert.True(Rival.Has(PeerLibrary.OnnxRuntime, "infer/mlp/b1"));
        Assert.False(Rival.Has(PeerLibrary.OnnxRuntime, "mlp/infer/b1"));
        Assert.All(Workload.All, workload => Assert.True(Rival.Has(PeerLibrary.TorchSharp, workload.Name)));
    }

    [Fact]
    public void The_same_work_by_two_names_counts_once()
    {
        string[] names = [.. Workload.All.Select(workload => workload.Name)];
        string[] once = [.. Workload.Once(Workload.All).Select(workload => workload.Name)];

        Assert.Equal(["mlp/infer/b1"], names.Except(once));
        Assert.Contains("infer/mlp/b1", once);
        Assert.Equal("mlp/infer/b1", Assert.Single(Workload.Once(Workload.StartingWith(["mlp/infer"]))).Name);
        Assert.All(Workload.All.Where(workload => workload.SameAs is not null), workload => Assert.Contains(workload.SameAs, names));
        Assert.Distinct(Workload.Once(Workload.All).Select(workload => workload.Description));
    }

    [Fact]
    public void An_unknown_workload_is_refused_with_the_known_ones()
    {
        var failure = Assert.Throws<CommandFailure>(() => Workload.StartingWith(["gemm", "no/such"]));

        Assert.Contains("no/such", failure.Message, StringComparison.Ordinal);
        Assert.Contains("gemm/2048", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, Workload.StartingWith(["gemm"]).Count);
    }

    [Fact]
    public void The_command_that_starts_the_peers_is_taken_word_by_word() =>
        Assert.Equal(["podman", "run", "--"], PeerProgram.Words(" podman run  --"));

    private static RatioComparison Compare(params (string Workload, double Peer, double TinyNet)[] rows)
    {
        var comparison = new RatioComparison();
        comparison.AddPeer(PeerLibrary.TorchSharp, rows.Select(row => Line(row.Workload, row.Peer, megabytes: 50)));
        comparison.AddTinyNet(rows.Select(row => Line(row.Workload, row.TinyNet, megabytes: 5)));
        return comparison;
    }

    private static string Line(
        string workload, double minimum = 1, double? median = null, double? megabytes = null, double? bytes = null) =>
        FormattableString.Invariant($"{{\"workload\": \"{workload}\", \"ms\": {median ?? minimum}, \"min_ms\": {minimum}, \"runs\": 5")
        + (megabytes is null ? "" : FormattableString.Invariant($", \"peak_mb\": {megabytes}"))
        + (bytes is null ? "" : FormattableString.Invariant($", \"allocated_bytes\": {bytes}")) + "}";
}
