using System.Globalization;
using System.Net;

namespace TinyNet.Analysis;

/// <summary>Pictures as elements of a page.</summary>
internal static class PagePicture
{
    // A picture is scaled by a whole factor to about this width.
    private const int Side = 88;

    /// <summary>Pictures in rows with their captions; numbers of all of them have one scale, from the smallest to the largest.</summary>
    public static string Grid(IReadOnlyList<Picture> pictures, ColorScale colors)
    {
        var numbers = pictures.Where(picture => picture.Channels == 1).SelectMany(picture => picture.Values).Where(float.IsFinite);
        var (low, high) = numbers.Any() ? (numbers.Min(), numbers.Max()) : (0, 0);
        return $"<div class=\"pictures\">{string.Concat(pictures.Select(picture => Element(picture, low, high, colors)))}</div>\n";
    }

    /// <summary>A heat map with one pixel for each cell, as the address of an image.</summary>
    public static string Address(int width, int height, Func<int, double> share, ColorScale colors)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = colors.At(share(i));
        }

        return Address(width, height, pixels);
    }

    private static string Element(Picture picture, double low, double high, ColorScale colors)
    {
        int factor = Math.Max(1, Side / Math.Max(1, Math.Max(picture.Width, picture.Height)));
        string caption = WebUtility.HtmlEncode(picture.Caption);
        string address = picture.Channels == 1
            ? Address(picture.Width, picture.Height, i => high > low ? (picture.Values[i] - low) / (high - low) : 0, colors)
            : Address(picture.Width, picture.Height, Interleaved(picture));
        string text = caption.Length > 0 ? $"<figcaption>{caption}</figcaption>" : "";
        string size = string.Create(
            CultureInfo.InvariantCulture, $"width=\"{picture.Width * factor}\" height=\"{picture.Height * factor}\"");
        return $"<figure><img alt=\"{caption}\" {size} src=\"{address}\">{text}</figure>";
    }

    private static string Address(int width, int height, ReadOnlySpan<byte> pixels) => width * height == 0
        ? "data:," : "data:image/png;base64," + Convert.ToBase64String(RgbPng.Encode(width, height, pixels));

    /// <summary>Red, green and blue of each pixel, from three planes of numbers from 0 to 1.</summary>
    private static byte[] Interleaved(Picture picture)
    {
        int plane = picture.Width * picture.Height;
        byte[] pixels = new byte[3 * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = picture.Values[(i % 3 * plane) + (i / 3)];
            pixels[i] = float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
        }

        return pixels;
    }
}
