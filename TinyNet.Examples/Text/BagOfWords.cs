using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>
/// Logistic regression on which words a text has, however often: the score of a class is a number of the class, and one for each word.
/// </summary>
internal sealed class BagOfWords : Module<IndexTensor, Tensor>
{
    private const int Epochs = 10, BatchSize = 32, LargeBatch = 500;
    private const float LearningRate = 3e-3f, WeightDecay = 0.1f;

    private readonly Embedding _words;
    private readonly Parameter _bias;

    private BagOfWords(int words, int classes)
    {
        _words = Child("words", new Embedding(words, classes, Vocabulary.Padding, Initializer.Zeros));
        _bias = AddParameter("bias", Tensor.Zeros([classes]));
    }

    /// <summary>Learns from texts, and gives the share of others whose class it finds.</summary>
    /// <exception cref="TrainingStoppedException">Ctrl-C or SIGTERM ended it.</exception>
    public static double Accuracy(LabeledTexts learned, LabeledTexts tested)
    {
        var vocabulary = Vocabulary.Build(learned.Texts);
        using var train = new DataLoader<SequenceBatch>(ToSets(learned, vocabulary), BatchSize, shuffle: true);
        using var test = new DataLoader<SequenceBatch>(ToSets(tested, vocabulary), LargeBatch);

        var model = new BagOfWords(vocabulary.Count, learned.ClassNames.Length);
        var trainer = new SequenceTrainer(
            model, new AdamW(model.Parameters(), LearningRate, weightDecay: WeightDecay), new CrossEntropy())
        {
            StepSchedule = new CosineSchedule(Epochs * train.Count),
            Metrics = { new Accuracy() },
        };
        return trainer.Fit(train, epochs: Epochs).StopReason == StopReason.Signal
            ? throw new TrainingStoppedException()
            : trainer.Evaluate(test)["accuracy"];
    }

    // The vector of the padding is 0.
    protected override Tensor ForwardCore(IndexTensor input) => _words.Forward(input).Sum(1) + _bias;

    private static TokenDataset ToSets(LabeledTexts texts, Vocabulary vocabulary) => new(
        texts.Name, Array.ConvertAll(texts.Texts.ToArray(), text => vocabulary.Encode(text).Distinct().ToArray()),
        texts.Labels.ToArray(), texts.ClassNames.ToArray(), Vocabulary.Padding);
}
