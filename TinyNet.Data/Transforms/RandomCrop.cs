using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Puts a margin around an image and cuts a piece of the old size out, at a random place: shifts by whole pixels, each of
/// (2 · margin + 1)² equally often. What He et al. ("Deep residual learning", CVPR 2016) do with 4 pixels on CIFAR-10.
/// </summary>
public sealed class RandomCrop : Transform
{
    private const int Outside = -1;

    /// <summary>Makes the transform.</summary>
    /// <param name="padding">The width p of the margin on all four sides, in pixels.</param>
    /// <param name="mode">What stands in the margin.</param>
    /// <param name="fill">The number there, if it is a constant.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is negative, there is no such mode, or the fill is no number.</exception>
    public RandomCrop(int padding, PaddingMode mode = PaddingMode.Constant, float fill = 0)
    {
        // Twice the margin and 1 is a number of places.
        Padding = Require.Between(0, int.MaxValue / 2 - 1, padding);
        Mode = Require.Defined(mode);
        Fill = Require.Finite(fill);
    }

    /// <summary>The width of the margin on all four sides, in pixels.</summary>
    public int Padding { get; }

    /// <summary>What stands in the margin.</summary>
    public PaddingMode Mode { get; }

    /// <summary>The number in the margin, if it is a constant.</summary>
    public float Fill { get; }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(RandomCrop), ("padding", Padding), ("mode", Mode), ("fill", Mode == PaddingMode.Constant ? Fill : null));

    /// <inheritdoc/>
    public override void EnsureFits(int channels, int height, int width)
    {
        if (Mode == PaddingMode.Reflect && Padding >= Math.Min(height, width))
        {
            throw new ShapeException("RandomCrop", $"a margin of {Padding} does not reflect an image of {height} x {width}, which has no "
                + "more than that", "use a smaller margin, or another mode");
        }
    }

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int places = 2 * Padding + 1, down = random.Next(places) - Padding, right = random.Next(places) - Padding;
        if (down != 0 || right != 0)
        {
            Shift(image, down, right);
        }
    }

    /// <summary>Makes pixel (y, x) what pixel (y + down, x + right) of the padded image is.</summary>
    internal void Shift(ImageSpan image, int down, int right)
    {
        var from = image.Copy();
        int width = image.Width, first = Math.Clamp(-right, 0, width), end = Math.Clamp(width - right, first, width);
        for (int row = 0, rows = image.Channels * image.Height; row < rows; row++)
        {
            var to = image.Values.Slice(row * width, width);
            int y = row % image.Height, source = Inside(y + down, image.Height);
            if (source == Outside)
            {
                to.Fill(Fill);
                continue;
            }

            var line = from.Slice((row - y + source) * width, width);
            if (first < end)
            {
                line[(first + right)..(end + right)].CopyTo(to[first..end]);
            }

            for (int x = 0; x < first; x++)
            {
                to[x] = Margin(line, x + right);
            }

            for (int x = end; x < width; x++)
            {
                to[x] = Margin(line, x + right);
            }
        }
    }

    private float Margin(ReadOnlySpan<float> line, int place) => Inside(place, line.Length) is var x and not Outside ? line[x] : Fill;

    /// <summary>Where the pixel comes from that stands at a place of a padded axis.</summary>
    private int Inside(int place, int size) => Mode switch
    {
        _ when (uint)place < (uint)size => place,
        PaddingMode.Reflect => place < 0 ? -place : 2 * (size - 1) - place,
        PaddingMode.Replicate => Math.Clamp(place, 0, size - 1),
        _ => Outside,
    };
}
