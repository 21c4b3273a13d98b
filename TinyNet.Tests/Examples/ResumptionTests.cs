using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

/// <summary>
/// Folders from which the newest is taken away are those of runs that were stopped: the weights of a resumed run are as if it never was.
/// </summary>
[Collection(nameof(TrainCommandTests))]
public class ResumptionTests
{
    [Theory]
    [InlineData("activations --names relu,rrelu,activation_mix", "rrelu", "activation_mix")]
    [InlineData("adaptive", "sine-plus-cosine", "sine-and-cosine")]
    [InlineData("sequence --batch-size 250", "fading-by-step", "fading-by-time")]
    [InlineData("autoencoder", "", null)]
    [InlineData("attention", "", null)]
    public void A_run_that_was_stopped_ends_in_the_same_weights(string command, string partStopped, string? partNotBegun)
    {
        using var folder = new TemporaryFolder();
        string run = folder.At("run");
        string[] line = ["train", .. command.Split(' '), "--epochs", "3", "--out", run];
        string whole = Output(line)[^2];
        string[] files = [.. Directory.EnumerateFiles(run, "*.csv", SearchOption.AllDirectories).Order()];
        string[] before = [.. files.Select(Numbers)];

        File.Delete(Path.Combine(run, "weights.safetensors"));
        File.Delete(Directory.EnumerateFiles(Path.Combine(run, partStopped, "checkpoints")).Max()!);
        if (partNotBegun is not null)
        {
            Directory.Delete(Path.Combine(run, partNotBegun), recursive: true);
        }

        string[] resumed = Output([.. line, "--resume"]);

        Assert.Equal(whole, resumed[^2]);
        Assert.Single(resumed, text => text.StartsWith("goes on in epoch 3 of 3", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(run, "weights.safetensors")));
        Assert.Equal(before, files.Select(Numbers));
    }

    /// <summary>A table without the seconds, which are last in a history.</summary>
    private static string Numbers(string file)
    {
        string[] lines = File.ReadAllLines(file);
        return string.Join('\n', lines[0].EndsWith(",seconds", StringComparison.Ordinal)
            ? lines.Select(line => line[..line.LastIndexOf(',')])
            : lines);
    }
}
