using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A multilayer perceptron on Fashion-MNIST.</summary>
internal sealed class FashionMlp : ImageExample
{
    public override string Name => "fashion-mlp";

    public override string Summary => "Fashion-MNIST's clothes of 28 x 28 pixels, by a multilayer perceptron 784 - 256 - 128 - 64 - 10";

    public override string Description =>
        """
        Train a multilayer perceptron on Fashion-MNIST: 60,000 photographs of clothes, gray, 28 x 28 pixels, and 10,000 for the test at the
        end.

        A twelfth of the 60,000 is the validation part, which is scored after each epoch and not learned from. The network is
        784 - 256 - 128 - 64 - 10 with dropout.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 10, BatchSize: 64, LearningRate: 1e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.FashionMnist;

    protected override Sequential Build(string activation) => new(
        new Flatten(),
        new Dense(28 * 28, 256), Activation.FromName(activation), new Dropout(0.2f),
        new Dense(256, 128), Activation.FromName(activation), new Dropout(0.1f),
        new Dense(128, 64), Activation.FromName(activation),
        new Dense(64, 10));
}
