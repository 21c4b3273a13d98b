using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Fills a square around a random pixel, so that the network has to look at all of a thing. Every pixel of the image is as often the
/// center, so the square may lie outside in part (T. DeVries and G. W. Taylor, "Improved regularization of convolutional neural networks
/// with cutout", arXiv 1708.04552, 2017: 16 pixels on CIFAR-10, 8 on CIFAR-100).
/// </summary>
public sealed class Cutout : Transform
{
    /// <summary>Makes the transform.</summary>
    /// <param name="size">Height and width of the square, in pixels: from center − ⌊size / 2⌋ on.</param>
    /// <param name="fill">
    /// The number in the square. The paper's 0 after <see cref="Normalize"/> is the mean color; so put it last.
    /// </param>
    /// <param name="probability">How often; in the paper always.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size is not positive, the fill no number, or the probability not in [0, 1].
    /// </exception>
    public Cutout(int size, float fill = 0, float probability = 1)
    {
        Size = Require.Positive(size);
        Fill = Require.Finite(fill);
        Probability = Require.Probability(probability);
    }

    /// <summary>Height and width of the square, in pixels.</summary>
    public int Size { get; }

    /// <summary>The number in the square.</summary>
    public float Fill { get; }

    /// <summary>How often an image gets a square.</summary>
    public float Probability { get; }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(Cutout), ("size", Size), ("fill", Fill), ("probability", Probability));

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (image.Values.Length == 0 || random.Uniform() >= Probability)
        {
            return;
        }

        var (top, bottom) = Side(random.Next(image.Height), image.Height);
        var (left, right) = Side(random.Next(image.Width), image.Width);
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int y = top; y < bottom; y++)
            {
                image.Row(channel, y)[left..right].Fill(Fill);
            }
        }
    }

    /// <summary>The part of an axis that a square around a center covers.</summary>
    private (int First, int End) Side(int center, int size)
    {
        long first = (long)center - Size / 2;
        return ((int)Math.Max(first, 0), (int)Math.Min(first + Size, size));
    }
}
