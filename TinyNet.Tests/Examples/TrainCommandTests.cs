using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

/// <summary>A training sets the default device and random stream of the process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(TrainCommandTests), DisableParallelization = true)]
public class TrainCommandCollection;

[Collection(nameof(TrainCommandTests))]
public class TrainCommandTests
{
    [Fact]
    public void A_training_ends_with_hash_and_accuracy()
    {
        var (exitCode, output, error) = Run("train", "digits", "--epochs", "2");

        Assert.Equal(0, exitCode);
        Assert.Empty(error);
        Assert.Equal(5, output.Length);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            Assert.Matches(
                $@"^epoch {epoch}/2  train loss \d\.\d{{4}} accuracy [01]\.\d{{4}}  validation loss \d\.\d{{4}} accuracy [01]\.\d{{4}}"
                    + @"  learning rate \S+  \d+\.\d s$",
                output[epoch - 1]);
        }

        Assert.StartsWith("nothing is saved: --out DIR", output[2], StringComparison.Ordinal);
        Assert.Matches("^weights sha256 [0-9a-f]{64}$", output[3]);
        Assert.Matches(@"^test accuracy [01]\.\d{4} \(digits, 2 epochs, \d+\.\d s\)$", output[4]);
    }

    [Fact]
    public void Digits_are_learned()
    {
        var (_, output, _) = Run("train", "digits");

        Assert.True(double.Parse(Regex.Match(output[^1], @"[01]\.\d{4}").Value) >= 0.965, output[^1]);
    }

    [Fact]
    public void Weights_do_not_depend_on_threads_or_run_but_on_the_seed()
    {
        string one = Hash("--threads", "1");

        Assert.Equal(one, Hash("--threads", "1"));
        Assert.Equal(one, Hash("--threads", "2"));
        Assert.Equal(one, Hash("--threads", "3"));
        Assert.Equal(one, Hash("--seed", "0"));
        Assert.Equal(Hash("--lanes", "scalar"), Hash("--lanes", "scalar", "--threads", "1"));
        Assert.NotEqual(one, Hash("--seed", "1"));
    }

    [Fact]
    public void Every_option_counts()
    {
        string[] hashes =
        [
            Hash(),
            Hash("--batch-size", "50"),
            Hash("--learning-rate", "0.5e-3"),
            Hash("--activation", "tanh"),
            Hash("--epochs", "2"),
        ];

        Assert.Distinct(hashes);
    }

    [Fact]
    public void The_reference_device_trains_too()
    {
        var (exitCode, output, _) = Run("train", "digits", "--epochs", "1", "--batch-size", "1000", "--device", "reference");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            Output("train", "digits", "--epochs", "1", "--batch-size", "1000")[0].Split("  learning")[0], output[0].Split("  learning")[0]);
    }

    [Fact]
    public void A_run_goes_on_where_its_folder_has_it()
    {
        using var folder = new TemporaryFolder();
        string whole = Hash("--epochs", "3", "--out", folder.At("whole"));
        Hash("--epochs", "2", "--out", folder.At("run"));
        string[] files = ["checkpoints", "history.csv", "weights.safetensors"];
        Assert.Equal(files, Directory.EnumerateFileSystemEntries(folder.At("run")).Select(Path.GetFileName).Order());

        var (exitCode, _, error) = Run("train", "digits", "--epochs", "3", "--out", folder.At("run"));
        Assert.Equal(1, exitCode);
        Assert.Contains("--resume goes on with it", Assert.Single(error), StringComparison.Ordinal);
        (exitCode, _, error) = Run("train", "digits", "--epochs", "2", "--seed", "4", "--out", folder.At("run"), "--resume");
        Assert.Equal(1, exitCode);
        Assert.Contains("has seed 0, not 4", Assert.Single(error), StringComparison.Ordinal);
        Assert.Contains("has epochs 2, not 3", Error(1, "train", "digits", "--epochs", "3", "--out", folder.At("run"), "--resume"));
        Assert.Equal(
            $"vit: --resume: the run in '{folder.At("run")}' is a run of digits, not of vit; choose another folder",
            Error(1, "train", "vit", "--out", folder.At("run"), "--resume"));
        (exitCode, _, error) = Run("train", "digits", "--resume");
        Assert.Equal(2, exitCode);
        Assert.Contains("--out", Assert.Single(error), StringComparison.Ordinal);

        // The folder that was never stopped is finished: nothing is trained, and what was took the time that its history says.
        string[] resumed = Output("train", "digits", "--epochs", "3", "--out", folder.At("whole"), "--resume");
        double seconds = File.ReadLines(folder.At("whole/history.csv")).Skip(1).Sum(line => double.Parse(line.Split(',')[^1]));
        Assert.Equal("nothing to do: all 3 epochs are trained", resumed[0]);
        Assert.Equal(
            $"saved in {folder.At("whole")} (weights, history, checkpoints); try: predict {folder.At("whole")} image.png", resumed[1]);
        Assert.Equal(whole, resumed[2]);
        Assert.EndsWith($" (digits, 3 epochs, {seconds:F1} s)", resumed[3]);
        Assert.Equal(4, File.ReadAllLines(folder.At("whole/history.csv")).Length);
    }

    /// <summary>Trainings of one and of several parts; each of the two folders has what the other looks for elsewhere.</summary>
    [Theory]
    [InlineData("digits", "activations --names relu,tanh")]
    [InlineData("activations --names relu,tanh", "digits")]
    [InlineData("activations --names relu,tanh", "activations --names gelu")]
    public void The_folder_of_one_run_takes_no_other(string first, string second)
    {
        using var folder = new TemporaryFolder();
        string[] options = ["--epochs", "1", "--batch-size", "1000", "--out", folder.At("run")];
        string weights = folder.At("run/weights.safetensors");
        Output(["train", .. first.Split(' '), .. options]);
        byte[] before = File.ReadAllBytes(weights);

        Assert.Contains("has a run already", Error(1, ["train", .. second.Split(' '), .. options]), StringComparison.Ordinal);
        Assert.Contains("--resume: the run in '", Error(1, ["train", .. second.Split(' '), .. options, "--resume"]));
        Assert.Equal(before, File.ReadAllBytes(weights));

        // So it is while it has no weights yet.
        File.Delete(weights);
        Assert.Contains("has a run already", Error(1, ["train", .. second.Split(' '), .. options]), StringComparison.Ordinal);
        Assert.Contains("--resume: the run in '", Error(1, ["train", .. second.Split(' '), .. options, "--resume"]));
    }

    [Theory]
    [InlineData(true, "the checkpoint is of another network (2.weight: not in the file; 2.bias: not in the file; …); choose another")]
    [InlineData(false, "the run that wrote it has the metrics [], this one [accuracy]; make the trainer with the same settings")]
    public void A_checkpoint_of_another_program_is_refused_in_a_line(bool hasSameMetrics, string line)
    {
        using var folder = new TemporaryFolder();
        string[] options = ["train", "digits", "--epochs", "1", "--batch-size", "1000", "--out", folder.At("run")];
        Output(options);
        var checkpoints = new CheckpointFolder(folder.At("run/checkpoints"));
        Dictionary<string, string> texts;
        using (var checkpoint = RunCheckpoint.Open(checkpoints.Newest!))
        {
            texts = new(checkpoint.Metadata);
        }

        Directory.Delete(checkpoints.Path, recursive: true);
        var model = new Sequential(new Flatten(), new Dense(64, 10, random: new RandomStream(1)));
        using var loader = new DataLoader(Digits.Load().Test, batchSize: 359);
        var trainer = new Trainer(model, new SGD(model.Parameters(), 0.1f), new CrossEntropy())
        {
            Checkpoints = new CheckpointFolder(checkpoints.Path) { Metadata = texts },
        };
        if (hasSameMetrics)
        {
            trainer.Metrics.Add(new Accuracy());
        }

        trainer.Fit(loader, cancellation: TestContext.Current.CancellationToken);

        string error = Error(1, [.. options, "--resume"]);
        Assert.StartsWith("digits: --resume: ", error, StringComparison.Ordinal);
        Assert.Contains(line, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "list")]
    [InlineData(0, "train digits --help")]
    [InlineData(1, "train digits --epochs 1")]
    public void A_pipe_that_nobody_reads_ends_a_training_in_a_line_and_the_rest_quietly(int exitCode, string command)
    {
        using var error = new StringWriter();
        using var closed = new ClosedPipe();

        Assert.Equal(exitCode, TinyNet.Examples.Program.Run(command.Split(' '), closed, error));
        Assert.Equal(exitCode == 0 ? [] : ["digits: Broken pipe"], Lines(error));
    }

    [Fact]
    public void The_default_device_is_left_as_it_was()
    {
        var device = Device.Default;
        Run("train", "digits", "--epochs", "1", "--threads", "1");

        Assert.Same(device, Device.Default);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training()
    {
        var (exitCode, output, error) = Run("train", "digits", "--learning-rate", "1e30");

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains("smaller --learning-rate", Assert.Single(error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--epochs: '0' is not a whole number from 1 to", "train digits --epochs 0")]
    [InlineData("--epochs: '-2' is not a whole number from 1 to", "train digits --epochs -2")]
    [InlineData("--epochs: 'many' is not a whole number from 1 to", "train digits --epochs many")]
    [InlineData("--epochs: '99999999999' is not a whole number from 1 to 10000", "train digits --epochs 99999999999")]
    [InlineData("Required argument missing for option: '--epochs'.", "train digits --epochs")]
    [InlineData("--batch-size: '0' is not", "train digits --batch-size 0")]
    [InlineData("--batch-size: '1.5' is not", "train digits --batch-size=1.5")]
    [InlineData("--learning-rate: 'nan' is not a positive number", "train digits --learning-rate nan")]
    [InlineData("--learning-rate: '-0.1' is not a positive number", "train digits --learning-rate -0.1")]
    [InlineData("--learning-rate: '0' is not a positive number", "train digits --learning-rate 0")]
    [InlineData("--learning-rate: '1e99' is not a positive number", "train digits --learning-rate 1e99")]
    [InlineData("--threads: '0' is not a whole number from 1 to", "train digits --threads 0")]
    [InlineData("--threads: '2000000' is not a whole number from 1 to", "train digits --threads 2000000")]
    [InlineData("--seed: '-1' is not a whole number from 0 to", "train digits --seed -1")]
    [InlineData("--batch-size: '100001' is not a whole number from 1 to 100000", "train gpt --batch-size 100001")]
    [InlineData("--out: no path is given, but ''", "train digits --out ")]
    [InlineData("--out: no path is given, but '--resume'", "train digits --out --resume")]
    [InlineData("--data: no path is given, but ''", "train digits --data ")]
    [InlineData("--text: no path is given, but ''", "train gpt --text ")]
    [InlineData("--data: no path is given, but ''", "download cifar10 --data ")]
    [InlineData("--data: no path is given, but ''", "predict run --data ")]
    [InlineData("predict: no option '--tset' (did you mean '--test'?); known", "predict run image.png --tset")]
    [InlineData("--activation: no activation 'step'; --help lists the", "train digits --activation step")]
    [InlineData("no activation 'rleu' (did you mean 'relu'?); --help lists", "train digits --activation rleu")]
    [InlineData("'cpuu' (did you mean 'cpu'?); known", "train digits --device cpuu")]
    [InlineData("no option '--seeed' (did you mean '--seed'?); known", "train digits --seeed 3")]
    [InlineData("no example 'digit' (did you mean 'digits'?); known", "train digit")]
    [InlineData("no command 'trian' (did you mean 'train'?); known", "trian digits")]
    [InlineData("known are cpu, ", "train digits --device abacus")]
    [InlineData("only one of kind 'cpu'", "train digits --device cpu:0 --threads 2")]
    [InlineData("leave the option out", "train digits --device reference --threads 2")]
    [InlineData("--lanes: the device reference has no registers", "train digits --device reference --lanes 128")]
    [InlineData("--lanes: '100' is none of 512, 256, 128 and scalar", "train digits --lanes 100")]
    [InlineData("digits: no option '--color'; known are: --epochs, --batch-size", "train digits --color 3")]
    [InlineData("train: no example 'cats'; known are: digits", "train cats --epochs 3")]
    [InlineData("train: say what to train; known are: digits", "train")]
    [InlineData("no command 'learn'; known are: train, list, predict, analyze, report, download", "learn digits")]
    [InlineData("list: takes no 'digits'", "list digits")]
    public void A_bad_command_gives_one_line_and_exit_code_2(string line, string command)
    {
        var (exitCode, output, error) = Run(command.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains(line, Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public void List_names_what_can_be_trained()
    {
        string[] lines = Output("list");
        Assert.Equal(lines, Output("--", "list"));
        Assert.StartsWith("digits ", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(0, Run("train", line.Split(' ')[0], "--help").ExitCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_leads_to_the_commands(string command)
    {
        string help = string.Join('\n', Output(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains("train digits", help, StringComparison.Ordinal);
        Assert.Contains("list", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_of_an_example_tells_options_names_and_defaults()
    {
        string help = string.Join('\n', Output("train", "digits", "--help"));

        string[] expectations =
        [
            "--epochs", "--batch-size", "--learning-rate", "--activation", "--seed", "--threads", "--lanes", "--device",
            "relu", "reference", "[default: 0]", "validation",
        ];
        foreach (string expected in expectations)
        {
            Assert.Contains(expected, help, StringComparison.Ordinal);
        }
    }

    /// <summary>Fails as a pipe does whose reader has gone.</summary>
    private sealed class ClosedPipe : StringWriter
    {
        private const int BrokenPipe = 32;

        public override void Write(char value) => throw new IOException("Broken pipe", BrokenPipe);

        public override void Write(string? value) => Write('x');

        public override void Write(char[] buffer, int index, int count) => Write('x');

        public override void Write(ReadOnlySpan<char> buffer) => Write('x');
    }

    private static string Hash(params string[] options)
    {
        string[] few = options.Contains("--epochs") ? [] : ["--epochs", "1"];
        return Output(["train", "digits", .. few, .. options])[^2];
    }
}
