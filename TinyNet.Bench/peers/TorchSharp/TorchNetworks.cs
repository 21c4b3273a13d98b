using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>Networks whose layers follow each other.</summary>
internal static class TorchNetworks
{
    public static Sequential Perceptron() => Perceptron(784, 256, 128, 10);

    public static Sequential Perceptron(params long[] sizes)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            if (i > 0)
            {
                layers.Add(nn.ReLU());
            }

            layers.Add(nn.Linear(sizes[i], sizes[i + 1]));
        }

        return nn.Sequential(layers);
    }

    public static Sequential Seed() => nn.Sequential(
        nn.Conv2d(3, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2048, 128), nn.ReLU(), nn.Linear(128, 10));

    public static Sequential Mnist() => nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10));

    public static Sequential Keras() => nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10));

    public static Sequential Deep()
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (int i = 0; i < 20; i++)
        {
            layers.Add(nn.Linear(i == 0 ? 100 : 64, 64));
            layers.Add(nn.Sigmoid());
        }

        layers.Add(nn.Linear(64, 1));
        layers.Add(nn.Sigmoid());
        return nn.Sequential(layers);
    }
}

/// <summary>
/// The layout that PyTorch calls channels_last. TorchSharp has its name and no method that takes it: no to, contiguous or clone; but
/// strides survive permute and contiguous.
/// </summary>
internal static class ChannelsLast
{
    public static Tensor Of(Tensor x)
    {
        using var permuted = x.permute(0, 2, 3, 1);
        using var dense = permuted.contiguous();
        return dense.permute(0, 3, 1, 2);
    }

    /// <summary>Gives the weights of a model's convolutions this layout.</summary>
    public static T Of<T>(T model)
        where T : nn.Module
    {
        using var none = no_grad();
        foreach (var convolution in model.modules().OfType<Conv2d>())
        {
            using var weight = Of(convolution.weight!);
            convolution.weight = nn.Parameter(weight.detach());
        }

        return model;
    }
}
