using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Mirrors an image left to right, with a probability: for things that look alike from both sides.</summary>
/// <param name="probability">How often.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed class RandomHorizontalFlip(float probability = 0.5f) : Transform
{
    /// <summary>How often an image is mirrored.</summary>
    public float Probability { get; } = Require.Probability(probability);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(RandomHorizontalFlip), ("probability", Probability));

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (random.Uniform() < Probability)
        {
            for (var rows = image.Values; rows.Length > 0; rows = rows[image.Width..])
            {
                rows[..image.Width].Reverse();
            }
        }
    }
}

/// <summary>Mirrors an image top to bottom, with a probability: for views from above.</summary>
/// <param name="probability">How often.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed class RandomVerticalFlip(float probability = 0.5f) : Transform
{
    /// <summary>How often an image is mirrored.</summary>
    public float Probability { get; } = Require.Probability(probability);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(RandomVerticalFlip), ("probability", Probability));

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (random.Uniform() < Probability)
        {
            var from = image.Copy();
            for (int row = 0, rows = image.Channels * image.Height; row < rows; row++)
            {
                int top = row - row % image.Height, mirrored = top + image.Height - 1 - (row - top);
                from.Slice(row * image.Width, image.Width).CopyTo(image.Values[(mirrored * image.Width)..]);
            }
        }
    }
}
