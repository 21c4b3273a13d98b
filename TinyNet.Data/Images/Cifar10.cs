using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>CIFAR-10: 50,000 color images of 32 × 32 pixels of ten classes for training, and 10,000 for the test.</summary>
/// <remarks>
/// A. Krizhevsky (2009), Learning multiple layers of features from tiny images,
/// <see href="https://www.cs.toronto.edu/~kriz/cifar.html"/>. It is read from the official binary version, the files loose or in their
/// archive.
/// </remarks>
public static class Cifar10
{
    private const string Archive = "cifar-10-binary.tar.gz";
    private const string Address = $"https://www.cs.toronto.edu/~kriz/{Archive}";

    private static readonly DataPlaces Places = new(
        "CIFAR-10", ["cifar-10-batches-bin", "cifar-10", "cifar10", "CIFAR10"], systemFolder: null,
        $"the files data_batch_1.bin to data_batch_5.bin and test_batch.bin, or {Archive} (the binary version)",
        $"{Address} (Cifar10.DownloadAsync does)");

    private static readonly CifarFiles Files = new(
        "cifar10", Places, Archive,
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"], "test_batch.bin",
        recordsPerFile: 10_000, labels: 1);

    // The checksum is that of the publisher's page, https://www.cs.toronto.edu/~kriz/cifar.html, which says 162 MB.
    private static readonly RemoteFile[] Remote =
        [new(Archive, new Uri(Address), "c32a1d4ab5d03f1284b67883e8d87530", MostBytes: 163L << 20)];

    /// <summary>
    /// The images for training and those for the test, shape [3, 32, 32] (red, green, blue), from 0 to 1. The test should choose nothing:
    /// split a validation part off the others (<see cref="Dataset{TBatch}.Split"/>).
    /// </summary>
    /// <param name="folder">
    /// The folder with the files or the archive, or the one above it with a folder cifar-10-batches-bin or cifar10; null for that in the
    /// environment variable TINYNET_DATA. The files may be a part of the official ones: up to 10,000 images each.
    /// </param>
    /// <exception cref="DataNotFoundException">The files are not there; the message says which, where, and who has them.</exception>
    /// <exception cref="DataFormatException">A file is truncated, damaged, too long, or not what its name says.</exception>
    public static (ImageDataset Train, ImageDataset Test) Load(string? folder = null) => Files.Load(folder, label: 0,
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]);

    /// <summary>
    /// Downloads the archive from the publisher, for <see cref="Load"/>. One that is there already, and has the publisher's checksum, is
    /// left alone; one that has broken off goes on where it was.
    /// </summary>
    /// <param name="folder">
    /// Where it is to be: a folder named cifar-10-batches-bin, or one in which that is made; null for that in the environment variable
    /// TINYNET_DATA.
    /// </param>
    /// <param name="progress">What is told how far it is; null for nothing.</param>
    /// <param name="cancellation">Ends the download; what has come is kept for the next one.</param>
    /// <returns>The folder with the archive.</returns>
    /// <exception cref="ArgumentException">No folder was given, and the variable is not set.</exception>
    /// <exception cref="DownloadException">
    /// It did not come, or has another checksum than the publisher's; then nothing of it is kept.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or another download of it is under way.</exception>
    /// <exception cref="OperationCanceledException">The download was canceled.</exception>
    public static Task<string> DownloadAsync(
        string? folder = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        Downloader.RunAsync(Places, Remote, folder, progress, cancellation);
}
