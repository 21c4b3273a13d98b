using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Resizes images [N, C, H, W], to a size or by a factor: an axis becomes ⌊factor · size⌋ long. Pixels are repeated (nearest), or
/// mixed from up to four neighbors (linear along both axes: bilinear).
/// </summary>
/// <example><c>new Upsample(scaleFactor: 2)</c> or <c>new Upsample(size: (32, 48), Interpolation.Linear)</c>.</example>
public sealed class Upsample : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Extent? _size;
    private readonly double _scaleFactor;
    private readonly Interpolation _interpolation;
    private readonly bool _alignCorners;

    /// <summary>Makes a layer that resizes by a factor.</summary>
    /// <param name="scaleFactor">By how much height and width grow.</param>
    /// <param name="interpolation">How pixels in between are made.</param>
    /// <param name="alignCorners">
    /// Whether, with linear interpolation, the corner pixels keep their places, instead of the edges of the image.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive, or there is no such interpolation.</exception>
    public Upsample(double scaleFactor, Interpolation interpolation = Interpolation.Nearest, bool alignCorners = false)
    {
        _scaleFactor = Require.Positive(scaleFactor);
        (_interpolation, _alignCorners) = (Require.Defined(interpolation), alignCorners);
    }

    /// <summary>Makes a layer that resizes to a size.</summary>
    /// <param name="size">The new height and width.</param>
    /// <param name="interpolation">How pixels in between are made.</param>
    /// <param name="alignCorners">
    /// Whether, with linear interpolation, the corner pixels keep their places, instead of the edges of the image.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or there is no such interpolation.</exception>
    public Upsample(Extent size, Interpolation interpolation = Interpolation.Nearest, bool alignCorners = false)
    {
        _size = size.EnsurePositive(nameof(size));
        (_interpolation, _alignCorners) = (Require.Defined(interpolation), alignCorners);
    }

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string Describe()
    {
        string change = _size is { } size ? $"to {size}" : FormattableString.Invariant($"by {_scaleFactor}");
        string interpolation = _interpolation == Interpolation.Nearest ? "nearest" : "bilinear";
        return $"Upsample({change}, {interpolation}{(_alignCorners ? ", aligned corners" : "")})";
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _size is { } size
        ? input.Resize(size.Height, size.Width, _interpolation, _alignCorners)
        : input.Resize(_scaleFactor, _interpolation, _alignCorners);
}
