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

    internal Extent EnsurePositive(string name) => Height > 0 && Width > 0
        ? this
        : throw new ArgumentOutOfRangeException(name, $"{Height} x {Width}", $"{name} is to be positive");

    internal Extent EnsureNotNegative(string name) => Height >= 0 && Width >= 0
        ? this
        : throw new ArgumentOutOfRangeException(name, $"{Height} x {Width}", $"{name} is not to be negative");
}
