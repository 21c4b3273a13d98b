using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>The convolutional network of TensorFlow's tutorial on CIFAR-10.</summary>
internal sealed class CifarCnn : ImageExample
{
    public override string Name => "cifar-cnn";

    public override string Summary => "CIFAR-10's photographs of 32 x 32 pixels, by three convolutions";

    public override string Description =>
        """
        Train a convolutional network on CIFAR-10: 50,000 photographs of 32 x 32 pixels in color, of 10 classes, and 10,000 for the test at
        the end.

        A tenth of the 50,000 is the validation part, which is scored after each epoch and not learned from. The network is that of
        TensorFlow's tutorial: convolutions with 32, 64 and 64 channels, a maximum over 2 x 2 pixels between them, and a layer of 64 units.
        In each epoch half of the images are mirrored.
        Where the loss of the validation part has not fallen for three epochs, the learning rate becomes a fifth.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 10, BatchSize: 32, LearningRate: 1e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Cifar10;

    protected override Transform[] Changes => [new RandomHorizontalFlip()];

    protected override Sequential Build(string activation) => new(
        new Conv2d(3, 32, 3), Activation.FromName(activation), new MaxPool2d(2),
        new Conv2d(32, 64, 3), Activation.FromName(activation), new MaxPool2d(2),
        new Conv2d(64, 64, 3), Activation.FromName(activation), new Flatten(),
        new Dense(64 * 4 * 4, 64), Activation.FromName(activation),
        new Dense(64, 10));

    protected override Trainer Learn(Module<Tensor, Tensor> model, TrainingSession session, int steps)
    {
        var optimizer = new Adam(model.Parameters(), session.Settings.LearningRate);
        return new Trainer(model, optimizer, new CrossEntropy())
        {
            Plateau = new PlateauScheduler(optimizer, factor: 0.2, patience: 2),
            Checkpoints = session.Checkpoints,
        };
    }
}
