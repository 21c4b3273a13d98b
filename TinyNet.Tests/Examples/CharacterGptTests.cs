using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Examples;
using TinyNet.Layers;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class CharacterGptTests
{
    private const string Line = "the quick brown fox jumps over the lazy dog. ";

    [Fact]
    public void A_text_file_is_learned_and_written_on()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("text.txt"), Repeated(Line, 60));

        string[] lines = Output(
            "train", "gpt", "--text", folder.At("text.txt"), "--epochs", "1", "--batch-size", "2", "--out", folder.At("run"));
        Assert.Matches(@"^test loss [0-2]\.\d{4} \(gpt, 1 epoch, ", lines[^1]);
        Assert.Contains(lines, line => line.StartsWith("loss of a trigram model ", StringComparison.Ordinal));
        Assert.Contains("what it writes now:", lines);

        string[] written = Output("predict", folder.At("run"), "the quick ");
        Assert.StartsWith("the quick ", written[0], StringComparison.Ordinal);
        Assert.Equal("the quick ".Length + 400, string.Join('\n', written).Length);
        Assert.Equal([.. written, "----------", .. written], Output("predict", folder.At("run"), "the quick ", "the quick "));

        Assert.Contains("the character 'X' does not occur", Error(1, "predict", folder.At("run"), "X"), StringComparison.Ordinal);
        Assert.Contains("--test is for the other examples", Error(1, "predict", folder.At("run"), "--test"), StringComparison.Ordinal);
        string another = Error(1, "train", "gpt", "--epochs", "1", "--batch-size", "2", "--out", folder.At("run"), "--resume");
        Assert.Contains("has text ", another, StringComparison.Ordinal);
        File.WriteAllText(folder.At("text.txt"), Repeated(Line, 61));
        string[] resumed =
            ["train", "gpt", "--text", folder.At("text.txt"), "--epochs", "1", "--batch-size", "2", "--out", folder.At("run")];
        Assert.Contains("has text sha256 ", Error(1, [.. resumed, "--resume"]), StringComparison.Ordinal);
        Assert.Contains("--invert is for images", Error(1, "predict", folder.At("run"), "the", "--invert"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_text_is_refused_in_a_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("short.txt"), Repeated(Line, 2));
        File.WriteAllText(folder.At("empty.txt"), "");
        File.WriteAllBytes(folder.At("binary.txt"), [0x41, 0xFF, 0xFE, 0x80]);

        Assert.Contains("characters are too few", Error(1, "train", "gpt", "--text", folder.At("short.txt")), StringComparison.Ordinal);
        Assert.Contains("characters are too few", Error(1, "train", "gpt", "--text", folder.At("empty.txt")), StringComparison.Ordinal);
        Assert.Contains("is no text in UTF-8", Error(1, "train", "gpt", "--text", folder.At("binary.txt")), StringComparison.Ordinal);
        Assert.Contains("nothing.txt", Error(1, "train", "gpt", "--text", folder.At("nothing.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_gives_the_scores_of_the_whole_sequence()
    {
        var model = new GptNetwork(tokens: 7);
        model.Evaluate();
        var tokens = IndexTensor.From([1, 5, 0, 2, 6, 3], [1, 6]);
        var cache = new KeyValueCache();

        using var scope = Tape.NoRecord();
        var whole = model.Forward(tokens);
        model.Next(IndexTensor.From([1, 5, 0], [1, 3]), cache);
        model.Next(IndexTensor.From([2], [1, 1]), cache);
        var last = model.Next(IndexTensor.From([6, 3], [1, 2]), cache);

        Assert.Equal(6, cache.Length);
        Assert.Equal(whole.Slice(1, 4, 6).ToArray(), last.ToArray(), (x, y) => Math.Abs(x - y) < 1e-5);
    }

    [Fact]
    public void Windows_lie_in_the_text_and_are_others_in_each_epoch()
    {
        int[] tokens = [.. Enumerable.Range(0, 50)];
        var windows = new RandomWindows("numbers", tokens, length: 8, count: 200, seed: 3);
        using var loader = new DataLoader<WindowBatch>(windows, batchSize: 40);

        int[] first = Begins(loader), second = Begins(loader);

        Assert.Equal(0, first.Min());
        Assert.Equal(41, first.Max()); // The last one whose target is there.
        Assert.NotEqual(first, second);
        loader.Epoch = 1;
        Assert.Equal(second, Begins(loader));
    }

    [Fact]
    public void An_alphabet_keeps_characters_of_several_code_units_whole()
    {
        var alphabet = Alphabet.Of("b𝄞a\nb");

        Assert.Equal(4, alphabet.Count);
        Assert.Equal([1, 0, 3, 2], alphabet.Encode("a\n𝄞b"));
        Assert.Equal("a\n𝄞b", alphabet.Decode([1, 0, 3, 2]));
        Assert.Equal("\nab𝄞", alphabet.ToString());
    }

    [Fact]
    public void The_embedded_text_is_Tiny_Shakespeare()
    {
        string text = TrainingText.Shakespeare();

        Assert.Equal(1_115_394, text.Length);
        Assert.StartsWith("First Citizen:\nBefore we proceed any further, hear me speak.", text, StringComparison.Ordinal);
        Assert.Equal(65, Alphabet.Of(text).Count);
    }

    private static int[] Begins(DataLoader<WindowBatch> loader)
    {
        var begins = new List<int>();
        foreach (var (inputs, targets) in loader)
        {
            int[] tokens = inputs.ToArray();
            Assert.Equal(tokens.Select(token => token + 1), targets.ToArray());
            begins.AddRange(tokens.Chunk(8).Select(window => window[0]));
            Assert.All(tokens.Chunk(8), window => Assert.Equal(Enumerable.Range(window[0], 8), window));
        }

        return [.. begins];
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
