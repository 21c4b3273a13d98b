namespace TinyNet.Core;

/// <summary>
/// How windows slide along one axis of an image: a window has <see cref="Size"/> taps, <see cref="Dilation"/> apart, and one starts every
/// <see cref="Stride"/> elements.
/// </summary>
/// <param name="Size">The number of taps.</param>
/// <param name="Stride">The step from one window to the next.</param>
/// <param name="Dilation">The step from one tap to the next.</param>
/// <param name="PadBefore">Zeros in front of the axis.</param>
/// <param name="PadAfter">Zeros behind the axis.</param>
public readonly record struct WindowAxis(int Size, int Stride = 1, int Dilation = 1, int PadBefore = 0, int PadAfter = 0)
{
    /// <summary>The elements from the first tap to the last, or the largest integer where they are more: no axis has so many.</summary>
    public int Span => (int)Math.Min((long)Dilation * (Size - 1) + 1, int.MaxValue);

    /// <summary>How many windows fit, ⌊(length + padding − span) / stride⌋ + 1; 0 where none does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length or the padding is negative, the size, the stride or the dilation is not positive, or there are more windows than an
    /// integer counts.
    /// </exception>
    public int Windows(int length)
    {
        EnsureSlides(length);
        long room = (long)length + PadBefore + PadAfter - Span;
        return room < 0 ? 0 : Count(room / Stride + 1);
    }

    /// <summary>Refuses windows that do not slide over an axis, whatever its length.</summary>
    internal void EnsureSlides(int length)
    {
        Require.Positive(Size);
        Require.Positive(Stride);
        Require.Positive(Dilation);
        Require.NotNegative(PadBefore);
        Require.NotNegative(PadAfter);
        Require.NotNegative(length);
    }

    /// <summary>A number of windows, if it is an integer.</summary>
    internal static int Count(long windows) => (int)Require.Between(0, int.MaxValue, windows);
}

/// <summary>How windows slide over an image.</summary>
/// <param name="Height">From top to bottom.</param>
/// <param name="Width">From left to right.</param>
public readonly record struct Window(WindowAxis Height, WindowAxis Width);
