using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Networks that tell whether a sentence about a film is positive, one for each of ten folds of the sentences.</summary>
internal sealed class Sentiment : Example, IPredictor
{
    private const string ClassesKey = "classes", PhrasesKey = "phrases";
    private const int FoldCount = 10, MostPhrases = 40_000, LargeBatch = 500;
    private const float WeightDecay = 0.01f;

    // The folds are the same whatever --seed the networks begin with.
    private const ulong FoldSeed = 0;

    public override string Name => "sentiment";

    public override string Summary => "is a sentence about a film positive? the mean of vectors of words and pairs, in ten folds";

    public override string Description =>
        $"""
        Train networks to tell whether a sentence about a film is positive: the sentence polarity dataset, 10,662 sentences
        (B. Pang, L. Lee, 2005), whose files rt-polarity.neg and rt-polarity.pos lie in a folder rt-polarity in that of --data.

        The sentences are drawn into {FoldCount} folds, and there are as many trainings: each learns from nine folds and is tested on the
        one left. What is measured is the mean accuracy of the ten. The network takes the mean of the vectors of
        {AveragingNetwork.Features} numbers that stand for the words and pairs of words of a sentence, as far as they are twice in the nine
        folds (and among the {MostPhrases} most frequent), and two hidden layers of {AveragingNetwork.Hidden} units, with dropout
        {AveragingNetwork.Dropout} before each layer. It learns by AdamW, with a rate that falls to 0 along a cosine. Beside it is logistic
        regression on which words a sentence has, in the same folds. The settings of both were chosen by tenths of the nine folds that fold
        0 learns from; these are test sentences of the other folds.

        Asked by predict, all ten networks answer, and the mean of their probabilities counts; what is measured is of each alone.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 5, BatchSize: 50, LearningRate: 5e-4f, Activation: "relu");

    public string Inputs => "sentences";

    public string SampleInput => "\"a moving film\"";

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var folds = Load(settings.Data);
        var results = new List<Result>();
        for (int fold = 0; fold < folds.Count; fold++)
        {
            var (learned, tested) = folds[fold];
            var phrases = Phrases.MostFrequent(learned.Texts, MostPhrases);

            // Each begins otherwise: the luck of one beginning would be that of all folds.
            ulong seed = unchecked(settings.Seed * FoldCount + (ulong)fold);
            var model = Learn(session.Part($"fold-{fold}", keptCheckpoints: 1), phrases, learned, seed);
            var result = new Result(model, phrases, AccuracyOf(model, phrases, tested), BagOfWords.Accuracy(learned, tested));
            session.Output.WriteLine($"test accuracy {result.Accuracy:F4}, of a bag of words {result.BagOfWords:F4}");
            results.Add(result);
        }

        session.Output.WriteLine();
        session.Output.WriteLine($"mean accuracy of a bag of words {results.Average(result => result.BagOfWords):F4}");
        var metadata = new Dictionary<string, string> { [ClassesKey] = string.Join('\n', folds[0].Tested.ClassNames.ToArray()) };
        for (int fold = 0; fold < results.Count; fold++)
        {
            metadata.Add($"{PhrasesKey} {fold}", results[fold].Phrases.ToString());
        }

        return new Outcome(
            new ModuleList<AveragingNetwork>([.. results.Select(result => result.Model)]), "mean accuracy",
            results.Average(result => result.Accuracy))
        {
            Metadata = metadata,
        };
    }

    public void Predict(SavedModel saved, IReadOnlyList<string> inputs, TextWriter output, TextWriter warnings)
    {
        var (networks, phrases, classes) = Open(saved);
        foreach (string input in inputs)
        {
            float[] shares = new float[classes.Length];
            for (int fold = 0; fold < FoldCount; fold++)
            {
                int[] known = phrases[fold].Encode(input);
                var scores = networks[fold].Predict((IndexTensor.From(known, [1, known.Length]), IndexTensor.From(known.Length)));
                float[] own = scores.Softmax().ToArray();
                for (int i = 0; i < shares.Length; i++)
                {
                    shares[i] += own[i] / FoldCount;
                }
            }

            int guess = Array.IndexOf(shares, shares.Max());
            output.WriteLine($"{input}  {classes[guess]} {shares[guess]:F4}");
        }
    }

    public Outcome Test(SavedModel saved)
    {
        var (networks, phrases, _) = Open(saved);
        var folds = Load(saved.Data);
        var accuracies = Enumerable.Range(0, FoldCount).Select(fold => AccuracyOf(networks[fold], phrases[fold], folds[fold].Tested));
        return new Outcome(networks, "mean accuracy", accuracies.Average());
    }

    private static Folds Load(string? data) => new(SentencePolarity.Load(data), FoldCount, FoldSeed);

    private static AveragingNetwork Learn(TrainingSession part, Phrases phrases, LabeledTexts learned, ulong seed)
    {
        var settings = part.Settings;
        using var train = new DataLoader<SequenceBatch>(phrases.ToDataset(learned), settings.BatchSize, shuffle: true, seed: seed);

        RandomStream.Reseed(seed); // The networks do not depend on what was trained before.
        var model = new AveragingNetwork(phrases.Count, learned.ClassNames.Length, settings.Activation);
        var trainer = new Trainer<SequenceBatch, Tensor, IndexTensor>(
            model, new AdamW(model.Parameters(), settings.LearningRate, weightDecay: WeightDecay),
            batch => model.Forward((batch.Tokens, batch.Lengths)), batch => batch.Labels, new CrossEntropy().Forward)
        {
            StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
            Checkpoints = part.Checkpoints,
            Metrics = { new Accuracy() },
        };
        part.Fit(trainer, train);
        return model;
    }

    private static double AccuracyOf(AveragingNetwork model, Phrases phrases, LabeledTexts tested)
    {
        var accuracy = new Accuracy();
        using var test = new DataLoader<SequenceBatch>(phrases.ToDataset(tested), LargeBatch);
        foreach (var (tokens, lengths, labels) in test)
        {
            accuracy.Add(model.Predict((tokens, lengths)), labels);
        }

        return accuracy.Value;
    }

    /// <summary>The networks of all folds, with what each knows, and the names of the classes.</summary>
    private static (ModuleList<AveragingNetwork> Networks, Phrases[] Phrases, string[] Classes) Open(SavedModel saved)
    {
        string[] classes = saved.Text(ClassesKey).Split('\n');
        Phrases[] phrases = [.. Enumerable.Range(0, FoldCount).Select(fold => Phrases.Parse(saved.Text($"{PhrasesKey} {fold}")))];
        var networks = phrases.Select(known => new AveragingNetwork(known.Count, classes.Length, saved.Activation));
        return (saved.LoadInto(new ModuleList<AveragingNetwork>([.. networks])), phrases, classes);
    }

    private sealed record Result(AveragingNetwork Model, Phrases Phrases, double Accuracy, double BagOfWords);
}
