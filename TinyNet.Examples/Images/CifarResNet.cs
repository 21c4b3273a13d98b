using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>A small residual network on CIFAR-10.</summary>
internal sealed class CifarResNet : ImageExample
{
    private const int Width = 32;
    private const float WeightDecay = 5e-4f, LabelSmoothing = 0.1f, LogitScale = 0.125f;
    private const double WarmupFraction = 0.2;

    public override string Name => "cifar-resnet";

    public override string Summary => "CIFAR-10, by a residual network of eight convolutions, on shifted, mirrored, partly covered images";

    public override string Description =>
        $"""
        Train a residual network on CIFAR-10: 50,000 photographs of 32 x 32 pixels in color, of 10 classes, and 10,000 for the test at the
        end.

        A tenth of the 50,000 is the validation part, which is scored after each epoch and not learned from. The network is the ResNet-9
        of David Page ("How to train your ResNet", 2018) at half its width: convolutions with {Width}, {2 * Width}, {4 * Width} and
        {8 * Width} channels, each with batch normalization, and a residual block of two after the second and after the last. In each epoch
        every image is shifted by up to 4 pixels, half are mirrored, and a square of 8 x 8 pixels is covered.

        It learns by SGD with Nesterov's momentum; the learning rate rises in the first fifth of the steps and falls to 0 along a cosine.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 60, BatchSize: 128, LearningRate: 0.1f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Cifar10;

    protected override Transform[] Changes => [new RandomCrop(padding: 4), new RandomHorizontalFlip(), new Cutout(8)];

    protected override Sequential Build(string activation)
    {
        return new Sequential(
            Convolution(3, Width),
            Convolution(Width, 2 * Width), new MaxPool2d(2),
            new Residual(new Sequential(Convolution(2 * Width, 2 * Width), Convolution(2 * Width, 2 * Width))),
            Convolution(2 * Width, 4 * Width), new MaxPool2d(2),
            Convolution(4 * Width, 8 * Width), new MaxPool2d(2),
            new Residual(new Sequential(Convolution(8 * Width, 8 * Width), Convolution(8 * Width, 8 * Width))),
            new GlobalMaxPool(), new Flatten(),
            new Dense(8 * Width, 10), new Lambda(scores => scores * LogitScale, "Scale"));

        Sequential Convolution(int from, int to) => new(
            new Conv2d(from, to, 3, padding: 1, bias: false), new BatchNorm2d(to), Activation.FromName(activation));
    }

    protected override Trainer Learn(Module<Tensor, Tensor> model, TrainingSession session, int steps) => new(
        model,
        new SGD(model.Parameters(), session.Settings.LearningRate, momentum: 0.9f, nesterov: true, weightDecay: WeightDecay),
        new CrossEntropy(LabelSmoothing))
    {
        StepSchedule = new WarmupCosineSchedule((int)(WarmupFraction * steps), steps),
        Checkpoints = session.Checkpoints,
    };
}
