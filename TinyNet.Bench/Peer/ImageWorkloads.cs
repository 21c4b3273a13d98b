using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The workloads of networks for images.</summary>
internal static class ImageWorkloads
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(
            "cnn_seed/train/b64",
            "CNN of 16 and 32 channels on 3 x 32 x 32, one SGD step, batch 64",
            () => Descend(SeedNetwork(), Images(64, 3, 32))),
        new(
            "cnn_mnist/train/b64",
            "CNN of 32 and 64 channels on 1 x 28 x 28, one Adam step, batch 64",
            () => Adapt(MnistNetwork(), Images(64, 1, 28))),
        new(
            "cnn_keras/train/b32",
            "CNN of 32, 64 and 64 channels on 3 x 32 x 32, one Adam step, batch 32",
            () => Adapt(KerasNetwork(), Images(32, 3, 32))),
        new(
            "resblock/train/b16",
            "residual block of 64 channels on 32 x 32, one SGD step, batch 16",
            () => Descend(new ResidualNetwork(), Images(16, 64, 32))),
        new(
            "infer/cnn_mnist/b1",
            "CNN on 1 x 28 x 28, inference of one image",
            () => Workload.Inference(MnistNetwork(), Images(1, 1, 28))),
        new(
            "infer/cnn_mnist/b64",
            "CNN on 1 x 28 x 28, inference of 64 images",
            () => Workload.Inference(MnistNetwork(), Images(64, 1, 28))),
        new(
            "infer/resblock/b16",
            "residual block, inference of 16 images",
            () => Workload.Inference(new ResidualNetwork(), Images(16, 64, 32))),
    ];

    private static PreparedWork Descend(Module<Tensor, Tensor> model, Tensor images) =>
        Workload.Training(model, images, new SGD(model.Parameters(), 0.01f, 0.9f));

    private static PreparedWork Adapt(Module<Tensor, Tensor> model, Tensor images) =>
        Workload.Training(model, images, new Adam(model.Parameters(), learningRate: 1e-3f));

    private static Tensor Images(int count, int channels, int size) => Tensor.Normal([count, channels, size, size], RandomStream.Default);

    private static Sequential SeedNetwork() => new(
        new Conv2d(3, 16, 3, padding: 1), new ReLU(), new MaxPool2d(2),
        new Conv2d(16, 32, 3, padding: 1), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Dense(2048, 128), new ReLU(), new Dense(128, 10));

    /// <summary>The network of mnist-cnn.</summary>
    internal static Sequential MnistNetwork() => new(
        new Conv2d(1, 32, 3), new ReLU(), new Conv2d(32, 64, 3), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Dense(9216, 128), new ReLU(), new Dense(128, 10));

    private static Sequential KerasNetwork() => new(
        new Conv2d(3, 32, 3), new ReLU(), new MaxPool2d(2),
        new Conv2d(32, 64, 3), new ReLU(), new MaxPool2d(2),
        new Conv2d(64, 64, 3), new ReLU(),
        new Flatten(), new Dense(1024, 64), new ReLU(), new Dense(64, 10));

    private sealed class ResidualNetwork : Module<Tensor, Tensor>
    {
        private readonly Sequential _branch;
        private readonly Dense _head;

        public ResidualNetwork()
        {
            _branch = Child("branch", new Sequential(
                new Conv2d(64, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), new ReLU(),
                new Conv2d(64, 64, 3, padding: 1, bias: false), new BatchNorm2d(64)));
            _head = Child("head", new Dense(64, 10));
        }

        protected override Tensor ForwardCore(Tensor images)
        {
            var y = (_branch.Forward(images) + images).Apply(new ReLUOp());
            return _head.Forward(y.Mean(new Axes(2, 3)));
        }
    }
}
