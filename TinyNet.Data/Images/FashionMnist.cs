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
        "https://github.com/zalandoresearch/fashion-mnist (FashionMnist.DownloadAsync does), on Debian by the package "
        + "dataset-fashion-mnist");

    // Addresses and checksums are those of the publisher's page, https://github.com/zalandoresearch/fashion-mnist.
    private static readonly RemoteFile[] Remote =
    [
        File("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
        File("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29_515),
        File("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        File("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ];

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

    /// <summary>
    /// Downloads the files from the publisher, for <see cref="Load"/>. What is there already, and has the publisher's checksum, is left
    /// alone; what has broken off goes on where it was.
    /// </summary>
    /// <param name="folder">
    /// Where the files are to be: a folder named fashion-mnist, or one in which that is made; null for that in the environment variable
    /// TINYNET_DATA.
    /// </param>
    /// <param name="progress">What is told how far each file is; null for nothing.</param>
    /// <param name="cancellation">Ends the download; what has come is kept for the next one.</param>
    /// <returns>The folder with the files.</returns>
    /// <exception cref="ArgumentException">No folder was given, and the variable is not set.</exception>
    /// <exception cref="DownloadException">
    /// A file did not come, or has another checksum than the publisher's; then nothing of it is kept.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written, or another download of it is under way.</exception>
    /// <exception cref="OperationCanceledException">The download was canceled.</exception>
    public static Task<string> DownloadAsync(
        string? folder = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        Downloader.RunAsync(Places, Remote, folder, progress, cancellation);

    private static RemoteFile File(string name, string md5, long bytes) =>
        new(name, new Uri($"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/{name}"), md5, bytes);
}
