using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Fashion-MNIST: 60,000 gray images of 28 × 28 pixels of clothes for training, and 10,000 for the test.</summary>
/// <remarks>
/// H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms,
/// <see href="https://arxiv.org/abs/1708.07747"/>. It is read from the official IDX files, gzipped or not.
/// </remarks>
public static class FashionMnist
{
    private static readonly DataPlaces Places = new("Fashion-MNIST", ["fashion-mnist", "FashionMNIST/raw", "FashionMNIST", "fashion"],
        "/usr/share/datasets/fashion-mnist", IdxImages.Wanted,
        "https://github.com/zalandoresearch/fashion-mnist, on Debian by the package dataset-fashion-mnist");

    /// <summary>
    /// The images for training and those for the test, shape [1, 28, 28], pixels from 0 (background) to 1. The test should choose nothing:
    /// split a validation part off the others (<see cref="Dataset{TBatch}.Split"/>).
    /// </summary>
    /// <param name="folder">
    /// The folder with the files, or the one above it with a folder fashion-mnist or FashionMNIST/raw; null for that in the environment
    /// variable TINYNET_DATA, or else where Debian's package has put it. The files may be a part of the official ones: up to 60,000 and
    /// 10,000 images.
    /// </param>
    /// <exception cref="DataNotFoundException">The files are not there; the message says which, where, and who has them.</exception>
    /// <exception cref="DataFormatException">A file is truncated, damaged, too long, or not what its name says.</exception>
    public static (ImageDataset Train, ImageDataset Test) Load(string? folder = null) => IdxImages.Load("fashion-mnist", folder, Places,
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]);
}
