using static TorchSharp.torch;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace TinyNet.Bench;

/// <summary>The workloads of networks for images.</summary>
internal static class TorchImages
{
    public static IEnumerable<TorchWorkload> Workloads =>
    [
        .. Convolutions("cnn_seed/train/b64", TorchNetworks.Seed, 64, 3, 32, TorchOptimizers.Sgd, FusedOptimizer.Sgd),
        .. Convolutions("cnn_mnist/train/b64", TorchNetworks.Mnist, 64, 1, 28, TorchOptimizers.Adam, FusedOptimizer.Adam),
        .. Convolutions("cnn_keras/train/b32", TorchNetworks.Keras, 32, 3, 32, TorchOptimizers.Adam, FusedOptimizer.Adam),
        new("resblock/train/b16", () => Residual(new TorchResidual(), Images(16, 64, 32))),
        new("resblock/train/b16#channels_last", () => Residual(ChannelsLast.Of(new TorchResidual()), ChannelsLast.Of(Images(16, 64, 32)))),
        new("resblock/train/b16#inplace", () => Residual(new TorchResidual(inPlace: true), Images(16, 64, 32))),
        new("resblock/train/b16#channels_last_inplace",
            () => Residual(ChannelsLast.Of(new TorchResidual(inPlace: true)), ChannelsLast.Of(Images(16, 64, 32)))),
        .. MnistInference(1),
        .. MnistInference(64),
        new("infer/resblock/b16", () => TorchWork.Inference(TorchResidual.Trained(), Images(16, 64, 32))),
        new("infer/resblock/b16#channels_last",
            () => TorchWork.Inference(ChannelsLast.Of(TorchResidual.Trained()), ChannelsLast.Of(Images(16, 64, 32)))),
        new("infer/resblock/b16#fold_bn", () =>
        {
            // The random numbers in the order of the others.
            var (block, images) = (TorchResidual.Trained(), Images(16, 64, 32));
            return TorchWork.Inference(block.Fold(), images);
        }),
        new("infer/resblock/b16#fold_bn_channels_last", () =>
        {
            var (block, images) = (TorchResidual.Trained(), Images(16, 64, 32));
            return TorchWork.Inference(ChannelsLast.Of(block.Fold()), ChannelsLast.Of(images));
        }),
    ];

    private static IEnumerable<TorchWorkload> Convolutions(
        string name, Func<Model> model, int batch, int channels, int size, TorchOptimizer own, TorchOptimizer fused) =>
    [
        new(name, () => TorchWork.Training(model(), Images(batch, channels, size), Labels(batch), own)),
        new($"{name}#fused", () => TorchWork.Training(model(), Images(batch, channels, size), Labels(batch), fused)),
        new($"{name}#channels_last",
            () => TorchWork.Training(ChannelsLast.Of(model()), ChannelsLast.Of(Images(batch, channels, size)), Labels(batch), own)),
        new($"{name}#channels_last_fused",
            () => TorchWork.Training(ChannelsLast.Of(model()), ChannelsLast.Of(Images(batch, channels, size)), Labels(batch), fused)),
    ];

    private static TorchWork Residual(Model model, Tensor images) =>
        TorchWork.Training(model, images, Labels(16), TorchOptimizers.Sgd);

    private static IEnumerable<TorchWorkload> MnistInference(int batch) =>
    [
        new($"infer/cnn_mnist/b{batch}", () => TorchWork.Inference(TorchNetworks.Mnist(), Images(batch, 1, 28))),
        new($"infer/cnn_mnist/b{batch}#channels_last",
            () => TorchWork.Inference(ChannelsLast.Of(TorchNetworks.Mnist()), ChannelsLast.Of(Images(batch, 1, 28)))),
        new($"infer/cnn_mnist/b{batch}#mkldnn", () => TorchScripts.MnistInBlocks(TorchNetworks.Mnist(), Images(batch, 1, 28))),
    ];

    private static Tensor Images(int batch, int channels, int size) => randn(batch, channels, size, size);

    private static Tensor Labels(int count) => randint(0, 10, [count], int64);
}
