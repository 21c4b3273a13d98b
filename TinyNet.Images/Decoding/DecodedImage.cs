using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace TinyNet.Images;

/// <summary>The pixels of a file, upright.</summary>
internal abstract class DecodedImage : IDisposable
{
    public abstract int Width { get; }

    public abstract int Height { get; }

    /// <summary>What stands for white: 255, or 65535 where the file has 16 bits.</summary>
    public abstract float White { get; }

    /// <summary>
    /// The pixels of a row from 0 to <see cref="White"/>: red, green, blue and 0, or the brightness and three times 0. What is transparent
    /// lies on white.
    /// </summary>
    /// <param name="y">Which row.</param>
    /// <param name="start">From which pixel.</param>
    /// <param name="isGray">The brightness alone.</param>
    /// <param name="pixels">Where they go, as many as this has.</param>
    public abstract void ReadRow(int y, int start, bool isGray, Span<Vector128<float>> pixels);

    public abstract void Dispose();
}

/// <summary>Pixels of red, green, blue and alpha.</summary>
/// <typeparam name="TPixel">A pixel: four numbers.</typeparam>
/// <typeparam name="TNumber">A number of it.</typeparam>
internal sealed class DecodedImage<TPixel, TNumber>(Image<TPixel> image) : DecodedImage
    where TPixel : unmanaged, IPixel<TPixel>
    where TNumber : unmanaged, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
{
    // Red, green and blue in the brightness, as JPEG has it (ITU-R BT.601), in thousandths.
    private const float RedPart = 299, GreenPart = 587, BluePart = 114, AllParts = 1000;

    public override int Width => image.Width;

    public override int Height => image.Height;

    public override float White => float.CreateTruncating(TNumber.MaxValue);

    public override void ReadRow(int y, int start, bool isGray, Span<Vector128<float>> pixels)
    {
        var numbers = MemoryMarshal.Cast<TPixel, TNumber>(image.DangerousGetPixelRowMemory(y).Span.Slice(start, pixels.Length));
        float white = White;
        for (int x = 0; x < pixels.Length; x++)
        {
            var pixel = numbers.Slice(4 * x, 4);
            float red = float.CreateTruncating(pixel[0]), green = float.CreateTruncating(pixel[1]);
            float blue = float.CreateTruncating(pixel[2]), alpha = float.CreateTruncating(pixel[3]);
            if (alpha < white)
            {
                (red, green, blue) = (OnWhite(red, alpha, white), OnWhite(green, alpha, white), OnWhite(blue, alpha, white));
            }

            pixels[x] = !isGray ? Vector128.Create(red, green, blue, 0)
                : Vector128.CreateScalar(red == green && green == blue ? red
                    : ((RedPart * red) + (GreenPart * green) + (BluePart * blue)) / AllParts);
        }
    }

    public override void Dispose() => image.Dispose();

    private static float OnWhite(float number, float alpha, float white) => white - ((white - number) * alpha / white);
}
