using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A height and a width; one number, as in <c>kernelSize: 3</c>, stands for both.</summary>
/// <param name="Height">Along the columns of an image.</param>
/// <param name="Width">Along its rows.</param>
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>The same number for both.</summary>
    public static implicit operator Extent(int size) => new(size, size);

    /// <summary>A pair (height, width).</summary>
    public static implicit operator Extent((int Height, int Width) sizes) => new(sizes.Height, sizes.Width);

    /// <summary>As in <c>3</c> or <c>3 x 5</c>.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"{Height} x {Width}";

    internal Extent EnsurePositive(string name)
    {
        Require.Positive(Height, name);
        Require.Positive(Width, name);
        return this;
    }

    internal Extent EnsureNotNegative(string name)
    {
        Require.NotNegative(Height, name);
        Require.NotNegative(Width, name);
        return this;
    }
}
