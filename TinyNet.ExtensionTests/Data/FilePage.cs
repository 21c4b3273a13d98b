using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.ExtensionTests;

/// <summary>What the page about files shows of data that are not here: compiled, and not run.</summary>
public static class FilePage
{
    public static async Task Download()
    {
        // <files>
        await FashionMnist.DownloadAsync("data");             // or Cifar10.DownloadAsync
        var (train, test) = FashionMnist.Load("data");
        // </files>
    }

    public static void Digits()
    {
        // <files>
        var (train, test) = Mnist.Load("data");               // or FashionMnist.Load()
        var (kept, validation) = train.Split(0.1);            // the test set chooses nothing
        foreach (var (images, labels) in new DataLoader(kept, batchSize: 64, shuffle: true, seed: 1))
        {
            Console.WriteLine($"{images.Shape} {labels.Shape}");     // [64, 1, 28, 28] from 0 to 1, and [64]
        }
        // </files>
    }

    public static void Colors()
    {
        // <files>
        var (train, test) = Cifar10.Load("data");             // [3, 32, 32]: red, green, blue
        var (classes, _) = Cifar100.Load("data");             // 100 classes
        var (groups, _) = Cifar100.Load("data", groups: true);   // the 20 groups of them
        // </files>
    }

    public static void Tables()
    {
        // <files>
        var flowers = CsvTable.Load("iris.csv").ToClassification("species");
        var houses = CsvTable.Load("houses.csv").Without("id").ToRegression("price");
        // </files>
    }

    public static void Arrays(Tensor logits)
    {
        // <files>
        var images = Npy.Load("images.npy").ToTensor();
        var arrays = Npz.Load("data.npz");
        var labels = arrays["y"].ToIndexTensor();
        Npz.Save("results.npz", new Dictionary<string, NumpyArray> { ["logits"] = NumpyArray.From(logits) });
        // </files>
    }
}
