using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A convolutional network on Fashion-MNIST.</summary>
internal sealed class FashionCnn : ImageExample
{
    public override string Name => "fashion-cnn";

    public override string Summary => "Fashion-MNIST, by a convolutional network, mirrored and shifted while it is learned";

    public override string Description =>
        """
        Train a convolutional network on Fashion-MNIST: 60,000 photographs of clothes, gray, 28 x 28 pixels, and 10,000 for the test at the
        end.

        A twelfth of the 60,000 is the validation part, which is scored after each epoch and not learned from. Three convolutions with 32,
        64 and 128 channels and batch normalization, each followed by a maximum over 2 x 2 pixels, and a layer of 128 units with dropout.
        In each epoch half of the images are mirrored, and every one is shifted by up to 2 pixels.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 12, BatchSize: 64, LearningRate: 2e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.FashionMnist;

    protected override Transform[] Changes => [new RandomHorizontalFlip(), new RandomCrop(padding: 2)];

    protected override Sequential Build(string activation) => new(
        [
            .. Stage(1, 32, activation), .. Stage(32, 64, activation), .. Stage(64, 128, activation),
            new Flatten(), new Dropout(0.3f),
            new Dense(128 * 3 * 3, 128), Activation.FromName(activation), new Dropout(0.3f),
            new Dense(128, 10),
        ]);

    private static Module<Tensor, Tensor>[] Stage(int from, int to, string activation) =>
    [
        new Conv2d(from, to, 3, padding: 1, bias: false), new BatchNorm2d(to), Activation.FromName(activation), new MaxPool2d(2),
    ];
}
