using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TinyNet.Data;

/// <summary>Reads an image through a rotation, a zoom and a shift, between its pixels.</summary>
internal static class AffineSampling
{
    // A pixel before the image and two after it hold the constant: a place that is outside is moved to where all four of its neighbors
    // are the constant, so that the loop asks nothing.
    private const int Before = 1, Margin = 3;

    /// <summary>Puts a pixel p of the image to c + t + z R(θ) (p − c), with the center c and y downwards.</summary>
    /// <param name="image">The image.</param>
    /// <param name="radians">The angle θ; as y goes downwards, a positive one turns clockwise.</param>
    /// <param name="right">The shift along a row, in pixels.</param>
    /// <param name="down">The shift along a column, in pixels.</param>
    /// <param name="zoom">The zoom z.</param>
    /// <param name="fill">What stands outside.</param>
    public static void Apply(ImageSpan image, double radians, double right, double down, double zoom, float fill)
    {
        int height = image.Height, width = image.Width, pitch = width + Margin, plane = (height + Margin) * pitch;
        if (image.Values.Length == 0)
        {
            return;
        }

        var padded = Pad(image, fill);
        var (sin, cos) = Math.SinCos(radians);
        (sin, cos) = (sin / zoom, cos / zoom);
        double centerX = (width - 1) * 0.5, centerY = (height - 1) * 0.5, lastX = width + Before, lastY = height + Before;
        ref float source = ref MemoryMarshal.GetReference(padded);
        for (int y = 0; y < height; y++)
        {
            double dy = y - centerY - down, rowX = sin * dy + centerX + Before, rowY = cos * dy + centerY + Before;
            for (int x = 0; x < width; x++)
            {
                double dx = x - centerX - right;
                double atX = Inside(cos * dx + rowX, lastX), atY = Inside(rowY - sin * dx, lastY);
                // They lie in the padded image, so that nothing has to be looked at for a conversion.
                int left = double.ConvertToIntegerNative<int>(atX), top = double.ConvertToIntegerNative<int>(atY);
                float toRight = (float)(atX - left), toBottom = (float)(atY - top);
                ref float corner = ref Unsafe.Add(ref source, top * pitch + left);
                for (int channel = 0, to = y * width + x; channel < image.Channels; channel++, to += height * width)
                {
                    image.Values[to] = Between(ref corner, pitch, toRight, toBottom);
                    corner = ref Unsafe.Add(ref corner, plane);
                }
            }
        }
    }

    /// <summary>A place of a padded axis, which ends before its last two pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Inside(double place, double last) => place < 0 ? 0 : place < last ? place : last;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Between(ref float corner, int pitch, float toRight, float toBottom)
    {
        ref float below = ref Unsafe.Add(ref corner, pitch);
        float top = corner + toRight * (Unsafe.Add(ref corner, 1) - corner);
        float bottom = below + toRight * (Unsafe.Add(ref below, 1) - below);
        return top + toBottom * (bottom - top);
    }

    private static Span<float> Pad(ImageSpan image, float fill)
    {
        int height = image.Height, width = image.Width, pitch = width + Margin, rows = height + Margin;
        var padded = image.Scratch(image.Channels * rows * pitch);
        padded.Fill(fill);
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int y = 0; y < height; y++)
            {
                image.Row(channel, y).CopyTo(padded[((channel * rows + y + Before) * pitch + Before)..]);
            }
        }

        return padded;
    }
}
