using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Bench.Devices;

/// <summary>The commands as a user gives them, in a short form.</summary>
[Collection(GlobalState.Name)]
public class DeviceBenchmarkCommandTests
{
    [Fact]
    public void Activations_are_timed_in_a_network_and_alone()
    {
        var (file, output, _) = Run("activations", "--names", "relu,glu,prelu", "--shape", "4x6", "8x2");

        string[] settings = ["784-256-128-10, batch 32", "a tensor of [4, 6], 0 MB", "a tensor of [8, 2], 0 MB"];
        string[] measures = ["inference", "forward", "backward", "total"];
        Assert.Equal(
            from setting in settings
            from name in new[] { "relu", "glu", "prelu" }
            from measure in measures
            select ("cpu", setting, name, measure),
            file.Results.Select(row => (row.Device, row.Setting, row.Subject, row.Measure)));
        Assert.All(file.Results, row => Assert.True(row.Value > 0 && row.P95 >= row.Value && row.Samples > 1, row.ToString()));

        // In the order of their times, the fastest with 1.
        string[] table = [.. Table(output, "784-256-128-10, batch 32, on cpu")];
        Assert.Equal(3, table.Length);
        Assert.EndsWith(" 1", table[0], StringComparison.Ordinal);
        double[] totals = [.. table.Select(line => Number(line, column: 4))];
        Assert.Equal(totals.Order(), totals);
        Assert.Matches(@"Fastest \w+, slowest \w+: x \d+\.\d\d\.", output);
    }

    [Fact]
    public void Forward_and_backward_make_the_total_of_each_sample()
    {
        var (file, _, _) = Run("activations", "--names", "relu", "--shape", "64x64");

        foreach (var setting in file.Results.GroupBy(row => row.Setting))
        {
            double Least(string measure) => setting.Single(row => row.Measure == measure).Minimum!.Value;
            Assert.True(Least("total") >= Least("forward") + Least("backward"));
        }
    }

    /// <summary>Those with a gate give half of what they get, and the layer after them takes that.</summary>
    [Fact]
    public void All_activations_can_be_measured_in_a_network() => Assert.All(Activation.Names, name =>
    {
        var model = ActivationNetwork.Build(name, new RandomStream(0), 6, 8, 4, 2);
        using var tape = Tape.NoRecord();
        Assert.Equal([3, 2], model.Forward(Tensor.Ones([3, 6])).Shape.Sizes.ToArray());
    });

    [Fact]
    public void Trainings_end_with_times_accuracies_and_the_epoch_of_the_threshold()
    {
        var (file, output, _) = Run("training", "--names", "relu", "--epochs", "3", "--runs", "3", "--threshold", "0.3");

        Assert.All(file.Results, row => Assert.Equal("64-128-64-10, digits, batch 32, 3 epochs", row.Setting));
        double Of(string measure) => file.Results.Single(row => row.Measure == measure).Value;
        Assert.True(Of("training") > 0 && Of("inference of a sample") > 0);
        Assert.InRange(Of("epochs to 0.3"), 1, 3);
        Assert.InRange(Of("validation accuracy"), 0.5, 1);
        Assert.InRange(Of("test accuracy"), 0.5, 1);
        Assert.InRange(Of("mean accuracy"), 0.3, 1);
        Assert.Equal(3, file.Results.Single(row => row.Measure == "training").Samples);
        Assert.Single(Table(output, "64-128-64-10, digits, batch 32, 3 epochs, on cpu: times and accuracies"));
    }

    [Fact]
    public void A_threshold_that_half_of_the_trainings_miss_has_no_epoch()
    {
        var (file, _, _) = Run("training", "--names", "relu", "--epochs", "1", "--runs", "1", "--threshold", "1");

        Assert.DoesNotContain(file.Results, row => row.Measure.StartsWith("epochs to", StringComparison.Ordinal));
    }

    [Fact]
    public void Scaling_tells_the_time_of_an_element_in_nanoseconds_and_an_exponent()
    {
        var (file, output, _) = Run("scaling", "--names", "relu,matmul", "--sizes", "64,16,32");

        foreach (string name in new[] { "relu", "matmul" })
        {
            foreach (int side in new[] { 16, 32, 64 })
            {
                var time = file.Results.Single(row => (row.Subject, row.Setting, row.Measure) == (name, $"{side}", "time"));
                var perElement = file.Results.Single(row => row.Key == (time with { Measure = "time an element" }).Key);
                Assert.Equal(("ms", "ns/element"), (time.Unit, perElement.Unit));
                Assert.Equal(time.Value * 1e6, perElement.Value * side * side, 1e-9 * time.Value * 1e6);
            }

            var times = file.Results.Where(row => row.Subject == name && row.Measure == "time").ToArray();
            var fit = LogFit.Of([16 * 16, 32 * 32, 64 * 64], [.. times.Select(row => row.Value)]);
            Assert.Equal(fit.Exponent, file.Results.Single(row => row.Subject == name && row.Measure == "exponent").Value);
        }

        Assert.Equal(["16", "32", "64"], Table(output, "time over size, on cpu").Take(3).Select(line => Cells(line)[1]));
        Assert.Equal(2, Table(output, "time = c elements^p, on cpu").Count());
    }

    /// <summary>The bytes of relu and of a product are known: the result is rented, the gradients of parameters stay.</summary>
    [Fact]
    public void Memory_counts_what_goes_in_and_out_and_what_is_held_between()
    {
        var (file, _, _) = Run("memory", "--names", "relu,matmul,glu,swish", "--shape", "64x64", "--device", "cpu,reference");

        double Of(string name, string measure, string device = "cpu") =>
            file.Results.Single(row => (row.Subject, row.Measure, row.Device) == (name, measure, device)).Value;
        const int bytes = 64 * 64 * sizeof(float);
        Assert.Equal(bytes, Of("relu", "input"));
        Assert.Equal(bytes, Of("relu", "output"));
        Assert.Equal(bytes / 2, Of("glu", "output"));
        Assert.Equal(2 * bytes, Of("relu", "input", "reference"));
        Assert.Equal(bytes, Of("relu", "peak, inference"));
        Assert.Equal(bytes, Of("relu", "kept for backward"));

        // Both operands of a product are the same parameter: the second gradient is added to the first, which takes a place of its own.
        Assert.InRange(Of("matmul", "peak, forward and backward"), bytes, 3 * bytes);
        Assert.True(Of("matmul", "tensors rented, forward and backward") >= 1);
        Assert.All(file.Results.Where(row => row.Measure.StartsWith("peak", StringComparison.Ordinal)),
            row => Assert.True(row.Value >= Of(row.Subject, "output", row.Device), row.ToString()));
        Assert.All(file.Results.Where(row => row.Device == "cpu" && row.Measure.StartsWith("managed", StringComparison.Ordinal)),
            row => Assert.InRange(row.Value, 1, 2_000));
    }

    [Fact]
    public void Kernels_are_compared_by_width_with_TensorPrimitives_and_on_devices()
    {
        var (file, output, _) = Run("kernels", "--names", "relu,quantized_sigmoid,approximate_tanh", "--sizes", "100");

        string[] widths = [.. CommonOptions.Widths.Reverse().Select(bits => bits == 32 ? "scalar" : $"{bits} bits")];
        Assert.Equal([.. widths, "TensorPrimitives", "cpu"], file.Results.Select(row => row.Device).Distinct());

        // There is no approximate tanh in TensorPrimitives.
        Assert.Equal(3 * (widths.Length + 2) - 1, file.Results.Count);
        Assert.Equal(3, Table(output, "µs for 100 elements").Count());
    }

    [Fact]
    public void Break_even_says_who_is_faster_over_which_sizes()
    {
        // A fixed cost of 10 on cuda, and of 0.1 an element on cpu, with 2 % of noise on either: even at 100.
        var results = new[] { 1, 10, 100, 1000, 10_000 }.SelectMany(size => new[] { ("cpu", 0.1 * size), ("cuda", 10.0) }.Select(
            time => new Result("break-even", "tanh, forward", $"elements {size}", time.Item1, "time", Result.Milliseconds, time.Item2)
            {
                Spread = 0.02,
            }));
        var blocks = new BreakEvenBenchmark().Show([.. results]).ToArray();

        var table = Assert.Single(blocks.OfType<TableBlock>()).Table;
        Assert.Equal(["cpu", "cpu", "even", "cuda", "cuda"], table.Rows.Select(row => row[^2]));
        Assert.Equal([100.0, 10.0, 1.0, 10.0, 100.0], table.Rows.Select(row => row[^1]));
        Assert.Equal(
            "tanh, forward: cpu is faster from 1 to 10, no difference at 100, cuda is faster from 1,000 to 10,000 (elements).",
            Assert.Single(blocks.OfType<TextBlock>()).Text);
    }

    [Fact]
    public void Break_even_of_the_processor_alone_compares_its_threads()
    {
        var (file, _, _) = Run("break-even", "--threads", "3");

        Assert.Equal(["cpu, 1 thread", "cpu, 3 threads"], file.Results.Select(row => row.Device).Distinct());
    }

    [Fact]
    public void All_measures_everything_and_writes_what_it_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        var (file, output, exitCode) = Run("all", "--threads", "3", "--csv", folder.At("a.csv"), "--html", folder.At("a.html"));

        string[] commands = ["activations", "training", "scaling", "memory", "kernels", "break-even"];
        Assert.Equal(0, exitCode);
        Assert.Equal(commands, file.Results.Select(row => row.Benchmark).Distinct());
        Assert.Distinct(file.Results.Select(row => row.Key));
        Assert.Equal("3", file.Facts["threads"]);
        Assert.StartsWith("cpu (3 threads", file.Facts["device cpu"], StringComparison.Ordinal);
        Assert.NotEmpty(file.Facts["processor"]);
        Assert.Equal(file.ToCsv(), File.ReadAllText(folder.At("a.csv")));
        Assert.Contains($"wrote {folder.At("a.html")}", output, StringComparison.Ordinal);
        string page = File.ReadAllText(folder.At("a.html"));
        Assert.All(commands, command => Assert.Contains($">{command}</h2>", page, StringComparison.Ordinal));
        Assert.Contains("\"kind\":\"bars\"", page, StringComparison.Ordinal);
    }

    /// <summary>One thread of one device has nothing to be compared with; all else is measured.</summary>
    [Fact]
    public void All_leaves_out_what_cannot_be_compared_and_says_so()
    {
        var (file, output, exitCode) = Run("all", "--threads", "1");

        Assert.Equal(0, exitCode);
        Assert.Equal(["activations", "training", "scaling", "memory", "kernels"], file.Results.Select(row => row.Benchmark).Distinct());
        Assert.Contains(
            "Left out: break-even compares: name two devices, or let cpu have more than one thread.", output, StringComparison.Ordinal);
    }

    /// <summary>What has been measured is written, although a later benchmark fails.</summary>
    [Fact]
    public void What_was_measured_before_a_failure_is_written()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        var session = new BenchSession(
            [BenchDevice.Of(Device.Cpu, 1)], Threads: 1, IsQuick: true, new Sampler(0.001, 2, 0.001), new RootCommand().Parse([]));
        var report = new BenchReport("all", [new Counting(), new Failing()], session, old: null);
        report.Measure();

        var failure = Assert.Throws<CommandFailure>(() => report.Write(output, folder.At("a.json"), csv: null, html: null));
        Assert.Equal("failing: there is no more memory", failure.Message);
        Assert.Equal("counting", Assert.Single(ResultFile.Read(folder.At("a.json")).Results).Benchmark);
        Assert.Contains("counted", output.ToString(), StringComparison.Ordinal);

        var nothing = new BenchReport("all", [new Failing()], session, old: null);
        Assert.Throws<CommandFailure>(nothing.Measure);
    }

    [Fact]
    public void Scaling_explains_the_exponents_of_what_it_measured()
    {
        string Explained(params string[] names) => string.Join('\n', new ScalingBenchmark().Show([.. names.SelectMany(name => new[]
        {
            new Result("scaling", name, "16", "cpu", "time", Result.Milliseconds, 1),
            new Result("scaling", name, "16", "cpu", "time an element", Result.NanosecondsAnElement, 1),
        })]).OfType<TextBlock>().Select(block => block.Text));

        Assert.Contains("larger ones leave the caches", Explained("relu"), StringComparison.Ordinal);
        Assert.DoesNotContain("s^3 steps", Explained("relu"), StringComparison.Ordinal);
        Assert.DoesNotContain("caches", Explained("matmul"), StringComparison.Ordinal);
        Assert.Contains("s^3 steps", Explained("matmul"), StringComparison.Ordinal);
        Assert.Equal(2, Explained("relu", "matmul").Split('\n').Length);
    }

    [Fact]
    public void A_comparison_fails_where_something_got_slower_than_it_was()
    {
        using var folder = new TemporaryFolder();
        string[] options = ["--names", "relu", "--shape", "4x4"];
        var (file, _, _) = Run("activations", options);

        // A million times as fast as it was, and as slow.
        int CompareWith(double factor)
        {
            string path = folder.At("old.json");
            var old = file with { Results = [.. file.Results.Select(row => row with { Value = row.Value * factor })] };
            ResultFile.Write(path, old.ToJson());
            var (_, output, exitCode) = Run("activations", [.. options, "--compare", path]);
            Assert.Equal(exitCode == 1, output.Contains("SLOWER", StringComparison.Ordinal));
            Assert.Contains("new / old", output, StringComparison.Ordinal);
            return exitCode;
        }

        Assert.Equal(1, CompareWith(1e-6));
        Assert.Equal(0, CompareWith(1e6));
    }

    [Theory]
    [InlineData("no device 'cuda", "activations", "--device", "cuda")]
    [InlineData("--device: cpu is there twice", "activations", "--device", "cpu,cpu")]
    [InlineData("--names: 'rleu' is not known (did you mean 'relu'?", "activations", "--names", "rleu")]
    [InlineData("--names: relu is there twice", "scaling", "--names", "relu", "relu")]
    [InlineData("--shape must be sizes above 0 as 1000x1000, not '10x0'", "memory", "--shape", "10x0")]
    [InlineData("--shape must be sizes above 0 as 1000x1000, not '99999x99999'", "memory", "--shape", "99999x99999")]
    [InlineData("--sizes must be a whole number above 0, not 'big'", "kernels", "--sizes", "big")]
    [InlineData("takes three sizes at least", "scaling", "--sizes", "10,20")]
    [InlineData("--threshold must be above 0 and at most 1, not '1.5'", "training", "--threshold", "1.5")]
    [InlineData("--epochs must be a whole number above 0, not '0'", "training", "--epochs", "0")]
    [InlineData("--seconds must be a number above 0, not '-1'", "all", "--seconds", "-1")]
    [InlineData("--threads must be a whole number above 0, not 'x'", "all", "--threads", "x")]
    public void Options_that_cannot_be_are_refused_in_words(string words, params string[] arguments)
    {
        var errors = Root(TextWriter.Null).Parse(arguments).Errors;

        Assert.Contains(words, Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matmul multiplies a tensor with itself", "memory", "--quick", "--names", "matmul", "--shape", "2x3")]
    [InlineData("GLU", "memory", "--quick", "--names", "glu", "--shape", "2x3")]
    [InlineData("break-even compares: name two devices", "break-even", "--quick", "--threads", "1")]
    [InlineData("name another --device beside reference", "break-even", "--quick", "--device", "reference")]
    [InlineData("no-such.json", "all", "--quick", "--compare", "no-such.json")]
    [InlineData("--json no-such-folder/a.json: its folder does not exist", "all", "--json", "no-such-folder/a.json")]
    [InlineData("--csv no-such-folder/a.csv: its folder does not exist", "all", "--csv", "no-such-folder/a.csv")]
    [InlineData("--html no-such-folder/a.html: its folder does not exist", "all", "--html", "no-such-folder/a.html")]
    [InlineData("--threads is for the device cpu, and not for reference", "all", "--device", "reference", "--threads", "2")]
    public void What_cannot_be_measured_is_refused_in_words(string words, params string[] arguments)
    {
        var before = Console.Error;
        using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            Assert.Equal(2, Root(TextWriter.Null).Parse(arguments).Invoke());
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
    }

    private sealed class Counting : DeviceBenchmark
    {
        public override string Name => "counting";

        public override string Description => "Count.";

        public override IReadOnlyList<Result> Measure(BenchSession session) =>
            [new Result(Name, "relu", "", "cpu", "input", Result.Bytes, 24)];

        public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results) => [new TextBlock("counted")];
    }

    private sealed class Failing : DeviceBenchmark
    {
        public override string Name => "failing";

        public override string Description => "Fail.";

        public override IReadOnlyList<Result> Measure(BenchSession session) => throw new CommandFailure("there is no more memory");

        public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results) => throw new NotSupportedException();
    }

    private static RootCommand Root(TextWriter output)
    {
        var root = new RootCommand();
        foreach (var command in DeviceBenchmarkCommand.CreateAll(output))
        {
            root.Add(command);
        }

        return root;
    }

    private static (ResultFile File, string Output, int ExitCode) Run(string command, params string[] options)
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        string json = folder.At("results.json");
        int exitCode = Root(output).Parse([command, "--quick", "--seconds", "0.001", "--json", json, .. options]).Invoke();
        return (ResultFile.Read(json), output.ToString().ReplaceLineEndings("\n"), exitCode);
    }

    /// <summary>The lines of a table, without its title and the names of its columns.</summary>
    private static IEnumerable<string> Table(string output, string title) =>
        output.Split('\n').SkipWhile(line => line != title).Skip(2).TakeWhile(line => line.Length > 0);

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string line, int column) =>
        double.Parse(Cells(line)[column], System.Globalization.CultureInfo.InvariantCulture);
}
