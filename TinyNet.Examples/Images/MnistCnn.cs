using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A convolutional network on MNIST.</summary>
internal sealed class MnistCnn : ImageExample
{
    public override string Name => "mnist-cnn";

    public override string Summary => "MNIST, by a convolutional network, turned and shifted while it is learned";

    public override string Description =>
        """
        Train a convolutional network on MNIST: 60,000 handwritten digits of 28 x 28 pixels, and 10,000 for the test at the end.

        A twelfth of the 60,000 is the validation part, which is scored after each epoch and not learned from. Two convolutions with 32 and
        64 channels, a maximum over 2 x 2 pixels, and a layer of 128 units, with dropout. In each epoch every image is turned by up to 10
        degrees and shifted by up to a tenth of its size.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 6, BatchSize: 64, LearningRate: 1e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Mnist;

    protected override Transform[] Changes => [new RandomAffine(degrees: 10, shift: 0.1f)];

    protected override Sequential Build(string activation) => new(
        new Conv2d(1, 32, 3), Activation.FromName(activation),
        new Conv2d(32, 64, 3), Activation.FromName(activation), new MaxPool2d(2),
        new Dropout(0.25f), new Flatten(),
        new Dense(64 * 12 * 12, 128), Activation.FromName(activation), new Dropout(0.5f),
        new Dense(128, 10));
}
