using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>
/// Phrases to a score for each class: the mean of their vectors, and two hidden layers. The order of the phrases does not matter
/// (M. Iyyer, V. Manjunatha, J. Boyd-Graber, H. Daumé III, "Deep unordered composition rivals syntactic methods for text classification",
/// ACL 2015).
/// </summary>
internal sealed class AveragingNetwork : Module<(IndexTensor Phrases, IndexTensor Lengths), Tensor>
{
    /// <summary>How many numbers a vector and a hidden layer have.</summary>
    public const int Features = 100, Hidden = 256;

    /// <summary>Which part of the mean, and of each hidden layer, is left out at random.</summary>
    public const float Dropout = 0.5f;

    // Most phrases are rare, and what their vectors begin with is learned away slowly: so they begin small.
    private const float Spread = 0.01f;

    private readonly Embedding _vectors;
    private readonly MaskedMean _mean;
    private readonly Sequential _head;

    public AveragingNetwork(int phrases, int classes, string activation)
    {
        _vectors = Child("vectors", new Embedding(
            phrases, Features, Vocabulary.Padding, Initializer.Normal(standardDeviation: Spread)));
        _mean = Child("mean", new MaskedMean());
        _head = Child("head", new Sequential(
            new Dropout(Dropout),
            new Dense(Features, Hidden), Activation.FromName(activation), new Dropout(Dropout),
            new Dense(Hidden, Hidden), Activation.FromName(activation), new Dropout(Dropout),
            new Dense(Hidden, classes)));
    }

    protected override Tensor ForwardCore((IndexTensor Phrases, IndexTensor Lengths) input) =>
        _head.Forward(_mean.Forward(new PaddedBatch(_vectors.Forward(input.Phrases), input.Lengths)));
}
