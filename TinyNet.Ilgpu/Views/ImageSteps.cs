using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Where the pixels of images [N, C, H, W] lie.</summary>
internal struct ImageSteps
{
    /// <summary>The first element, and the distances of neighbors along each axis.</summary>
    public int Offset, Image, Channel, Row, Column;

    /// <summary>The steps of a layout.</summary>
    public static ImageSteps Of(in Layout layout) => new()
    {
        Offset = layout.Offset,
        Image = layout.Strides[0],
        Channel = layout.Strides[1],
        Row = layout.Strides[2],
        Column = layout.Strides[3],
    };

    /// <summary>The first pixel of a channel of an image.</summary>
    public readonly int Plane(in Pixel pixel) => Offset + pixel.N * Image + pixel.C * Channel;

    /// <summary>Whether four channels of a group of so many, from a multiple of four on, can be read at once.</summary>
    public readonly bool AreAligned(int channels) => Channel == 1 && ((channels | Offset | Image | Row | Column) & 3) == 0;

    /// <summary>Where a pixel lies.</summary>
    public readonly int IndexOf(in Pixel pixel) => Plane(pixel) + pixel.Y * Row + pixel.X * Column;
}

/// <summary>One channel of a pixel.</summary>
internal struct Pixel
{
    public int N, C, Y, X;

    /// <summary>A pixel by its number, counted with the channels of a pixel beside each other, as images lie in memory.</summary>
    public static Pixel Of(int number, int channels, int height, int width)
    {
        int place = number / channels, line = place / width;
        return new Pixel { C = number - place * channels, X = place - line * width, Y = line % height, N = line / height };
    }
}
