using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Images;

/// <summary>
/// PNG and JPEG files with classes: a folder that has a folder for each class, with its images in it. Files are read and decoded when their
/// samples are, each time anew, on the threads of the loader.
/// </summary>
/// <remarks>
/// <para>Classes come in the order of their names, and so do the images of each (by the codes of their characters). The ends of names,
/// .png, .jpg and .jpeg, may be in capitals; what a file is, its contents say. Hidden files and folders are passed over.</para>
/// <para>A batch has the images as numbers from 0 to 1, [samples, channels, height, width]; its fields are called "image" and "label".
/// <see cref="ImageFile"/> says how a file becomes numbers, and what is refused.</para>
/// </remarks>
/// <example>
/// <code>
/// var data = new ImageFolder("flowers", height: 64, width: 64);
/// var (train, test) = data.Split(0.2, seed: 1);
/// using var loader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1);
/// </code>
/// </example>
public sealed class ImageFolder : Dataset<ClassificationBatch>
{
    private const int BatchSize = 32;
    private readonly string[] _files;
    private readonly int _channels, _height, _width;
    private readonly ImageFit _fit;
    private readonly NumberField _image;
    private readonly IndexField _label;

    /// <summary>Lists the files of a folder. None is opened.</summary>
    /// <param name="folder">The folder; the dataset has its name.</param>
    /// <param name="height">The height to which the images come, in pixels.</param>
    /// <param name="width">The width to which they come.</param>
    /// <param name="channels">3 for red, green and blue, 1 for their brightness.</param>
    /// <param name="fit">What happens to an image of another shape.</param>
    /// <param name="classNames">
    /// The classes in order, each with a folder, as a training set has them for its test set; by default all that there are.
    /// </param>
    /// <exception cref="ArgumentException">There is no name of a folder or class, or a class is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or the channels are neither 1 nor 3.</exception>
    /// <exception cref="ShapeException">No tensor has so many pixels.</exception>
    /// <exception cref="DataNotFoundException">
    /// There is no such folder, it has no folder of a class, or images in none; or a folder of a class has no image, or something else.
    /// </exception>
    public ImageFolder(string folder, int height, int width, int channels = 3, ImageFit fit = ImageFit.Crop,
        params ReadOnlySpan<string> classNames)
        : this(ClassFolders.Find(folder, classNames), height, width, channels, fit)
    {
    }

    private ImageFolder(ClassFolders found, int height, int width, int channels, ImageFit fit)
        : base(found.Name, found.Labels, found.ClassNames)
    {
        (_height, _width) = (Require.Positive(height), Require.Positive(width));
        (_channels, _fit) = (ImageFile.RequireChannels(channels), Require.Defined(fit));
        _files = found.Files;
        _image = Numbers("image", channels, height, width);
        _label = Indices("label");
    }

    /// <summary>The file of each sample.</summary>
    public ReadOnlySpan<string> Files => _files;

    /// <inheritdoc/>
    public override ClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_image], tensors[_label]);

    /// <summary>
    /// Decodes all images once, into a dataset in memory with a byte for each value of a pixel: batches come much faster then. It costs
    /// height · width · channels bytes an image, and the rounding to 1/255.
    /// </summary>
    /// <exception cref="SampleException">A file is no image, damaged, cut off or too large, or cannot be read.</exception>
    /// <exception cref="TensorException">They are more bytes than an array holds, or than there is memory for.</exception>
    public ImageDataset ToMemory()
    {
        byte[] pixels = Allocation.OnHost<byte>([Count, _image.Length], $"ToMemory of '{Name}'");
        using var loader = new DataLoader<ClassificationBatch>(this, BatchSize, prefetch: Environment.ProcessorCount);
        int next = 0;
        foreach (var (images, _) in loader)
        {
            foreach (float number in images.ToArray())
            {
                pixels[next++] = ImageFile.ToByte(number);
            }
        }

        return new ImageDataset(Name, pixels, [_channels, _height, _width], Labels.ToArray(), ClassNames.ToArray());
    }

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        ImageFile.Read(_files[sample.Index], _channels, _height, _width, _fit, sample[_image]);
        sample[_label][0] = Labels[sample.Index];
    }
}
