using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A multilayer perceptron on MNIST.</summary>
internal sealed class MnistMlp : ImageExample
{
    public override string Name => "mnist-mlp";

    public override string Summary => "MNIST's handwritten digits of 28 x 28 pixels, by a multilayer perceptron 784 - 128 - 64 - 10";

    public override string Description =>
        """
        Train a multilayer perceptron on MNIST: 60,000 handwritten digits of 28 x 28 pixels, and 10,000 for the test at the end.

        A twelfth of the 60,000 is the validation part, which is scored after each epoch and not learned from. The network is
        784 - 128 - 64 - 10.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 5, BatchSize: 64, LearningRate: 2e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Mnist;

    protected override Sequential Build(string activation) => new(
        new Flatten(),
        new Dense(28 * 28, 128), Activation.FromName(activation),
        new Dense(128, 64), Activation.FromName(activation),
        new Dense(64, 10));
}
