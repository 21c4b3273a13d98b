using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Turns, zooms and shifts an image by random amounts, all at once: each pixel of the result is read between the pixels of the image, by
/// bilinear interpolation. About the center c, a pixel p of the image goes to c + t + z R(θ) (p − c), with a rotation R by θ, a
/// zoom z and a shift t. Outside of the image is a constant.
/// </summary>
public sealed class RandomAffine : Transform
{
    /// <summary>Makes the transform. What is not given does not change.</summary>
    /// <param name="degrees">The largest angle: θ is uniform in [−degrees, degrees).</param>
    /// <param name="shift">The largest shift, as a part of height and width: t is uniform in both directions, not in whole pixels.</param>
    /// <param name="zoom">The largest zoom: z is uniform in [1 − zoom, 1 + zoom).</param>
    /// <param name="fill">The number that stands outside of the image.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The angle is not in [0, 360], the shift not in [0, 1], the zoom not in [0, 1), or the fill no number.
    /// </exception>
    public RandomAffine(float degrees = 0, float shift = 0, float zoom = 0, float fill = 0)
    {
        Degrees = Require.Between(0, 360, degrees);
        Shift = Require.Between(0, 1, shift);
        Zoom = Require.Fraction(zoom);
        Fill = Require.Finite(fill);
    }

    /// <summary>The largest angle, in degrees.</summary>
    public float Degrees { get; }

    /// <summary>The largest shift, as a part of height and width.</summary>
    public float Shift { get; }

    /// <summary>The largest zoom, as a part of the size.</summary>
    public float Zoom { get; }

    /// <summary>The number that stands outside of the image.</summary>
    public float Fill { get; }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(RandomAffine), ("degrees", Degrees), ("shift", Shift), ("zoom", Zoom), ("fill", Fill));

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double radians = random.Uniform(-Degrees, Degrees) * (Math.PI / 180);
        double right = random.Uniform(-Shift, Shift) * (double)image.Width, down = random.Uniform(-Shift, Shift) * (double)image.Height;
        double zoom = random.Uniform(1 - Zoom, 1 + Zoom);
        AffineSampling.Apply(image, radians, right, down, zoom, Fill);
    }
}
