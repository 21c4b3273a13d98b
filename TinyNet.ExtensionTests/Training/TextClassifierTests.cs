using System.Text;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>Texts in two files become classes. The files are named from where it runs, as a program does.</summary>
public sealed class TextClassifierTests : IDisposable
{
    private static readonly string[] Files = ["rt-polarity.neg", "rt-polarity.pos", "reviews.safetensors", "vocabulary.txt"];

    public TextClassifierTests()
    {
        Write("rt-polarity.neg", ["a dull film", "boring and dull", "a clich\u00e9 , and a boring one"]);
        Write("rt-polarity.pos", ["a warm film", "funny and warm", "a surprise , and a funny one"]);

        static void Write(string path, string[] texts) =>
            File.WriteAllLines(path, Enumerable.Range(0, 90).Select(i => texts[i % 3]), Encoding.Latin1);
    }

    public void Dispose() => Array.ForEach(Files, File.Delete);

    [Fact]
    public void Reviews_are_told_apart()
    {
        // <files>
        var reviews = LabeledTexts.LoadLines(
            "reviews", [("rt-polarity.neg", "negative"), ("rt-polarity.pos", "positive")], Encoding.Latin1);
        var (all, test) = reviews.Split(0.1);                   // before the vocabulary, which knows the training part alone
        var (kept, heldOut) = all.Split(0.1);
        var vocabulary = Vocabulary.Build(kept.Texts, maxSize: 20_000, minCount: 2);
        using var train = new DataLoader<SequenceBatch>(ToData(kept), batchSize: 32, shuffle: true, seed: 1);
        using var validation = new DataLoader<SequenceBatch>(ToData(heldOut), batchSize: 100);

        var model = new Sequential<IndexTensor>(
            new Embedding(vocabulary.Count, 64), new Dropout(0.5f), new LSTM(64, 64).LastStep(), new Dropout(0.5f),
            new Dense(64, reviews.ClassNames.Length));
        var trainer = new SequenceTrainer(model, new Adam(model.Parameters(), learningRate: 2e-3f), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            KeepBest = true,
        };
        trainer.Fit(train, validation, epochs: 8);

        using var testLoader = new DataLoader<SequenceBatch>(ToData(test), batchSize: 100);
        Console.WriteLine(trainer.Evaluate(testLoader));        // of the real ones: accuracy 0.74
        model.Save("reviews.safetensors");
        vocabulary.Save("vocabulary.txt");                      // Vocabulary.Load reads it where the model is used

        // The last step of the LSTM is read: the padding comes before the first token.
        TokenDataset ToData(LabeledTexts texts) => texts.ToDataset(vocabulary, maxLength: 50, padAtStart: true);
        // </files>
        Assert.InRange(trainer.Evaluate(testLoader)["accuracy"], 0.9, 1);
        Assert.Contains("clich\u00e9", vocabulary.Tokens.ToArray());

        // <files>
        int[] tokens = vocabulary.Encode("a warm and funny film", maxLength: 50);
        var scores = model.Predict(IndexTensor.From(tokens, [1, tokens.Length]));
        string guess = reviews.ClassNames[scores.ArgMax(axis: 1).ToArray()[0]];
        // </files>
        Assert.Equal("positive", guess);
    }
}
