using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A small convolutional network on the embedded handwritten digits.</summary>
internal sealed class DigitsCnn : ImageExample
{
    public override string Name => "digits-cnn";

    public override string Summary => "the same digits, by a convolutional network, turned and shifted while they are learned";

    public override string Description =>
        $"""
        Train a convolutional network on the embedded handwritten digits: 1797 gray images of 8 x 8 pixels.

        {ImageSource.AboutDigits} Two convolutions with 32 and 64 channels and batch normalization, a maximum over 2 x 2 pixels, and a
        layer of 128 units with dropout. In each epoch every image is turned by up to 10 degrees and shifted by up to a tenth of its size.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 40, BatchSize: 32, LearningRate: 2e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Digits;

    protected override Transform[] Changes => [new RandomAffine(degrees: 10, shift: 0.1f)];

    protected override Sequential Build(string activation) => new(
        new Conv2d(1, 32, 3, padding: 1, bias: false), new BatchNorm2d(32), Activation.FromName(activation),
        new Conv2d(32, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), Activation.FromName(activation), new MaxPool2d(2),
        new Dropout(0.25f), new Flatten(),
        new Dense(64 * 4 * 4, 128), Activation.FromName(activation), new Dropout(0.5f),
        new Dense(128, 10));
}
