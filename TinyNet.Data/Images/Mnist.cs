using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>MNIST: 60,000 gray images of 28 × 28 pixels of handwritten digits for training, and 10,000 for the test.</summary>
/// <remarks>
/// Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), Gradient-based learning applied to document recognition,
/// <see href="https://doi.org/10.1109/5.726791"/>. It is read from the official IDX files, gzipped or not.
/// </remarks>
public static class Mnist
{
    private static readonly DataPlaces Places = new("MNIST", ["mnist", "MNIST/raw", "MNIST"], systemFolder: null, IdxImages.Wanted,
        "http://yann.lecun.com/exdb/mnist/ or its copy https://ossci-datasets.s3.amazonaws.com/mnist/");

    /// <summary>
    /// The images for training and those for the test, shape [1, 28, 28], pixels from 0 (paper) to 1 (ink). The test should choose nothing:
    /// split a validation part off the others (<see cref="Dataset{TBatch}.Split"/>).
    /// </summary>
    /// <param name="folder">
    /// The folder with the files, or the one above it with a folder mnist or MNIST/raw; null for that in the environment variable
    /// TINYNET_DATA. The files may be a part of the official ones: up to 60,000 and 10,000 images.
    /// </param>
    /// <exception cref="DataNotFoundException">The files are not there; the message says which, where, and who has them.</exception>
    /// <exception cref="DataFormatException">A file is truncated, damaged, too long, or not what its name says.</exception>
    public static (ImageDataset Train, ImageDataset Test) Load(string? folder = null) =>
        IdxImages.Load("mnist", folder, Places, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}
