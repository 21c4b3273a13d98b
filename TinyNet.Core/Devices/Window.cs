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
    public int Windows(int length)
    {
        long room = (long)length + PadBefore + PadAfter - Span;
        return room < 0 ? 0 : checked((int)(room / Stride + 1));
    }
}

/// <summary>How windows slide over an image.</summary>
/// <param name="Height">From top to bottom.</param>
/// <param name="Width">From left to right.</param>
public readonly record struct Window(WindowAxis Height, WindowAxis Width);
