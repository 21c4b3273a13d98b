namespace TinyNet.Data;

/// <summary>
/// The numbers of one image while it is transformed: [channels, height, width], row-major, where the batch will lie. A row of features
/// [channels] counts as an image of 1 × 1. The default is an image without pixels.
/// </summary>
public readonly ref struct ImageSpan
{
    private readonly TransformScratch _scratch;

    internal ImageSpan(Span<float> values, int channels, int height, int width, TransformScratch scratch)
    {
        Values = values;
        (Channels, Height, Width, _scratch) = (channels, height, width, scratch);
    }

    /// <summary>All numbers; what is written there is what the next transform sees.</summary>
    public Span<float> Values { get; }

    /// <summary>The number of channels: 1 for gray, 3 for color.</summary>
    public int Channels { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>The numbers of one channel, row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public Span<float> Channel(int channel) => Values.Slice(channel * Height * Width, Height * Width);

    /// <summary>One row of one channel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel or row.</exception>
    public Span<float> Row(int channel, int row) => Channel(channel).Slice(row * Width, Width);

    /// <summary>
    /// The image as it is now, in memory of its own, for a transform that reads where it has written. It is there until the transform ends
    /// or asks again; nothing is allocated for it in a steady step.
    /// </summary>
    public ReadOnlySpan<float> Copy()
    {
        var copy = Scratch(Values.Length);
        Values.CopyTo(copy);
        return copy;
    }

    /// <summary>Memory for so many numbers, with anything in it; there until the transform ends or asks again.</summary>
    internal Span<float> Scratch(int length) => length > 0 ? _scratch.Take(length) : [];
}
