using System.Text;
using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Examples;
using TinyNet.Layers;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class SentimentTests
{
    // A few words say which class a sentence has; some are in both.
    private static readonly string[] Common = ["the", "film", "story", "of", "actors", "and", "a", "director"];
    private static readonly string[] Negative = ["dull", "flat", "tedious"], Positive = ["moving", "warm", "funny"];

    [Fact]
    public void Sentences_are_learned_and_told_apart()
    {
        using var folder = new TemporaryFolder(Corpus(perClass: 60));
        string[] lines = Train(folder, "run", "--learning-rate", "0.01");

        Assert.Equal(10, lines.Count(line => Regex.IsMatch(line, @"^test accuracy \d\.\d{4}, of a bag of words \d\.\d{4}$")));
        string bagOfWords = Assert.Single(lines, line => line.StartsWith("mean accuracy of a bag of words ", StringComparison.Ordinal));
        Assert.InRange(LastNumber(bagOfWords), 0.9, 1);
        Assert.InRange(LastNumber(Mean(lines)), 0.9, 1);

        string[] answers = Output("predict", folder.At("run"), "A warm and MOVING film", "the director of a dull story", "");
        Assert.Matches(@"^A warm and MOVING film  positive (0\.[5-9]\d{3}|1\.0000)$", answers[0]);
        Assert.Matches(@"^the director of a dull story  negative (0\.[5-9]\d{3}|1\.0000)$", answers[1]);
        Assert.Matches(@"^  (positive|negative) 0\.\d{4}$", answers[2]);
    }

    [Fact]
    public void A_saved_run_has_the_accuracy_of_its_training_and_the_mean_of_its_networks_answers()
    {
        using var folder = new TemporaryFolder(Corpus(perClass: 20));
        string[] lines = Train(folder, "run", "--activation", "tanh");

        string[] test = Output("predict", folder.At("run"), "--test", "--data", folder.Root);
        Assert.Equal([$"{Mean(lines)} (sentiment)"], test);

        const string Sentence = "the film and the funny actors";
        string file = folder.At("run/weights.safetensors");
        using var saved = SafetensorsFile.Open(file);
        Phrases[] phrases = [.. Enumerable.Range(0, 10).Select(fold => Phrases.Parse(saved.Metadata[$"phrases {fold}"]))];
        var networks = new ModuleList<AveragingNetwork>([.. phrases.Select(known => new AveragingNetwork(known.Count, 2, "tanh"))]);
        networks.Load(file);
        float positive = networks.Zip(phrases).Average(pair =>
        {
            int[] known = pair.Second.Encode(Sentence);
            return pair.First.Predict((IndexTensor.From(known, [1, known.Length]), IndexTensor.From(known.Length))).Softmax()[0, 1];
        });
        string answer = Assert.Single(Output("predict", folder.At("run"), Sentence));
        Assert.StartsWith($"{Sentence}  {(positive > 0.5f ? "positive" : "negative")} ", answer, StringComparison.Ordinal);
        Assert.Equal(Math.Max(positive, 1 - positive), LastNumber(answer), 1e-4);
    }

    [Fact]
    public void A_run_that_broke_off_within_a_fold_ends_in_the_same_weights()
    {
        using var folder = new TemporaryFolder(Corpus(perClass: 20));
        string whole = Train(folder, "whole")[^2];
        string[] line = ["train", "sentiment", "--data", folder.Root, "--epochs", "2", "--batch-size", "8", "--out", folder.At("run")];

        // The reader of its output goes away in the second of two epochs of the fourth fold.
        using var output = new ClosingWriter("epoch 2/2", times: 4);
        using var error = new StringWriter();
        Assert.Equal(1, TinyNet.Examples.Program.Run(line, output, error));
        Assert.False(File.Exists(folder.At("run/weights.safetensors")));
        string[] resumed = Output([.. line, "--resume"]);

        Assert.Equal(whole, resumed[^2]);
        Assert.Equal(3, resumed.Count(text => text == "nothing to do: all 2 epochs are trained"));
        Assert.Single(resumed, text => text == "goes on in epoch 2 of 2");
        Assert.All(
            Enumerable.Range(0, 10), fold => Assert.Single(Directory.EnumerateFiles(folder.At($"run/fold-{fold}/checkpoints"))));
        Assert.Contains("has a run already", Error(1, line), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_are_missing_or_too_few_are_refused_in_a_line()
    {
        using var folder = new TemporaryFolder(Corpus(perClass: 9));

        Assert.Contains("needs the files rt-polarity.neg and rt-polarity.pos", Error(1, "train", "sentiment", "--data", folder.At("no")),
            StringComparison.Ordinal);
        Assert.Contains("has 9 texts that are negative; 10 folds", Error(1, "train", "sentiment", "--data", folder.Root),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_text_is_tested_in_one_fold_and_each_fold_has_both_classes()
    {
        string[] words = [.. Enumerable.Range(0, 53).Select(i => $"w{i}")];
        var texts = new LabeledTexts("words", words, [.. words.Select((_, i) => i < 30 ? 0 : 1)], ["few", "many"]);
        var folds = new Folds(texts, count: 10, seed: 3);

        Assert.Equal(words.Order(), Enumerable.Range(0, 10).SelectMany(fold => folds[fold].Tested.Texts.ToArray()).Order());
        Assert.All(Enumerable.Range(0, 10), fold =>
        {
            var (learned, tested) = folds[fold];
            Assert.Equal(words.Order(), learned.Texts.ToArray().Concat(tested.Texts.ToArray()).Order());
            Assert.Equal(3, tested.Labels.Count(0));
            Assert.InRange(tested.Labels.Count(1), 2, 3);
            for (int i = 0; i < tested.Count; i++)
            {
                Assert.Equal(Array.IndexOf(words, tested.Texts[i]) < 30 ? 0 : 1, tested.Labels[i]);
            }
        });
        Assert.Equal(folds[4].Tested.Texts.ToArray(), new Folds(texts, 10, seed: 3)[4].Tested.Texts.ToArray());
        Assert.NotEqual(folds[4].Tested.Texts.ToArray(), new Folds(texts, 10, seed: 4)[4].Tested.Texts.ToArray());
    }

    [Fact]
    public void Phrases_are_words_and_pairs_that_are_there_twice_and_others_do_not_count()
    {
        string[] texts = ["A good film", "not a good book", "a film"];
        var phrases = Phrases.MostFrequent(texts, most: 10);

        Assert.Equal("a\na good\nfilm\ngood", phrases.ToString());
        Assert.Equal(6, phrases.Count);
        Assert.Equal("a\na good", Phrases.MostFrequent(texts, most: 2).ToString());
        Assert.Equal([2, 5, 3, 4], phrases.Encode("A good film"));
        Assert.Empty(phrases.Encode("no such words"));

        var again = Phrases.Parse(phrases.ToString());
        Assert.Equal(phrases.Encode("a good film"), again.Encode("a good film"));
        Assert.Equal(2, Phrases.Parse(Phrases.MostFrequent([], most: 5).ToString()).Count);
    }

    private static string[] Train(TemporaryFolder folder, string run, params string[] options) => Output(
        ["train", "sentiment", "--data", folder.Root, "--epochs", "2", "--batch-size", "8", "--out", folder.At(run), .. options]);

    /// <summary>Its part "test mean accuracy 0.1234".</summary>
    private static string Mean(string[] lines) => Regex.Match(lines[^1], @"^test mean accuracy \d\.\d{4}").Value;

    private static double LastNumber(string line) => double.Parse(line.Split(' ')[^1]);

    private static CaseFile[] Corpus(int perClass)
    {
        var random = new RandomStream(7);
        return [new("rt-polarity.neg", Sentences(Negative)), new("rt-polarity.pos", Sentences(Positive))];

        byte[] Sentences(string[] own)
        {
            var lines = Enumerable.Range(0, perClass)
                .Select(_ => string.Join(' ', Word(Common), Word(own), Word(Common), Word(Common), Word(own)));
            return Encoding.Latin1.GetBytes(string.Join('\n', lines));
        }

        string Word(string[] words) => words[random.Next(words.Length)];
    }

    /// <summary>A pipe whose reader goes away when it has seen a line so many times.</summary>
    private sealed class ClosingWriter(string line, int times) : StringWriter
    {
        private int _seen;

        public override void WriteLine(string? value)
        {
            if (value!.StartsWith(line, StringComparison.Ordinal) && ++_seen == times)
            {
                throw new IOException("Broken pipe");
            }

            base.WriteLine(value);
        }
    }
}
