using System.Text.RegularExpressions;
using TinyNet.Core;
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
        Assert.Equal(4, output.Length);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            Assert.Matches(
                $@"^epoch {epoch}/2  train loss \d\.\d{{4}} accuracy [01]\.\d{{4}}  validation loss \d\.\d{{4}} accuracy [01]\.\d{{4}}"
                    + @"  learning rate \S+  \d+\.\d s$",
                output[epoch - 1]);
        }

        Assert.Matches("^weights sha256 [0-9a-f]{64}$", output[2]);
        Assert.Matches(@"^test accuracy [01]\.\d{4} \(digits, 2 epochs, \d+\.\d s\)$", output[3]);
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
        (exitCode, _, error) = Run("train", "digits", "--seed", "4", "--out", folder.At("run"), "--resume");
        Assert.Equal(1, exitCode);
        Assert.Contains("has seed 0, not 4", Assert.Single(error), StringComparison.Ordinal);
        (exitCode, _, error) = Run("train", "digits", "--resume");
        Assert.Equal(2, exitCode);
        Assert.Contains("--out", Assert.Single(error), StringComparison.Ordinal);

        // The folder that was never stopped is finished: nothing is trained.
        Assert.Equal(whole, Hash("--epochs", "3", "--out", folder.At("whole"), "--resume"));
        Assert.Equal(4, File.ReadAllLines(folder.At("whole/history.csv")).Length);
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
    [InlineData("--epochs: '99999999999' is not a whole number from 1 to 2147483647", "train digits --epochs 99999999999")]
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
    [InlineData("--activation: no activation 'step'; known are: activation_mix, ", "train digits --activation step")]
    [InlineData("no activation 'rleu' (did you mean 'relu'?); known", "train digits --activation rleu")]
    [InlineData("'cpuu' (did you mean 'cpu'?); known", "train digits --device cpuu")]
    [InlineData("no option '--seeed' (did you mean '--seed'?); known", "train digits --seeed 3")]
    [InlineData("no example 'digit' (did you mean 'digits'?); known", "train digit")]
    [InlineData("no command 'trian' (did you mean 'train'?); known", "trian digits")]
    [InlineData("cpu, reference", "train digits --device abacus")]
    [InlineData("only one of kind 'cpu'", "train digits --device cpu:0 --threads 2")]
    [InlineData("leave the option out", "train digits --device reference --threads 2")]
    [InlineData("--lanes: the device reference has no registers", "train digits --device reference --lanes 128")]
    [InlineData("--lanes: '100' is none of 512, 256, 128 and scalar", "train digits --lanes 100")]
    [InlineData("digits: no option '--color'; known are: --epochs, --batch-size", "train digits --color 3")]
    [InlineData("train: no example 'cats'; known are: digits", "train cats --epochs 3")]
    [InlineData("train: say what to train; known are: digits", "train")]
    [InlineData("no command 'learn'; known are: train, list, predict, download", "learn digits")]
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

    private static string Hash(params string[] options)
    {
        string[] few = options.Contains("--epochs") ? [] : ["--epochs", "1"];
        return Output(["train", "digits", .. few, .. options])[^2];
    }
}
