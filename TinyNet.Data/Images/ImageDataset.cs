using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Images with classes, all in memory, a byte for each value of a pixel; a batch has them as numbers from 0 to 1: the byte over 255.
/// Immutable, so it may be read from several threads.
/// </summary>
/// <remarks>Its fields are called "image" and "label".</remarks>
public sealed class ImageDataset : Dataset<ClassificationBatch>
{
    private static readonly float[] Values = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(value => value / (float)byte.MaxValue)];
    private readonly byte[] _pixels;
    private readonly NumberField _image;
    private readonly IndexField _label;

    /// <summary>Makes a dataset over the given arrays. They are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="pixels">The images one after another, each row-major in its shape.</param>
    /// <param name="imageShape">The shape of one image: colors, height, width.</param>
    /// <param name="labels">The class of each image, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other, or there is no class, or one without name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    /// <exception cref="ShapeException">The shape is that of no tensor, or leaves no axis for the images.</exception>
    public ImageDataset(string name, byte[] pixels, int[] imageShape, int[] labels, string[] classNames) : base(name, labels, classNames)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(imageShape);
        _image = Numbers("image", imageShape);
        _label = Indices("label");
        if (pixels.LongLength != (long)Count * _image.Length)
        {
            throw new ArgumentException($"dataset '{name}': {Count} samples of {_image} are {(long)Count * _image.Length} values, but "
                + $"there are {pixels.Length}", nameof(pixels));
        }

        _pixels = pixels;
    }

    /// <summary>All images one after another.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <inheritdoc/>
    public override ClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_image], tensors[_label]);

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        var pixels = _pixels.AsSpan(sample.Index * _image.Length, _image.Length);
        var image = sample[_image];
        for (int i = 0; i < pixels.Length; i++)
        {
            image[i] = Values[pixels[i]];
        }

        sample[_label][0] = Labels[sample.Index];
    }
}
